using PayOnce.Audit;

namespace PayOnce.Stores.Postgres;

public sealed partial class PostgresStore
{
    public Task<RestoreMode?> FindRestoreModeAsync(string organisationId, CancellationToken cancel) =>
        AskFirstAsync(organisationId, reader => new RestoreMode(reader.Time(0), reader.GetString(1), reader.GetString(2)), cancel, Sql.Of(
            "select since, reason, actor from payonce.restores where organisation_id = $1", organisationId));

    public Task<bool> BeginRestoreAsync(string organisationId, string reason, string actor, CancellationToken cancel) =>
        StepAsync(organisationId, async work =>
        {
            var (head, at) = await work.LockHeadAsync();
            if (!await RestoreStatements.BeginAsync(work, reason, actor, at)) return false;
            await work.AppendAsync(head, at, AuditEntries.RestoreBegun(reason, actor));
            return true;
        }, cancel);

    public Task<bool> EndRestoreAsync(string organisationId, string reason, string actor, CancellationToken cancel) =>
        StepAsync(organisationId, async work =>
        {
            var (head, at) = await work.LockHeadAsync();
            if (!await work.AnyAsync(Sql.Of("delete from payonce.restores where organisation_id = $1 returning 1", organisationId))) return false;
            await work.AppendAsync(head, at, AuditEntries.RestoreEnded(reason, actor));
            return true;
        }, cancel);
}

/// <summary>The statements about restore mode.</summary>
internal static class RestoreStatements
{
    /// <summary>False if it is on already: the first reason stands.</summary>
    public static Task<bool> BeginAsync(PostgresTransaction work, string reason, string actor, DateTimeOffset at) => work.AnyAsync(Sql.Of(
        "insert into payonce.restores (organisation_id, since, reason, actor) values ($1, $2, $3, $4) on conflict (organisation_id) do nothing returning 1",
        work.OrganisationId, at, reason, actor));
}
