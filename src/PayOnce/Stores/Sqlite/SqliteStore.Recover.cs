using PayOnce.Audit;
using PayOnce.Runs;

namespace PayOnce.Stores.Sqlite;

public sealed partial class SqliteStore
{
    /// <inheritdoc/>
    public async Task<IReadOnlyList<RecoveredRun>?> RecoverAsync(Lease lease, CancellationToken cancel)
    {
        var recovered = new List<RecoveredRun>();
        while (true)
        {
            var (ours, run) = await WriteAsync(db => IsOurs(db, lease) ? (true, RecoverOldest(db, lease)) : (false, null), cancel);
            if (!ours) return null;
            if (run is null) return recovered;
            recovered.Add(run);
        }
    }

    private RecoveredRun? RecoverOldest(SqliteSession db, Lease lease)
    {
        var id = lease.OrganisationId;
        var run = db.First($"select {SqliteColumns.Run} from runs where organisation_id = ?1 and state = 'running' and epoch < ?2 order by run_id limit 1", SqliteColumns.ReadRun, id, lease.Epoch);
        if (run is null) return null;

        var now = Now();
        var file = ReadFile(db, id, run.RunId);
        var inDoubt = Doubt(db, id, run.RunId, run.Epoch, ReservedAndStarted, StoreAnswers.DiedSending(file), now);
        var released = Release(db, id, run.RunId, run.Epoch, ReservedAndNotStarted, "its process ended before anything left", now);
        FinishStartedAttempts(db, id, run.RunId, lease.Epoch, AttemptOutcome.Unknown, "its process ended before it was done", now);
        Count(db, id, run.RunId, inDoubt: inDoubt, released: released);

        var state = StoreAnswers.WasDone(run, file, released, inDoubt) ? RunState.Finished : RunState.Failed;
        db.Run("update runs set state = ?3, ended_at = ?4, failure = ?5 where organisation_id = ?1 and run_id = ?2",
            id, run.RunId, state.Text(), now, state == RunState.Failed ? Failure(inDoubt, released) : null);
        Tell(db, id, now, AuditEntries.RunRecovered(lease, run.RunId, state, released, inDoubt));
        return new RecoveredRun(RequireRun(db, id, run.RunId), released, inDoubt);
    }

    private static string Failure(long inDoubt, long released) => (inDoubt, released) switch
    {
        (0, 0) => "its process ended before it was done; nothing was left",
        (0, _) => FormattableString.Invariant($"its process ended before it was done; {released} claims never left and wait again"),
        (_, 0) => FormattableString.Invariant($"its process ended before it was done; {inDoubt} claims are in doubt"),
        _ => FormattableString.Invariant($"its process ended before it was done; {inDoubt} claims are in doubt, {released} never left and wait again"),
    };
}
