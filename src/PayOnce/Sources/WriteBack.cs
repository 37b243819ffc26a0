using PayOnce.Guard;
using PayOnce.Runs;
using PayOnce.Sources.Postgres;
using PayOnce.Stores;

namespace PayOnce.Sources;

/// <summary>
/// Tells the organisation's own database what became of a run's claims, from the marks as they are: nothing is told before its mark
/// says so, and the same again changes nothing there. What is told is driven by the version of the run's row, so that a process that
/// dies half way leaves nothing untold.
/// </summary>
internal sealed class WriteBack(IStore store, SourceDatabase database)
{
    private const int Size = 1_000;

    public async Task TellAsync(string organisationId, long runId, CancellationToken cancel)
    {
        var file = await store.FindFileAsync(organisationId, runId, cancel);
        string? after = null;
        while (await store.ListRunMarksAsync(organisationId, runId, after, Size, cancel) is { Count: > 0 } marks)
        {
            // What is in doubt or under way has no new fate yet, and what they were told of it before may still be so.
            var rows = marks.Where(mark => mark.State is MarkState.Exported or MarkState.Released or MarkState.Rejected).Select(mark => Row(mark, runId, file)).ToList();
            if (rows.Count > 0) await database.WriteBackAsync(rows, cancel);
            after = marks[^1].ClaimId;
        }
    }

    private static WrittenRow Row(Mark mark, long runId, RunFile? file) => mark.State == MarkState.Exported
        ? new(mark.ClaimId, mark.Evidence switch { Evidence.Booked => "booked", Evidence.Received => "received", _ => "exported" }, runId, mark.ChangedAt, mark.Acknowledgement ?? file?.ImportedAs ?? file?.Name)
        : new(mark.ClaimId, mark.State == MarkState.Rejected ? "rejected" : "taken_back", runId, null, null);
}
