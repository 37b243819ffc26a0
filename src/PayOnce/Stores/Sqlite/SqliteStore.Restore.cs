using PayOnce.Audit;

namespace PayOnce.Stores.Sqlite;

public sealed partial class SqliteStore
{
    /// <inheritdoc/>
    public Task<RestoreMode?> FindRestoreModeAsync(string organisationId, CancellationToken cancel) => ReadAsync(db =>
        db.First("select since, reason, actor from restores where organisation_id = ?1", row => new RestoreMode(row.Time(0), row.Text(1), row.Text(2)), organisationId), cancel);

    /// <inheritdoc/>
    public Task<bool> BeginRestoreAsync(string organisationId, string reason, string actor, CancellationToken cancel) =>
        WriteAsync(db => BeginRestore(db, organisationId, reason, actor, Now()), cancel);

    /// <inheritdoc/>
    public Task<bool> EndRestoreAsync(string organisationId, string reason, string actor, CancellationToken cancel) => WriteAsync(db =>
    {
        if (db.Run("delete from restores where organisation_id = ?1", organisationId) == 0) return false;
        Tell(db, organisationId, Now(), AuditEntries.RestoreEnded(reason, actor));
        return true;
    }, cancel);

    /// <summary>False if it is on already: the first reason stands.</summary>
    private static bool BeginRestore(SqliteSession db, string organisationId, string reason, string actor, DateTimeOffset now)
    {
        if (db.Run("insert into restores (organisation_id, since, reason, actor) values (?1, ?2, ?3, ?4) on conflict (organisation_id) do nothing", organisationId, now, reason, actor) == 0) return false;
        Tell(db, organisationId, now, AuditEntries.RestoreBegun(reason, actor));
        return true;
    }
}
