using System.Globalization;
using PayOnce.Runs;
using PayOnce.Stores;

namespace PayOnce.Audit;

/// <summary>What a verification of an organisation's trail found.</summary>
/// <param name="Events">Events read.</param>
/// <param name="Manifests">File manifests whose head was looked for in the chain.</param>
/// <param name="Problems">In the trail's order, at most <see cref="AuditVerification.MaximumProblems"/>; empty if the trail is whole.</param>
public sealed record AuditReport(long Events, long Manifests, AuditHead Head, IReadOnlyList<string> Problems);

/// <summary>
/// Recomputes the chain: finds any event that was changed, removed, inserted or put in another place, and a trail that was cut
/// off or rewritten after a file had carried its head out of the house.
/// </summary>
public static class AuditVerification
{
    public const int MaximumProblems = 20;

    public static async Task<AuditReport> VerifyAsync(IStore store, string organisationId, CancellationToken cancel)
    {
        var problems = new List<string>();
        var manifests = await ReadManifestHeadsAsync(store, organisationId, cancel);
        var unseen = new Dictionary<long, List<(long RunId, string Hash)>>();
        foreach (var (runId, carried) in manifests)
        {
            if (!unseen.TryGetValue(carried.Sequence, out var there)) unseen[carried.Sequence] = there = [];
            there.Add((runId, carried.Hash));
        }

        var head = AuditHead.Start;
        long events = 0;
        await foreach (var happened in store.ReadAuditAsync(organisationId, 0, cancel))
        {
            events++;
            if (happened.Sequence != head.Sequence + 1) Found(happened.Sequence <= head.Sequence
                ? $"Event {Number(happened.Sequence)} stands behind event {Number(head.Sequence)}: it was inserted or moved."
                : $"Between event {Number(head.Sequence)} and event {Number(happened.Sequence)} something was removed.");
            if (happened.PreviousHash != head.Hash) Found($"Event {Number(happened.Sequence)} does not follow from event {Number(head.Sequence)}: one of them was changed, removed or inserted.");
            if (happened.RecomputedHash() != happened.Hash) Found($"Event {Number(happened.Sequence)} was changed after it was written.");
            if (unseen.Remove(happened.Sequence, out var carriers))
                foreach (var (runId, hash) in carriers.Where(carrier => carrier.Hash != happened.Hash))
                    Found($"The manifest of run {Number(runId)}'s file carries another hash for event {Number(happened.Sequence)}: the trail was rewritten after the file left.");
            head = new AuditHead(happened.Sequence, happened.Hash);
        }
        foreach (var (sequence, carriers) in unseen.Where(left => left.Key > 0).OrderBy(left => left.Key))
            Found($"The manifest of run {Number(carriers[0].RunId)}'s file names event {Number(sequence)}, which is no longer in the trail.");
        var kept = await store.GetAuditHeadAsync(organisationId, cancel);
        if (kept != head) Found($"The trail ends with event {Number(head.Sequence)}, but event {Number(kept.Sequence)} was the last one written: its end was cut off or changed.");
        return new AuditReport(events, manifests.Count, head, problems);

        void Found(string problem)
        {
            if (problems.Count < MaximumProblems) problems.Add(problem);
        }
    }

    private static async Task<List<(long RunId, AuditHead Head)>> ReadManifestHeadsAsync(IStore store, string organisationId, CancellationToken cancel)
    {
        const int page = 500;
        var heads = new List<(long, AuditHead)>();
        long? before = null;
        while (true)
        {
            var runs = await store.ListRunsAsync(organisationId, before, page, cancel);
            foreach (var run in runs)
                if (await store.FindFileAsync(organisationId, run.RunId, cancel) is { } file)
                    heads.Add((run.RunId, Manifest.ReadHead(file.Manifest)));
            if (runs.Count < page) return heads;
            before = runs[^1].RunId;
        }
    }

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);
}
