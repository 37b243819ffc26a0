using System.Globalization;
using PayOnce.Exporters;
using PayOnce.Exporters.Api;
using PayOnce.Runs;
using PayOnce.Stores;

namespace PayOnce.Reconciliation;

/// <summary>
/// Restore mode: a restored database has forgotten marks, so before anything is sent the accounting system is asked about every
/// claim that could leave, and what is found there is marked exported. The register is rebuilt from the accounting system.
/// </summary>
/// <param name="api">Null where the integration exports by file.</param>
/// <param name="epochs">Knows of adoptions that the database has forgotten.</param>
internal sealed class Restoration(RunScene scene, IAccountingApi? api, IEpochWitness epochs)
{
    /// <summary>Ends restore mode, or says why nothing may be sent yet. Null if we are fenced off.</summary>
    public async Task<RestoreAnswer?> RunAsync(RestoreMode mode)
    {
        if (api is null || !api.ProofClass.CanReadBack())
            return Open("this integration cannot be asked what it holds. Register what was exported since the backup with `payonce claims adopt`, then end restore mode with `payonce restore end`.");
        if (await OtherTargetAsync(mode) is { } other)
        {
            return Open($"what was exported since the backup may have gone to {other}, where these settings do not lead. Ask there, register what was exported since with `payonce claims adopt`, then end restore mode with `payonce restore end`.");
        }
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
        // Claims that came in after the backup are forgotten whole: once they are taken in again, they must be found, not sent.
        var (unknown, trouble) = await new UnknownKeys(scene, api).FindAsync(CancellationToken.None);
        if (trouble is not null) return Open($"the accounting system could not be asked: {trouble}");
        List<string> forgotten = [.. unknown.Where(key => key.ClaimId is null).Select(key => $"{key.ExportKey} as {key.Reference}")];
        if (forgotten.Count > 0)
        {
            return Open(FormattableString.Invariant($"{forgotten.Count} references of PayOnce's form stand at the accounting system that no claim here has ({string.Join(", ", forgotten.Take(5))}): ")
                + "claims taken in after the backup. Import those again and run again; or end restore mode with `payonce restore end`.");
        }
        // What is known here by now and was not asked about came in, or was forced to be exported again, while we asked.
        if (unknown.Count(key => key.ClaimId is not null) is var meanwhile and > 0)
            return Open(FormattableString.Invariant($"{meanwhile} claims stand at the accounting system that could leave here and were not found when it was asked. Run again."));
        // They left under no key of ours: that they were not found proves nothing. Nor does another adoption since: it may be of others (found by the simulator).
        var adoptions = await scene.Store.ListAdoptionsAsync(scene.Lease.OrganisationId, CancellationToken.None);
        if ((await epochs.AdoptionsAsync(scene.Lease.OrganisationId, CancellationToken.None)).Except(adoptions, StringComparer.Ordinal).Any())
        {
            return Open("what the accounting system holds was found and marked exported. But claims were adopted since the backup as well, which it cannot be asked for: "
                + "register them again with `payonce claims adopt`, then end restore mode with `payonce restore end`.");
        }
        // Fenced: what was asked was asked for this database. Another one put back meanwhile has a restore mode of its own.
        var ended = await scene.Store.EndRestoreAsync(
            scene.Lease, FormattableString.Invariant($"every claim's key was read back: {asked} asked for, {found} found and marked exported"), CancellationToken.None);
        if (!ended && await scene.Store.FindRestoreModeAsync(scene.Lease.OrganisationId, CancellationToken.None) is not null) return null;
        return new RestoreAnswer.Closed(found);

        RestoreAnswer.Open Open(string why) => new($"Nothing is sent in restore mode ({mode.Reason}): {why}");
    }

    // By which settings the exports went that the backup has forgotten is forgotten with them: by those of the last run that it knows, or
    // by later ones. Only if all of these lead to the books that are asked does their silence prove anything. Found by the simulator.
    private async Task<ExportTarget?> OtherTargetAsync(RestoreMode mode)
    {
        var targets = (await scene.Store.ListIntegrationsInUseAsync(scene.Lease.OrganisationId, mode.Since, CancellationToken.None)).Select(stored => ExportTarget.Of(IntegrationSettings.FromStored(stored.SettingsJson))).ToList();
        return targets.Find(target => target != targets[^1]);
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
