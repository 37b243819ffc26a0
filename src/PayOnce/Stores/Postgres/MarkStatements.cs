using Npgsql;

namespace PayOnce.Stores.Postgres;

/// <summary>How many marks at once change their state. Each is a compare-and-set: run, state and mostly epoch stand in the statement that writes.</summary>
internal static class MarkStatements
{
    /// <summary>reserved → exported, with the file as evidence. The number of rows changed is the number of claims exported.</summary>
    public static NpgsqlBatchCommand Export(string organisationId, long runId, long epoch) => Sql.Of(
        """
        update payonce.marks set state = 'exported', evidence = 'in_file', changed_at = now()
        where organisation_id = $1 and run_id = $2 and state = 'reserved' and epoch = $3
        """, organisationId, runId, epoch);

    /// <summary>reserved → in_doubt: all of the run's that its epoch reserved, or without an epoch only those whose batch was started.</summary>
    public static NpgsqlBatchCommand Doubt(string organisationId, long runId, long? epoch, string reason) => Sql.Of(
        """
        update payonce.marks set state = 'in_doubt', in_doubt_since = now(), changed_at = now(), reason = $4
        where organisation_id = $1 and run_id = $2 and state = 'reserved' and (epoch = $3::bigint or ($3::bigint is null and batch = any (array(
            select a.batch from payonce.attempts a where a.organisation_id = $1 and a.run_id = $2 and a.step = 'started' order by a.batch))))
        """, organisationId, runId, epoch, reason);

    /// <summary>
    /// Marks of a run → released, and their claims wait again, unless a newer generation of the claim has its own fate or the
    /// claim was never taken in. One row: how many.
    /// </summary>
    /// <param name="which">A condition on the marks, as SQL of ours.</param>
    /// <param name="values">Its values, from $4 on.</param>
    public static NpgsqlBatchCommand Release(string organisationId, long runId, string reason, string which, params ReadOnlySpan<object?> values) => Sql.Of(
        $"""
        with freed as (
            update payonce.marks set state = 'released', reason = $3, changed_at = now(), evidence = null, acknowledgement = null, in_doubt_since = null, absent_since = null
            where organisation_id = $1 and run_id = $2 and {which}
            returning claim_id, generation
        ), {PendingStatements.Return("select claim_id, generation, false as rejected from freed")}
        select count(*) from freed
        """, [organisationId, runId, reason, .. values]);

    /// <summary>Adds to a run's counters.</summary>
    public static NpgsqlBatchCommand Count(string organisationId, long runId, long exported = 0, long inDoubt = 0, long released = 0, long rejected = 0) => Sql.Of(
        """
        update payonce.runs set exported = exported + $3, in_doubt = in_doubt + $4, released = released + $5, rejected = rejected + $6
        where organisation_id = $1 and run_id = $2
        """, organisationId, runId, exported, inDoubt, released, rejected);

    /// <summary>What failed was only that nobody knew what became of its claims; now everybody does. Stands behind <see cref="Count"/>.</summary>
    public static NpgsqlBatchCommand TakeFailureBack(string organisationId, long runId) => Sql.Of(
        """
        update payonce.runs set state = 'finished', failure = null
        where organisation_id = $1 and run_id = $2 and state = 'failed' and in_doubt = 0 and not exists (
            select 1 from payonce.marks m where m.organisation_id = $1 and m.run_id = $2 and m.state in ('reserved', 'in_doubt'))
        """, organisationId, runId);

    public static async Task<long> CountOf(this PostgresTransaction work, NpgsqlBatchCommand command) => (await work.ListAsync(reader => reader.GetInt64(0), command))[0];
}
