using PayOnce.Exporters;
using PayOnce.Exporters.Api;
using PayOnce.Guard;
using PayOnce.Stores;

namespace PayOnce.Runs;

/// <summary>
/// A run's claims leave over an API: reserved ahead, sent by a few senders that only send, recorded by one recorder. For each batch
/// the order is fixed: reserve committed, start committed, deadline looked at, bytes sent, outcome committed.
/// </summary>
/// <remarks>
/// It stops by itself where going on would only make doubt: when the accounting system cannot be reached for a whole retry budget,
/// or leaves <see cref="MostUnknownInRow"/> batches one after the other without an answer. What was not sent then waits again, as it does
/// when a person stops the run: what is on its way is waited for, what is only reserved does not leave.
/// </remarks>
internal sealed class ApiDelivery : IDelivery
{
    /// <summary>After so many batches in a row without a known outcome, the fault is not chance.</summary>
    public const int MostUnknownInRow = 3;

    private readonly RunScene scene;
    private readonly IAccountingApi api;
    private readonly Func<double> jitter;
    private readonly ProgressMeter meter;
    private readonly TryRecorder recorder;
    private readonly ReserveAhead ahead;
    // No more is sent; and, later, nothing is under way any more.
    private readonly CancellationTokenSource ended = new();
    private readonly CancellationTokenSource over = new();
    private readonly Lock access = new();
    private readonly List<Task<bool>> recording = [];
    private readonly List<ClaimRejection> refused = [];
    private int unknownInRow;
    private bool fencedOff;
    // A person wants no more; and that came in time for some claims.
    private bool stopping;
    private bool heldBack;

    /// <param name="jitter">From 0 to 1: how much of a retry's delay chance takes away.</param>
    public ApiDelivery(RunScene scene, IAccountingApi api, Func<double> jitter)
    {
        (this.scene, this.api, this.jitter) = (scene, api, jitter);
        meter = new ProgressMeter(scene);
        recorder = new TryRecorder(scene);
        ahead = new ReserveAhead(scene, api, meter);
    }

    public IReadOnlyList<ClaimRejection> Rejections => [.. ahead.Rejections, .. refused];

    public bool Stopped => ahead.Stopped || (stopping && heldBack);

    public string? Failure { get; private set; }

    private string Why => Failure ?? (stopping ? "The run was stopped before it was sent. Nothing left." : "The run ended before it was sent. Nothing left.");

    // A batch may be started ahead of its turn only where the accounting system refuses a repeated key: elsewhere each started
    // batch is one more in doubt after a crash.
    private int StartedPerSender => api.ProofClass == ProofClass.Unique ? 2 : 1;

    public void Dispose()
    {
        ended.Dispose();
        over.Dispose();
    }

    public async Task<bool> RunAsync(CancellationToken stop)
    {
        if (scene.Candidates == 0) return true;
        using var wish = stop.Register(Stop);
        await Task.WhenAll(EndingAtFault(KeepLeaseAsync()), DeliverAsync(stop));
        return !fencedOff && !ahead.FencedOff && recording.All(durable => durable.Result);
    }

    private async Task DeliverAsync(CancellationToken stop)
    {
        try
        {
            await Task.WhenAll([EndingAtFault(ahead.RunAsync(stop)), .. Enumerable.Range(0, api.Parallel).Select(_ => EndingAtFault(SendInTurnAsync()))]);
            if (!fencedOff && !ahead.FencedOff)
            {
                foreach (var batch in ahead.Leftover()) HoldBack(batch);
            }
            await EndingAtFault(Task.WhenAll(recording));
        }
        finally
        {
            over.Cancel();
        }
    }

    // While others wait for answers and delays, the lease must not run out.
    private async Task KeepLeaseAsync()
    {
        while (true)
        {
            try
            {
                await Task.Delay(LeaseWatch.Interval, scene.Clock, over.Token);
            }
            catch (OperationCanceledException)
            {
                return;
            }
            if (await scene.Watch.RenewIfDueAsync()) continue;
            FenceOff();
            return;
        }
    }

    private async Task SendInTurnAsync()
    {
        var started = new Queue<(ReadyBatch Batch, Task<bool> Durable)>();
        TryEnd? end = null;
        while (true)
        {
            // The end of one batch and the start of the next are one commit.
            while (started.Count < StartedPerSender && !ended.IsCancellationRequested && ahead.Ready.TryRead(out var next))
            {
                started.Enqueue((next, Record(end, new TryStart(next.Batch, 1))));
                end = null;
            }
            if (end is not null) _ = Record(end, null);
            end = null;
            if (started.Count == 0)
            {
                if (ended.IsCancellationRequested || !await ahead.Ready.WaitToReadAsync()) return;
                continue;
            }
            var (batch, durable) = started.Dequeue();
            if (!await durable) FenceOff();
            if (fencedOff) return;
            if (ended.IsCancellationRequested)
            {
                HoldBack(batch);
                continue;
            }
            if (await SendAsync(batch) is not { } last) return;
            end = last;
            Take(last);
        }
    }

    private Task<bool> Record(TryEnd? end, TryStart? start)
    {
        var durable = recorder.RecordAsync(end, start);
        lock (access) recording.Add(durable);
        return durable;
    }

    /// <summary>Sends a started batch until its outcome is known or no more may be tried. Null if we are fenced off: what was sent is for the next epoch to find out.</summary>
    private async Task<TryEnd?> SendAsync(ReadyBatch batch)
    {
        var number = 0;
        SendAnswer? before = null;
        var (doubt, begun) = (false, scene.Clock.GetTimestamp());
        try
        {
            var outcome = await new Retry(api.Retry, scene.Clock, jitter).RunAsync(api, TryAsync, ended.Token);
            return fencedOff ? null : batch.Last(number, outcome.Answer);
        }
        catch (OperationCanceledException) when (number == 0)
        {
            heldBack = true;
            return batch.NotSent(1, Why);
        }

        async Task<SendAnswer> TryAsync(int next, CancellationToken waits)
        {
            if (before is not null && !await recorder.RecordAsync(batch.Interim(number, before), new TryStart(batch.Batch, next))) FenceOff();
            // N1: the last look before bytes leave.
            if (!fencedOff && !await scene.Watch.HoldAsync()) FenceOff();
            number = next;
            if (fencedOff) return new SendAnswer.Unknown { Error = "Another process took over." };
            // A process that stood still since the verdict may have missed the time in which a repeated key is refused (found by the simulator).
            if (doubt && !SendRetry.MayRepeat(scene.Clock.GetElapsedTime(begun), api))
                return before = new SendAnswer.Unknown { Error = $"{before?.Error ?? "No proof of an earlier try."} The time in which it could be repeated was over before it left again." };
            // What is under way is not given up for a wish to end: its answer is worth more.
            before = await scene.Steps.Around(StepNames.Send, () => api.SendAsync(batch.Try(scene.Lease, next), CancellationToken.None));
            doubt |= before is SendAnswer.Unknown;
            return before;
        }
    }

    // What a batch's end says about the run.
    private void Take(TryEnd end)
    {
        lock (access)
        {
            refused.AddRange(end.Settled.Where(claim => claim.State == MarkState.Rejected).Select(claim => new ClaimRejection(claim.ClaimId, new Problem(claim.Reason!))));
            unknownInRow = end.Settled.All(claim => claim.State == MarkState.InDoubt) ? unknownInRow + 1 : 0;
            if (end.Settled.All(claim => claim.State == MarkState.Released)) EndUntaken($"The accounting system did not take what was sent: {end.Error}");
            else if (unknownInRow >= MostUnknownInRow) EndEarly($"{unknownInRow} batches in a row had no answer that proves anything; the last: {end.Error}");
        }
        meter.Add(end.Settled.Count);
    }

    // A batch that waited to be tried again when the run was stopped is the stop's, not the accounting system's.
    private void EndUntaken(string why)
    {
        heldBack = true;
        if (!stopping) EndEarly(why);
    }

    private void HoldBack(ReadyBatch batch)
    {
        heldBack = true;
        _ = Record(batch.NotSent(1, Why), null);
    }

    private void Stop()
    {
        stopping = true;
        End();
    }

    private void EndEarly(string why)
    {
        Failure ??= why;
        End();
    }

    private void FenceOff()
    {
        fencedOff = true;
        End();
    }

    // No more is sent; what waits for a retry is not waited for.
    private void End()
    {
        ahead.End();
        ended.Cancel();
    }

    private async Task EndingAtFault(Task work)
    {
        try
        {
            await work;
        }
        catch
        {
            // The others must not go on for minutes before the fault is told.
            End();
            throw;
        }
    }
}
