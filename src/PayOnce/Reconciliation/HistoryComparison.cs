using PayOnce.Exporters.Api;
using PayOnce.Guard;
using PayOnce.Runs;
using PayOnce.Stores;

namespace PayOnce.Reconciliation;

/// <summary>
/// Compares exported claims with the accounting system: raises evidence where more is known by now, and says what differs. It
/// changes no state: a difference is for a person.
/// </summary>
internal sealed class HistoryComparison(RunScene scene, IAccountingApi api)
{
    private readonly List<Difference> differences = [];
    private long compared;
    private int raised;

    /// <summary>Null if we are fenced off.</summary>
    /// <param name="all">The whole history and what is unknown here; otherwise only claims whose evidence can still rise.</param>
    public async Task<ReconcileReport?> RunAsync(bool all, CancellationToken stop)
    {
        if (!api.ProofClass.CanReadBack()) return new ReconcileReport();
        string? failure = null;
        for (ExportedCursor? after = null; !stop.IsCancellationRequested;)
        {
            var page = await scene.Store.ListExportedClaimsAsync(scene.Lease.OrganisationId, belowBooked: !all, after, Reconciler.Page, CancellationToken.None);
            if (page.Count == 0) break;
            after = new ExportedCursor(page[^1].ClaimId, page[^1].Generation);
            // What was only adopted has no content here to compare.
            List<ExportedClaim> known = [.. page.Where(claim => claim.Claim is not null)];
            if (known.Count == 0) continue;
            if (!await scene.Watch.RenewIfDueAsync()) return null;
            var answer = await scene.Steps.Around(StepNames.ReadBack, () => api.ReadBackAsync([.. known.Select(Expected)], CancellationToken.None));
            if (answer is ReadBackAnswer.Failed { Why: var why })
            {
                failure = why;
                break;
            }
            if (!await TakeAsync(known, ((ReadBackAnswer.Answered)answer).Findings)) return null;
        }
        if (all && failure is null && !stop.IsCancellationRequested) failure = await FindUnknownAsync(stop);
        return new ReconcileReport { Raised = raised, Compared = all ? compared : null, Differences = all ? differences : [], Failure = failure };
    }

    /// <summary>False if we are fenced off.</summary>
    private async Task<bool> TakeAsync(List<ExportedClaim> claims, IReadOnlyList<ReadBackFinding> findings)
    {
        var rises = new List<EvidenceRise>();
        foreach (var (claim, finding) in claims.Zip(findings))
        {
            compared++;
            switch (finding)
            {
                case ReadBackFinding.Present present when present.Evidence > (claim.Evidence ?? Evidence.InFile):
                    rises.Add(new EvidenceRise(claim.ClaimId, claim.Generation, present.Evidence, present.Acknowledgement));
                    break;
                case ReadBackFinding.Absent:
                    Add(new Difference.MissingThere(claim.ExportKey, claim.ClaimId, claim.Generation, claim.RunId));
                    break;
                case ReadBackFinding.Conflict conflict:
                    Add(new Difference.NotAlike(claim.ExportKey, claim.ClaimId, claim.Generation, conflict.What));
                    break;
            }
        }
        if (rises.Count == 0) return true;
        if (await scene.Steps.Around(StepNames.Settle, () => scene.Store.RaiseEvidenceAsync(scene.Lease, rises, CancellationToken.None)) is not { } risen) return false;
        raised += risen;
        return true;
    }

    // Keys of our form that the accounting system holds and no mark of ours explains. Why it could not be looked at, or null.
    private async Task<string?> FindUnknownAsync(CancellationToken stop)
    {
        for (string? after = null; !stop.IsCancellationRequested;)
        {
            var answer = await scene.Steps.Around(StepNames.ReadBack, () => api.ListKeysAsync(after, CancellationToken.None));
            if (answer is KeyPageAnswer.Failed { Why: var why }) return why;
            var page = (KeyPageAnswer.Page)answer;
            var ours = page.Keys.Where(key => ExportKey.IsWellFormed(key.ExportKey)).ToList();
            var known = (await scene.Store.FindKeysAsync(scene.Lease.OrganisationId, [.. ours.Select(key => key.ExportKey).Distinct(StringComparer.Ordinal)], CancellationToken.None))
                .ToDictionary(key => key.ExportKey, StringComparer.Ordinal);
            foreach (var key in ours)
            {
                var match = known.GetValueOrDefault(key.ExportKey);
                if (match?.State is not (MarkState.Exported or MarkState.InDoubt or MarkState.Reserved)) Add(new Difference.UnknownHere(key.ExportKey, match?.ClaimId, key.Reference));
            }
            if (page.Next is null) return null;
            after = page.Next;
            if (!await scene.Watch.RenewIfDueAsync()) return "Another process took over.";
        }
        return null;
    }

    private void Add(Difference difference)
    {
        if (differences.Count < ReconcileReport.MostNamed) differences.Add(difference);
    }

    private static ExpectedClaim Expected(ExportedClaim claim) =>
        new(claim.ClaimId, claim.ExportKey, claim.Claim!.ClaimantId, claim.Claim.Currency, claim.Claim.TotalMinor, claim.Claim.ApprovedAt, SentSince: null);
}
