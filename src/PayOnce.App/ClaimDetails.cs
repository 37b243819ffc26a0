using System.Globalization;
using PayOnce.App.Output;
using PayOnce.Claims;
using PayOnce.Guard;
using PayOnce.Runs;
using PayOnce.Stores;

namespace PayOnce.App;

/// <summary>Everything about one claim: <c>claims show</c>.</summary>
internal static class ClaimDetails
{
    public static async Task<Answer> AnswerAsync(Call call, IServerStore store, Organisation organisation, string claimId, ClaimHistory history)
    {
        var document = await DocumentAsync(store, organisation.OrganisationId, claimId, history, call.Stop);
        return new Answer(ExitCode.Done, document, screen => Show(screen, call.Moments(organisation), claimId, history, document));
    }

    /// <summary>The claim, its marks, each mark's attempts, and its withdrawals.</summary>
    public static async Task<ClaimHistoryDocument> DocumentAsync(IServerStore store, string organisationId, string claimId, ClaimHistory history, CancellationToken cancel)
    {
        var marks = new List<MarkDocument>();
        var lastRun = 0L;
        foreach (var mark in history.Marks)
        {
            // Generations follow each other in time, so a run up to the one that took this generation last, and behind the one
            // that took the generation before, took this one.
            var attempts = history.Attempts.Where(a => a.RunId > lastRun && a.RunId <= mark.RunId).Select(AttemptDocument.Of).ToList();
            lastRun = Math.Max(lastRun, mark.RunId);
            var file = mark.RunId > 0 ? await store.FindFileAsync(organisationId, mark.RunId, cancel) : null;
            marks.Add(MarkDocument.Of(mark, RunDetails.Acknowledgement(mark, file), attempts));
        }
        return new ClaimHistoryDocument(organisationId, claimId, history.Waiting, history.Claim is { } claim ? Content(claim) : null, marks,
            history.Withdrawal is { } withdrawal ? WithdrawalDocument.Of(withdrawal) : null,
            [.. (await store.ListWithdrawalsAsync(organisationId, claimId, cancel)).Select(WithdrawalDocument.Of)], history.ErasedAt);
    }

    private static ClaimContentDocument Content(ClaimRecord claim) => new(
        claim.ClaimantId, claim.ClaimantName, claim.Type, claim.Currency, claim.TotalMinor, claim.ApprovedAt, claim.ApprovedBy, claim.ExportKey,
        [.. ClaimLines.Read(claim.Lines.Span).Select(l => new ClaimLineDocument(
            l.Date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), l.Category, l.Description, l.AmountMinor, l.Quantity, l.Unit,
            l.Dimensions.ToDictionary(d => d.Name, d => d.Value)))]);

    private static void Show(Screen screen, Moments moments, string claimId, ClaimHistory history, ClaimHistoryDocument document)
    {
        screen.Line($"Claim {claimId}: {Sentence(history, moments)}");
        if (history.Claim is { } claim)
        {
            screen.Facts(
                ("Claimant", $"{claim.ClaimantName} ({claim.ClaimantId})"),
                ("Type", claim.Type),
                ("Amount", Wording.Amount(claim.Currency, claim.TotalMinor)),
                ("Approved", $"{moments.At(claim.ApprovedAt)} by {claim.ApprovedBy}"));
            screen.Line("Lines:");
            var lines = new Table("Date", "Category", "Amount#", "Quantity#", "Unit", "Dimensions", "Description");
            foreach (var line in ClaimLines.Read(claim.Lines.Span))
            {
                lines.Add(line.Date.ToString("d MMM yyyy", CultureInfo.InvariantCulture), line.Category, Wording.Amount(claim.Currency, line.AmountMinor),
                    line.Quantity?.ToString(CultureInfo.InvariantCulture), line.Unit, string.Join(", ", line.Dimensions.Select(d => $"{d.Name} {d.Value}")), line.Description);
            }
            screen.Table(lines);
        }
        foreach (var (mark, shown) in history.Marks.Zip(document.Marks))
        {
            screen.Line($"Generation {mark.Generation}: {Wording.State(mark, history.Waiting)}");
            screen.Facts(
                ("Run", shown.RunId is { } run ? Wording.Number(run) : null),
                ("Export key", mark.ExportKey),
                ("Acknowledgement", shown.Acknowledgement),
                ("Reason", mark.Reason),
                ("Changed", moments.At(mark.ChangedAt)),
                ("In doubt since", mark.InDoubtSince is { } since ? moments.At(since) : null));
            if (shown.Attempts.Count == 0) continue;
            var attempts = new Table("  Attempt in run#", "Batch#", "Try#", "Step", "Outcome", "When", "Error");
            foreach (var a in shown.Attempts)
                attempts.Add(Wording.Number(a.RunId), Wording.Number(a.Batch), Wording.Number(a.Try), a.Step, a.Outcome, moments.Exact(a.At), a.Error);
            screen.Table(attempts);
        }
        if (document.Withdrawals.Count == 0) return;
        screen.Line("Withdrawals:");
        var withdrawals = new Table("When", "By", "Reason");
        foreach (var withdrawal in document.Withdrawals) withdrawals.Add(moments.Exact(withdrawal.At), withdrawal.By, withdrawal.Reason);
        screen.Table(withdrawals);
    }

    private static string Sentence(ClaimHistory history, Moments moments) => history.ErasedAt is { } erased
        ? FormattableString.Invariant($"its personal data was erased on {erased:yyyy-MM-dd}. It can never be exported again.")
        : history.Withdrawal is { } withdrawal
        ? $"it was withdrawn by {withdrawal.By} {moments.At(withdrawal.At)}: {withdrawal.Reason} No run takes it until it is taken in again."
        : Sentence(history.Marks.Count == 0 ? null : history.Marks[^1], moments);

    private static string Sentence(Mark? newest, Moments moments) => newest switch
    {
        null => "it is approved and ready to export.",
        { State: MarkState.Reserved } mark => $"run {mark.RunId} has taken it and is exporting it.",
        { State: MarkState.Exported, Evidence: Evidence.Booked } mark => $"it is booked{(mark.Acknowledgement is { } ack ? $" as {ack}" : "")}; run {mark.RunId} took it.",
        { State: MarkState.Exported, Evidence: Evidence.Received } mark => $"the accounting system has received it from run {mark.RunId}, but not booked it yet.",
        { State: MarkState.Exported } mark => $"run {mark.RunId} put it in a file {moments.At(mark.ChangedAt)}. It is not sent again.",
        { State: MarkState.Rejected } mark => $"run {mark.RunId} rejected it: {mark.Reason} The next run tries again.",
        { State: MarkState.InDoubt } mark => $"we do not know whether it left with run {mark.RunId}. It is not sent again until someone has cleared it up.",
        { State: MarkState.Released, Generation: > 0, RunId: 0 } mark => $"it is to be exported once more, as generation {mark.Generation}: {mark.Reason}",
        { State: MarkState.Released } => "it was taken back before it arrived and is ready to export again.",
        _ => throw new InvalidOperationException("Unknown state of a mark."),
    };
}
