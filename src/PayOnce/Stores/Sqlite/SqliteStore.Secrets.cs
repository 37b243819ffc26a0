using PayOnce.Audit;

namespace PayOnce.Stores.Sqlite;

public sealed partial class SqliteStore
{
    /// <inheritdoc/>
    public Task SetSecretAsync(string organisationId, string name, ReadOnlyMemory<byte> protectedValue, string actor, CancellationToken cancel) => WriteAsync(db =>
    {
        var now = Now();
        db.Run("""
            insert into secrets (organisation_id, name, value, set_at, set_by) values (?1, ?2, ?3, ?4, ?5)
            on conflict (organisation_id, name) do update set value = excluded.value, set_at = excluded.set_at, set_by = excluded.set_by
            """, organisationId, name, protectedValue, now, actor);
        Tell(db, organisationId, now, AuditEntries.SecretSet(name, actor));
        return true;
    }, cancel);

    /// <inheritdoc/>
    public Task<ReadOnlyMemory<byte>?> FindSecretAsync(string organisationId, string name, CancellationToken cancel) => ReadAsync<ReadOnlyMemory<byte>?>(db =>
        db.First("select value from secrets where organisation_id = ?1 and name = ?2", row => row.Bytes(0), organisationId, name) is { } value ? value : default(ReadOnlyMemory<byte>?), cancel);

    /// <inheritdoc/>
    public Task<IReadOnlyList<SecretInfo>> ListSecretsAsync(string organisationId, CancellationToken cancel) => ReadAsync<IReadOnlyList<SecretInfo>>(db =>
        db.All("select name, set_at, set_by from secrets where organisation_id = ?1 order by name", row => new SecretInfo(row.Text(0), row.Time(1), row.Text(2)), organisationId), cancel);
}
