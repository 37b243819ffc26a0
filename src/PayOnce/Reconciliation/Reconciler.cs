using PayOnce.Exporters.Api;
using PayOnce.Runs;
using PayOnce.Stores;

namespace PayOnce.Reconciliation;

/// <summary>Asks the accounting system which export keys it holds, and settles claims in doubt by the answer.</summary>
/// <remarks>
/// Presence proves at once. Absence proves only when the quiet time of the claim's own attempt is over, and then releases only
/// where a repeated key is refused, or where it was absent twice with the quiet time between and the integration allows it. State,
/// attempt and times are read before the question in one statement, and settling compares them all: a stale "absent" must not
/// release a mark whose newer request is still on the wire (a model check found that).
/// </remarks>
internal sealed class Reconciler(RunScene scene, IAccountingApi api)
{
    /// <summary>Claims asked for at once; an exporter splits them further where its system wants less.</summary>
    public const int Page = 1_000;

    private readonly Dictionary<long, bool> elsewhere = [];

    /// <summary>Asks about every claim in doubt. Null if we are fenced off.</summary>
    public async Task<ReconcileReport?> SettleDoubtsAsync(CancellationToken stop)
    {
        var report = new ReconcileReport();
        var left = new List<StillInDoubt>();
        for (string? after = null; !stop.IsCancellationRequested;)
        {
            var page = await scene.Store.ListDoubtfulClaimsAsync(scene.Lease.OrganisationId, after, Page, CancellationToken.None);
            if (page.Claims.Count == 0) break;
            after = page.Claims[^1].ClaimId;
            if (!api.ProofClass.CanReadBack())
            {
                left.AddRange(page.Claims.Select(claim => Still(claim, $"{Known(claim)}This accounting system cannot be asked. Look there for its key, then decide.", null)));
                continue;
            }
            foreach (var runId in page.Claims.Select(claim => claim.RunId).Distinct()) await LookAtRunAsync(runId);
            if (!await scene.Watch.RenewIfDueAsync()) return null;
            var answer = await scene.Steps.Around(StepNames.ReadBack, () => api.ReadBackAsync([.. page.Claims.Select(Expected)], CancellationToken.None));
            if (answer is ReadBackAnswer.Failed { Why: var why })
            {
                report = report with { Failure = why };
                left.AddRange(page.Claims.Select(claim => Still(claim, $"{Known(claim)}The accounting system could not be asked: {why}", page.Now)));
                break;
            }
            var settlements = page.Claims.Zip(((ReadBackAnswer.Answered)answer).Findings, (claim, finding) => Settle(claim, finding, page.Now)).ToList();
            if (await scene.Steps.Around(StepNames.Settle, () => scene.Store.SettleDoubtsAsync(scene.Lease, settlements, CancellationToken.None)) is null) return null;
            report = report with
            {
                Found = report.Found + settlements.Count(settled => settled is DoubtSettlement.Present),
                Released = report.Released + settlements.Count(settled => settled is DoubtSettlement.Release),
            };
            left.AddRange(settlements.Select(settled => Left(settled, page.Now)).OfType<StillInDoubt>());
        }
        return report with { InDoubt = [.. left.Take(ReconcileReport.MostNamed)] };
    }

    private DoubtSettlement Settle(DoubtfulClaim claim, ReadBackFinding finding, DateTimeOffset now) => finding switch
    {
        ReadBackFinding.Present present => new DoubtSettlement.Present(claim, present.Evidence, present.Acknowledgement),
        ReadBackFinding.Conflict conflict => new DoubtSettlement.Conflict(claim, conflict.What),
        ReadBackFinding.Absent when MayRelease(claim, now) => new DoubtSettlement.Release(claim, api.ProofClass == ProofClass.Unique
            ? "Not at the accounting system after the quiet time, and it refuses a repeated key: it may be sent again."
            : "Twice not at the accounting system, with the quiet time between, and the integration allows automatic release."),
        ReadBackFinding.Absent => new DoubtSettlement.Absent(claim),
        _ => throw new InvalidOperationException("A finding that the engine does not know."),
    };

    // What was sent under other settings may have gone to another system: this one's silence about it proves nothing.
    private async Task LookAtRunAsync(long runId)
    {
        if (elsewhere.ContainsKey(runId)) return;
        var sent = await scene.Store.FindRunAsync(scene.Lease.OrganisationId, runId, CancellationToken.None);
        var ours = await scene.Store.FindRunAsync(scene.Lease.OrganisationId, scene.Lease.RunId, CancellationToken.None);
        elsewhere[runId] = sent is null || ours is null || sent.IntegrationVersion != ours.IntegrationVersion;
    }

    // A file may be imported tomorrow: its absence today proves nothing.
    private bool MayRelease(DoubtfulClaim claim, DateTimeOffset now) => !claim.ByFile && !elsewhere[claim.RunId] && now >= claim.InDoubtSince + api.QuietTime
        && (api.ProofClass == ProofClass.Unique || (api.AutomaticRelease && claim.AbsentSince is { } since && now >= since + api.QuietTime));

    private StillInDoubt? Left(DoubtSettlement settled, DateTimeOffset now)
    {
        var claim = settled.Claim;
        return settled switch
        {
            DoubtSettlement.Conflict conflict => Still(claim, $"It stands there, but not as it should: {conflict.What}", null),
            DoubtSettlement.Absent when claim.ByFile => Still(claim, "Not at the accounting system, but its file may still be imported.", null),
            DoubtSettlement.Absent when elsewhere[claim.RunId] => Still(claim, "Not at this accounting system, but it was sent under other settings of the integration, which may have led elsewhere. Look there for its key, then decide.", null),
            DoubtSettlement.Absent when NextQuestion(claim, now) is { } next => Still(claim, $"{Known(claim)}Not at the accounting system yet; its request may still arrive.", next),
            DoubtSettlement.Absent => Still(claim, "Twice not at the accounting system, with the quiet time between. Look there for its key, then decide.", null),
            _ => null,
        };
    }

    // When an absence would settle, or count the second time for a person; null once it has.
    private DateTimeOffset? NextQuestion(DoubtfulClaim claim, DateTimeOffset now)
    {
        var quiet = claim.InDoubtSince + api.QuietTime;
        if (api.ProofClass == ProofClass.Unique) return quiet;
        var second = (claim.AbsentSince ?? now) + api.QuietTime;
        var next = second > quiet ? second : quiet;
        return next > now ? next : null;
    }

    private static StillInDoubt Still(DoubtfulClaim claim, string why, DateTimeOffset? again) => new(claim.ClaimId, claim.ExportKey, claim.RunId, claim.InDoubtSince, why, again);

    // What is known already, as a sentence of its own before the next one: an answer of another system ends as it likes.
    private static string Known(DoubtfulClaim claim) => claim.Reason is not { Length: > 0 } reason ? "" : reason[^1] is '.' or '!' or '?' or ':' ? $"{reason} " : $"{reason}. ";

    private static ExpectedClaim Expected(DoubtfulClaim claim) =>
        new(claim.ClaimId, claim.ExportKey, claim.ClaimantId, claim.Currency, claim.TotalMinor, claim.ApprovedAt, claim.StartedAt);
}
