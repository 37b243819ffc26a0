using PayOnce.Audit;
using PayOnce.Runs;
using PayOnce.Stores;

namespace PayOnce.Guard;

/// <summary>
/// The double-export guard: the one place that decides whether a claim may leave. Its register are the marks; its strength is
/// their unique key (organisation, claim, generation), which no two runs, machines or transports can both insert.
/// </summary>
public sealed class DoubleExportGuard(IStore store)
{
    /// <summary>Longest reason or evidence that is kept, in characters.</summary>
    public const int LongestReason = 500;

    /// <summary>Filters: which of these claims no mark holds, and for the others which run has them. Asks; decides nothing for later.</summary>
    public async Task<GuardFilter> FilterUnexportedClaimsAsync(string organisationId, IReadOnlyList<string> claimIds, CancellationToken cancel)
    {
        var held = await store.FindHeldAsync(organisationId, claimIds, cancel);
        var heldIds = held.Select(claim => claim.ClaimId).ToHashSet(StringComparer.Ordinal);
        return new GuardFilter([.. claimIds.Where(id => !heldIds.Contains(id))], held);
    }

    /// <summary>
    /// Marks atomically: every claim that this run reserved becomes exported with the file that carries it, in one commit, or
    /// none does. Null if another epoch has taken over: then nothing changed and the caller must stop.
    /// </summary>
    public Task<RunFile?> MarkClaimsAsExportedAsync(Lease lease, FileDraft file, Func<AuditHead, ReadOnlyMemory<byte>> manifest, CancellationToken cancel) =>
        store.ConfirmFileAsync(lease, file, manifest, cancel);

    /// <summary>Tells which run took a claim: its newest mark, or null if no run ever did.</summary>
    public async Task<Mark?> GetExportRunForClaimAsync(string organisationId, string claimId, CancellationToken cancel) =>
        (await store.FindClaimAsync(organisationId, claimId, cancel))?.Marks.LastOrDefault(mark => mark.RunId > 0);

    /// <summary>Rolls back: the claims of a file that nobody imported are released and wait again; the file is withdrawn.</summary>
    public async Task<GuardAnswer<long>> RollBackExportMarksAsync(string organisationId, long runId, string reason, string actor, CancellationToken cancel)
    {
        if (WrongText("reason", reason) is { } problem) return new GuardAnswer<long>.Refused(problem);
        return await store.RollBackAsync(organisationId, runId, reason.Trim(), actor, cancel) switch
        {
            RollBackAnswer.RolledBack done => new GuardAnswer<long>.Done(done.Released),
            RollBackAnswer.NotPossible no => Refused<long>("run", Number(runId), no.Why),
            _ => Refused<long>("run", Number(runId), "There is no such run."),
        };
    }

    /// <summary>
    /// Forces a re-export: the claim will leave once more under a new generation and key. Asks for a reason and for the claim's id
    /// typed again, since it is the one way in which PayOnce pays twice on purpose.
    /// </summary>
    public async Task<GuardAnswer<ReExportAnswer.Requested>> ForceReExportAsync(string organisationId, string claimId, string reason, string confirmation, string actor, CancellationToken cancel, int? seenGeneration = null)
    {
        if (WrongText("reason", reason) is { } problem) return new GuardAnswer<ReExportAnswer.Requested>.Refused(problem);
        if (!string.Equals(confirmation, claimId, StringComparison.Ordinal))
            return Refused<ReExportAnswer.Requested>("confirm", confirmation, $"To confirm, give the claim's id: {claimId}.");
        return await store.RequestReExportAsync(organisationId, claimId, reason.Trim(), actor, cancel, seenGeneration) switch
        {
            ReExportAnswer.Requested done => new GuardAnswer<ReExportAnswer.Requested>.Done(done),
            ReExportAnswer.Withdrawn { Withdrawal: var withdrawal } => Refused<ReExportAnswer.Requested>("claim", claimId, $"It was withdrawn by {withdrawal.By}. What is not approved does not leave."),
            ReExportAnswer.Erased { At: var at } => Refused<ReExportAnswer.Requested>("claim", claimId, FormattableString.Invariant($"Its personal data was erased on {at:yyyy-MM-dd}. There is nobody left to pay, and it is never exported again.")),
            ReExportAnswer.ExportedSince => Refused<ReExportAnswer.Requested>("claim", claimId, "It was exported again since you looked. Look at it once more."),
            ReExportAnswer.NotExported { State: MarkState.InDoubt } => Refused<ReExportAnswer.Requested>("claim", claimId, "It is in doubt. Settle it first: a claim that may have arrived must not be sent again."),
            ReExportAnswer.NotExported { State: null } => Refused<ReExportAnswer.Requested>("claim", claimId, "It has not been exported yet. The next run takes it."),
            ReExportAnswer.NotExported no => Refused<ReExportAnswer.Requested>("claim", claimId, $"It is {no.State!.Value.Text()}, not exported. There is nothing to repeat."),
            _ => Refused<ReExportAnswer.Requested>("claim", claimId, "No claim of this id was taken in."),
        };
    }

    /// <summary>
    /// Withdraws a claim of which nothing has left: no run takes it until it is taken in again. Refused, with the run that has it, for
    /// one that a mark holds. Done for one that is withdrawn already: with that withdrawal, and
    /// nothing changed.
    /// </summary>
    public async Task<GuardAnswer<Withdrawal>> WithdrawAsync(string organisationId, string claimId, string reason, string actor, CancellationToken cancel) =>
        await WithdrawAsync(organisationId, [claimId], reason, actor, cancel) switch
        {
            GuardAnswer<IReadOnlyList<WithdrawOutcome>>.Refused refused => new GuardAnswer<Withdrawal>.Refused(refused.Problem),
            GuardAnswer<IReadOnlyList<WithdrawOutcome>>.Done { Value: [WithdrawOutcome.Withdrawn done] } => new GuardAnswer<Withdrawal>.Done(done.Withdrawal),
            GuardAnswer<IReadOnlyList<WithdrawOutcome>>.Done { Value: [WithdrawOutcome.Already already] } => new GuardAnswer<Withdrawal>.Done(already.Withdrawal),
            GuardAnswer<IReadOnlyList<WithdrawOutcome>>.Done { Value: [var held] } => new GuardAnswer<Withdrawal>.Refused(WhyNotWithdrawn(claimId, held)!),
            _ => throw new InvalidOperationException("One claim was asked about, and not one was answered for."),
        };

    /// <summary>The same for several claims in one commit, each for itself: what became of them, in their order. No id may stand there twice.</summary>
    public async Task<GuardAnswer<IReadOnlyList<WithdrawOutcome>>> WithdrawAsync(string organisationId, IReadOnlyList<string> claimIds, string reason, string actor, CancellationToken cancel) =>
        WrongText("reason", reason) is { } problem
            ? new GuardAnswer<IReadOnlyList<WithdrawOutcome>>.Refused(problem)
            : new GuardAnswer<IReadOnlyList<WithdrawOutcome>>.Done(await store.WithdrawAsync(organisationId, claimIds, reason.Trim(), actor, cancel));

    /// <summary>Why a claim was not withdrawn; null if it is withdrawn now.</summary>
    public static Problem? WhyNotWithdrawn(string claimId, WithdrawOutcome outcome)
    {
        var why = outcome switch
        {
            WithdrawOutcome.Withdrawn or WithdrawOutcome.Already => null,
            WithdrawOutcome.Held { State: MarkState.Exported, RunId: var run } => $"Run {Number(run)} has exported it. What has left is corrected where it went, and not withdrawn here.",
            WithdrawOutcome.Held { State: MarkState.InDoubt, RunId: var run } => $"It may have left with run {Number(run)}, and is in doubt. Settle it first.",
            WithdrawOutcome.Held { RunId: var run } => $"Run {Number(run)} is exporting it now. Try again when the run has ended.",
            WithdrawOutcome.NoSuchClaim => "No claim of this id was taken in.",
            _ => throw new InvalidOperationException("Unknown outcome of a withdrawal."),
        };
        return why is null ? null : new Problem(why) { Field = "claim", Value = Problem.Printable(claimId) };
    }

    /// <summary>A person settles a claim in doubt: exported, or released to be sent again, with what they saw at the accounting system.</summary>
    public async Task<GuardAnswer<Mark>> DecideAsync(string organisationId, string claimId, MarkState decision, string evidence, string actor, CancellationToken cancel, DecisionDetails? details = null)
    {
        if (decision is not (MarkState.Exported or MarkState.Released))
            return Refused<Mark>("as", decision.Text(), "A claim in doubt is settled as exported or as released.");
        if (WrongText("evidence", evidence) is { } problem) return new GuardAnswer<Mark>.Refused(problem);
        if (details?.Acknowledgement is { } found && WrongText("acknowledgement", found) is { } wrong) return new GuardAnswer<Mark>.Refused(wrong);
        return await store.DecideAsync(organisationId, claimId, decision, evidence.Trim(), actor, cancel, details) switch
        {
            { State: MarkState.InDoubt } newer when details?.Seen?.Is(newer) == false => Refused<Mark>("claim", claimId, "It was settled and is in doubt anew since you looked. Look at it once more."),
            { State: MarkState.InDoubt } before => new GuardAnswer<Mark>.Done(before),
            { } other => Refused<Mark>("claim", claimId, $"It is {other.State.Text()}, not in doubt. There is nothing to settle."),
            null => Refused<Mark>("claim", claimId, "No run has taken it. There is nothing to settle."),
        };
    }

    /// <summary>Records that a run's file was imported into the accounting system, with the voucher or journal it became.</summary>
    public async Task<GuardAnswer<long>> RecordImportAsync(string organisationId, long runId, string voucher, string actor, CancellationToken cancel)
    {
        if (WrongText("voucher", voucher) is { } problem) return new GuardAnswer<long>.Refused(problem);
        return await store.RecordImportAsync(organisationId, runId, voucher.Trim(), actor, cancel) is { } raised
            ? new GuardAnswer<long>.Done(raised)
            : Refused<long>("run", Number(runId), "It has no file that could have been imported.");
    }

    private static Problem? WrongText(string field, string text)
    {
        if (string.IsNullOrWhiteSpace(text)) return new Problem("must not be empty: it stays in the audit trail for whoever asks why.") { Field = field };
        if (text.Length > LongestReason) return new Problem(FormattableString.Invariant($"must be at most {LongestReason} characters long.")) { Field = field, Value = Problem.Printable(text) };
        return text.Any(char.IsControl) ? new Problem("must not have control characters.") { Field = field, Value = Problem.Printable(text) } : null;
    }

    private static GuardAnswer<T>.Refused Refused<T>(string field, string value, string rule) =>
        new(new Problem(rule) { Field = field, Value = Problem.Printable(value) });

    private static string Number(long runId) => runId.ToString(System.Globalization.CultureInfo.InvariantCulture);
}

/// <summary>What the guard says to a list of claims.</summary>
/// <param name="Unexported">May be reserved, as things stand.</param>
/// <param name="Held">A mark holds them, with the run that has it.</param>
public sealed record GuardFilter(IReadOnlyList<string> Unexported, IReadOnlyList<HeldClaim> Held);

/// <summary>The guard's answer to what a person asked.</summary>
public abstract record GuardAnswer<T>
{
    private GuardAnswer() { }

    public sealed record Done(T Value) : GuardAnswer<T>;

    public sealed record Refused(Problem Problem) : GuardAnswer<T>;
}
