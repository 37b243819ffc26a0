using System.Globalization;
using PayOnce.Exporters.Api;
using PayOnce.Runs;
using PayOnce.Stores;

namespace PayOnce.Reconciliation;

/// <summary>
/// Restore mode: a restored database has forgotten marks, so before anything is sent the accounting system is asked about every
/// claim that could leave, and what is found there is marked exported. The register is rebuilt from the accounting system.
/// </summary>
/// <param name="api">Null where the integration exports by file.</param>
internal sealed class Restoration(RunScene scene, IAccountingApi? api)
{
    /// <summary>Ends restore mode, or says why nothing may be sent yet. Null if we are fenced off.</summary>
    public async Task<RestoreAnswer?> RunAsync(RestoreMode mode)
    {
        if (api is null || !api.ProofClass.CanReadBack())
            return Open("this integration cannot be asked what it holds. Register what was exported since the backup with `payonce claims adopt`, then end restore mode with `payonce restore end`.");
        var (found, asked) = (0, 0L);
        var conflicts = new List<string>();
        for (string? after = null; ;)
        {
            var page = await scene.Store.ListRestoreCandidatesAsync(scene.Lease.OrganisationId, after, Reconciler.Page, CancellationToken.None);
            // A request that left before the backup was put back may still arrive: absence counts only after the quiet time.
            if (page.Now < mode.Since + api.QuietTime) return Open(string.Create(CultureInfo.InvariantCulture, $"absence at the accounting system proves nothing before {mode.Since + api.QuietTime:HH:mm:ss} UTC. Run again then."));
            if (page.Candidates.Count == 0) break;
            after = page.Candidates[^1].ClaimId;
            asked += page.Candidates.Count;
            if (!await scene.Watch.RenewIfDueAsync()) return null;
            var answer = await scene.Steps.Around(StepNames.ReadBack, () => api.ReadBackAsync([.. page.Candidates.Select(Expected)], CancellationToken.None));
            if (answer is ReadBackAnswer.Failed { Why: var why }) return Open($"the accounting system could not be asked: {why}");
            var pairs = page.Candidates.Zip(((ReadBackAnswer.Answered)answer).Findings).ToList();
            conflicts.AddRange(pairs.Select(pair => pair.Second).OfType<ReadBackFinding.Conflict>().Select(conflict => $"claim {conflict.ClaimId}: {conflict.What}"));
            List<FoundClaim> there = [.. pairs.Select(pair => Found(pair.First, pair.Second)).OfType<FoundClaim>()];
            if (there.Count == 0) continue;
            if (await scene.Steps.Around(StepNames.AdoptFound, () => scene.Store.AdoptFoundAsync(scene.Lease, there, CancellationToken.None)) is not { } adopted) return null;
            found += adopted;
        }
        if (conflicts.Count > 0)
            return Open($"claims stand at the accounting system, but not as they should ({string.Join("; ", conflicts.Take(5))}). Register them with `payonce claims adopt`, then run again.");
        await scene.Store.EndRestoreAsync(
            scene.Lease.OrganisationId, FormattableString.Invariant($"every claim's key was read back: {asked} asked for, {found} found and marked exported"), scene.Lease.Actor, CancellationToken.None);
        return new RestoreAnswer.Closed(found);

        RestoreAnswer.Open Open(string why) => new($"Nothing is sent in restore mode ({mode.Reason}): {why}");
    }

    private static FoundClaim? Found(RestoreCandidate claim, ReadBackFinding finding) =>
        finding is ReadBackFinding.Present present ? new FoundClaim(claim.ClaimId, claim.Generation, claim.ExportKey, present.Evidence, present.Acknowledgement) : null;

    private static ExpectedClaim Expected(RestoreCandidate claim) =>
        new(claim.ClaimId, claim.ExportKey, claim.ClaimantId, claim.Currency, claim.TotalMinor, claim.ApprovedAt, SentSince: null);
}

/// <summary>How far restore mode has come.</summary>
internal abstract record RestoreAnswer
{
    private RestoreAnswer() { }

    /// <summary>It has ended: sending may begin.</summary>
    /// <param name="Found">Claims that were found and marked exported.</param>
    public sealed record Closed(int Found) : RestoreAnswer;

    /// <summary>It goes on, and nothing may be sent.</summary>
    public sealed record Open(string Why) : RestoreAnswer;
}
