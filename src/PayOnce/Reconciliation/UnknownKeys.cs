using PayOnce.Exporters.Api;
using PayOnce.Guard;
using PayOnce.Runs;

namespace PayOnce.Reconciliation;

/// <summary>Keys of our form that the accounting system holds and no mark of ours explains.</summary>
internal sealed class UnknownKeys(RunScene scene, IAccountingApi api)
{
    /// <summary>What was found until a person stopped it, and why asking ended early; at most <see cref="ReconcileReport.MostNamed"/>.</summary>
    public async Task<(IReadOnlyList<Difference.UnknownHere> Unknown, string? Failure)> FindAsync(CancellationToken stop)
    {
        var unknown = new List<Difference.UnknownHere>();
        for (string? after = null; !stop.IsCancellationRequested;)
        {
            var answer = await scene.Steps.Around(StepNames.ReadBack, () => api.ListKeysAsync(after, CancellationToken.None));
            if (answer is KeyPageAnswer.Failed { Why: var why }) return (unknown, why);
            var page = (KeyPageAnswer.Page)answer;
            var ours = page.Keys.Where(key => ExportKey.IsWellFormed(key.ExportKey)).ToList();
            var known = (await scene.Store.FindKeysAsync(scene.Lease.OrganisationId, [.. ours.Select(key => key.ExportKey).Distinct(StringComparer.Ordinal)], CancellationToken.None))
                .ToDictionary(key => key.ExportKey, StringComparer.Ordinal);
            unknown.AddRange(ours
                .Where(key => known.GetValueOrDefault(key.ExportKey)?.State is not (MarkState.Exported or MarkState.InDoubt or MarkState.Reserved))
                .Select(key => new Difference.UnknownHere(key.ExportKey, known.GetValueOrDefault(key.ExportKey)?.ClaimId, key.Reference))
                .Take(ReconcileReport.MostNamed - unknown.Count));
            if (page.Next is null) break;
            after = page.Next;
            if (!await scene.Watch.RenewIfDueAsync()) return (unknown, "Another process took over.");
        }
        return (unknown, null);
    }
}
