using Npgsql;
using PayOnce.Runs;
using PayOnce.Scheduling;

namespace PayOnce.Stores.Postgres;

/// <summary>
/// How the organisation's lease row is locked. Steps of a run share it FOR KEY SHARE; a take-over, an adoption and an update of
/// claims at intake need it FOR UPDATE and so wait for steps under way, and steps for them. A renewal writes columns that are no
/// key, which FOR KEY SHARE lets pass (FOR SHARE would not: with two batches always under way it could wait for ever).
/// </summary>
internal static class LeaseStatements
{
    /// <summary>Returns a row only if epoch and run are still ours. Must stand in a statement before those that read claims: what waited for the lock must see what it waited for.</summary>
    public static NpgsqlBatchCommand Share(Lease lease) => Sql.Of(
        "select 1 from payonce.run_leases where organisation_id = $1 and epoch = $2 and run_id = $3 for key share",
        lease.OrganisationId, lease.Epoch, lease.RunId);

    public static NpgsqlBatchCommand Share(string organisationId) => Sql.Of(
        "select 1 from payonce.run_leases where organisation_id = $1 for key share", organisationId);

    public static NpgsqlBatchCommand Lock(string organisationId) => Sql.Of(
        "select 1 from payonce.run_leases where organisation_id = $1 for update", organisationId);

    /// <summary>With the pause, if there is one: the installation's before the organisation's own, whose name comes after it.</summary>
    public static NpgsqlBatchCommand Look(string organisationId) => Sql.Of(
        """
        select l.epoch, l.holder, l.run_id, l.last_run_id, l.next_voucher, l.expires_at, clock_timestamp(), p.since, p.reason, p.actor, p.organisation_id = '*'
        from payonce.run_leases l
        left join lateral (select * from payonce.pauses where organisation_id in ('*', $1) and ended_at is null order by organisation_id limit 1) p on true
        where l.organisation_id = $1
        """, organisationId);
}

/// <summary>The organisation's lease row at a moment.</summary>
internal sealed record LeaseRow(long Epoch, string? Holder, long? RunId, long LastRunId, long NextVoucher, DateTimeOffset? ExpiresAt, DateTimeOffset Now, Pause? Pause)
{
    public static LeaseRow Read(NpgsqlDataReader reader) => new(
        reader.GetInt64(0), reader.Text(1), reader.IsDBNull(2) ? null : reader.GetInt64(2), reader.GetInt64(3), reader.GetInt64(4), reader.TimeOrNull(5), reader.Time(6),
        reader.TimeOrNull(7) is { } since ? new Pause(since, reader.GetString(8), reader.GetString(9), reader.GetBoolean(10)) : null);

    /// <summary>True while somebody's time has not run out and nothing says for certain that they are gone.</summary>
    public bool IsHeld(Func<string, bool> isGone) => Holder is not null && ExpiresAt > Now && !isGone(Holder);
}
