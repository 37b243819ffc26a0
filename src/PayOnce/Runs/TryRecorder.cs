using PayOnce.Stores;

namespace PayOnce.Runs;

/// <summary>
/// The one recorder of a run over an API: what its senders have to say goes into one commit at a time, together with whatever the
/// others said meanwhile. So a sender never waits for a commit of its own, and starting a batch costs nothing beside the commit
/// that settles an earlier one.
/// </summary>
internal sealed class TryRecorder(RunScene scene)
{
    private readonly Lock access = new();
    private List<Said> queue = [];
    private bool recording;

    /// <summary>Keeps the end of a try, the start of another, or both. Durable when it returns; false if we are fenced off.</summary>
    public async Task<bool> RecordAsync(TryEnd? ended, TryStart? starting)
    {
        var said = new Said(ended, starting, new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously));
        bool begins;
        lock (access)
        {
            queue.Add(said);
            begins = !recording;
            recording = true;
        }
        if (begins) _ = RecordQueueAsync();
        // Awaited here and not handed out: WhenAll over a task whose continuations run asynchronously would leave the one logical thread.
        return await said.Durable.Task;
    }

    // Its faults reach those who wait for what could not be recorded.
    private async Task RecordQueueAsync()
    {
        while (Next() is { } together)
        {
            try
            {
                List<TryEnd> ended = [.. together.Select(said => said.Ended).OfType<TryEnd>()];
                List<TryStart> starting = [.. together.Select(said => said.Starting).OfType<TryStart>()];
                var ours = await scene.Steps.Around(StepNames.Record, () => scene.Store.RecordTriesAsync(scene.Lease, ended, starting, CancellationToken.None));
                foreach (var end in ended) Telemetry.TryEnded(scene.Lease.OrganisationId, end.Outcome, end.HttpStatus);
                foreach (var said in together) said.Durable.SetResult(ours);
            }
            catch (Exception fault)
            {
                foreach (var said in together) said.Durable.TrySetException(fault);
            }
        }
    }

    private List<Said>? Next()
    {
        lock (access)
        {
            recording = queue.Count > 0;
            if (!recording) return null;
            var together = queue;
            queue = [];
            return together;
        }
    }

    private sealed record Said(TryEnd? Ended, TryStart? Starting, TaskCompletionSource<bool> Durable);
}
