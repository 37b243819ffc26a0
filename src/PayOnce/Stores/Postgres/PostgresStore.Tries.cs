using Npgsql;
using PayOnce.Audit;
using PayOnce.Guard;
using PayOnce.Runs;

namespace PayOnce.Stores.Postgres;

public sealed partial class PostgresStore
{
    public Task<bool> RecordTriesAsync(Lease lease, IReadOnlyList<TryEnd> ended, IReadOnlyList<TryStart> starting, CancellationToken cancel) =>
        StepAsync(lease.OrganisationId, async work =>
        {
            var settled = ended.SelectMany(each => each.Settled).ToList();
            var counts = new SettlementCounts(settled);
            // One round trip: a sender waits for this commit. The lease's lock comes first, so that each statement behind it sees
            // whether the epoch is still ours; counters and the trail's head last, since others wait for them.
            var asked = new List<(int Rows, NpgsqlBatchCommand Command)>(3);
            if (settled.Count > 0) asked.Add((settled.Count, TryStatements.Settle(lease, settled)));
            if (ended.Count > 0) asked.Add((ended.Count, TryStatements.Finish(lease, ended)));
            if (starting.Count > 0) asked.Add((starting.Count, TryStatements.Start(lease, starting)));
            NpgsqlBatchCommand[] last = settled.Count == 0
                ? []
                :
                [
                    .. TotalsStatements.Exported(lease.OrganisationId, lease.RunId, settled.FindAll(each => each.State == MarkState.Exported).ConvertAll(each => each.ClaimId)),
                    .. TotalsStatements.Acknowledge(lease.OrganisationId, settled.Select(each => (each.Acknowledgement, each.ClaimId, each.Generation))),
                    MarkStatements.Count(lease.OrganisationId, lease.RunId, counts.Exported, counts.InDoubt, counts.Released, counts.Rejected),
                    work.AskHead(),
                ];
            (AuditHead Head, DateTimeOffset At)? end = null;
            await using (var reader = await work.ReadAsync([LeaseStatements.Share(lease), .. asked.Select(each => each.Command), .. last]))
            {
                if (!await reader.ReadAsync(work.Cancel)) return false;
                foreach (var (rows, _) in asked)
                {
                    await reader.NextResultAsync(work.Cancel);
                    await reader.ReadAsync(work.Cancel);
                    if (reader.GetInt64(0) != rows) throw StoreAnswers.NotOurs(lease, rows, reader.GetInt64(0));
                }
                await reader.NextResultAsync(work.Cancel);
                if (settled.Count > 0) end = await work.ReadHeadAsync(reader);
            }
            if (end is { } trail) await work.AppendAsync(trail.Head, trail.At, [.. ended.Where(each => each.Settled.Count > 0).Select(each => AuditEntries.BatchSettled(lease, each))]);
            else if (starting.Count > 0) work.ProvedBy(() => TryStatements.Stands(lease, AttemptStep.Started, starting[0].Batch, starting[0].Try));
            else if (ended.Count > 0) work.ProvedBy(() => TryStatements.Stands(lease, AttemptStep.Finished, ended[0].Batch, ended[0].Try));
            return true;
        }, cancel);
}
