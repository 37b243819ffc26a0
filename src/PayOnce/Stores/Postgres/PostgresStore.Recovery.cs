using PayOnce.Audit;
using PayOnce.Runs;

namespace PayOnce.Stores.Postgres;

public sealed partial class PostgresStore
{
    private const string Died = "its process ended before it was done";

    public async Task<IReadOnlyList<RecoveredRun>?> RecoverAsync(Lease lease, CancellationToken cancel)
    {
        var left = await StepAsync<List<long>?>(lease.OrganisationId, async work => !await work.HoldsAsync(lease)
            ? null
            : await work.ListAsync(reader => reader.GetInt64(0), Sql.Of(
                "select run_id from payonce.runs where organisation_id = $1 and state = 'running' and epoch < $2 order by run_id", lease.OrganisationId, lease.Epoch)), cancel);
        if (left is null) return null;
        var recovered = new List<RecoveredRun>(left.Count);
        foreach (var runId in left)
        {
            var run = await StepAsync(lease.OrganisationId, work => RecoverAsync(work, lease, runId), cancel);
            if (run is null) return null;
            recovered.Add(run);
        }
        return recovered;
    }

    /// <summary>Null if we are fenced off.</summary>
    private static async Task<RecoveredRun?> RecoverAsync(PostgresTransaction work, Lease lease, long runId)
    {
        if (!await work.HoldsAsync(lease)) return null;
        var org = lease.OrganisationId;
        var file = (await work.ListAsync(Columns.ReadFile, FileStatements.Find(org, runId))).SingleOrDefault();
        var before = (await FindRunAsync(work, runId))!;
        var inDoubt = (await work.ExecuteAsync(MarkStatements.Doubt(org, runId, null, StoreAnswers.DiedSending(file))))[0];
        var released = await work.CountOf(MarkStatements.Release(org, runId, "its process ended before anything left", "state = 'reserved'"));
        var state = StoreAnswers.WasDone(before, file, released, inDoubt) ? RunState.Finished : RunState.Failed;
        await work.AppendAsync(
            AuditEntries.RunRecovered(lease, runId, state, released, inDoubt),
            FileStatements.EndStartedAttempts(org, runId, lease.Epoch, AttemptOutcome.Unknown, Died),
            MarkStatements.Count(org, runId, inDoubt: inDoubt, released: released),
            Sql.Of(
                "update payonce.runs set state = $3, failure = $4, ended_at = clock_timestamp() where organisation_id = $1 and run_id = $2 and state = 'running'",
                org, runId, state.Text(), state == RunState.Finished ? null : Failure(released, inDoubt)));
        return new RecoveredRun((await FindRunAsync(work, runId))!, released, inDoubt);
    }

    private static string Failure(long released, long inDoubt) => (released, inDoubt) switch
    {
        (0, 0) => Died + "; nothing was left",
        (_, 0) => FormattableString.Invariant($"{Died}; {released} claims never left and wait again"),
        (0, _) => FormattableString.Invariant($"{Died}; {inDoubt} claims are in doubt"),
        _ => FormattableString.Invariant($"{Died}; {inDoubt} claims are in doubt, {released} never left and wait again"),
    };
}
