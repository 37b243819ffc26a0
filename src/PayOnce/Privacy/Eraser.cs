using PayOnce.Stores;

namespace PayOnce.Privacy;

/// <summary>What somebody asked to be erased.</summary>
/// <param name="Before">Only documents dated before this; null: everything past its time.</param>
/// <param name="Reason">Stays in the audit trail.</param>
public sealed record ErasureOrder(DateTimeOffset? Before, string Reason, string Actor);

/// <summary>The answer to an order to erase.</summary>
public abstract record EraseAnswer
{
    private EraseAnswer() { }

    /// <summary>Everything that was asked for is erased.</summary>
    /// <param name="Erasures">Those that came to their end now, oldest first: an earlier one that had not, and what was asked for.</param>
    public sealed record Done(IReadOnlyList<Erasure> Erasures) : EraseAnswer;

    /// <summary>The time that was given for it is over; the same order goes on.</summary>
    public sealed record GoesOn(Erasure Erasure) : EraseAnswer;

    /// <summary>Nothing was erased.</summary>
    public sealed record Refused(Problem Problem) : EraseAnswer;
}

/// <summary>
/// Erases what is past its time: begins an erasure or goes on with one, and takes step after step, each one commit. It can be
/// stopped or die between any two; whoever calls next goes on. What is due is the store's to say (<see cref="IPrivacyStore"/>),
/// how long documents are kept the organisation's (<see cref="PrivacySettings"/>).
/// </summary>
/// <param name="salt">Makes a new salt, from the host's randomness.</param>
public sealed class Eraser(IServerStore store, TimeProvider clock, Func<ReadOnlyMemory<byte>> salt)
{
    public const int LongestReason = Guard.DoubleExportGuard.LongestReason;

    /// <summary>Claims of one commit: a run that goes on waits no longer than for a batch of its own.</summary>
    private const int StepSize = 500;

    /// <summary>What would be erased now, and what holds back the rest.</summary>
    /// <param name="before">Only documents dated before this; null, or a later moment: everything past its time.</param>
    public async Task<ErasurePreview> PreviewAsync(Organisation organisation, DateTimeOffset? before, CancellationToken cancel)
    {
        var (org, zone) = (organisation.OrganisationId, Zone(organisation));
        var cutoff = await CutoffAsync(organisation, cancel);
        var due = before < cutoff ? before.Value : cutoff;
        var years = new List<DueYear>();
        if (await store.FindOldestApprovalAsync(org, cancel) is { } oldest)
        {
            for (var year = TimeZoneInfo.ConvertTime(oldest, zone).Year; PrivacySettings.BeginningOf(year, zone) < due; year++)
            {
                var end = PrivacySettings.BeginningOf(year + 1, zone);
                var claims = await store.CountDueClaimsAsync(org, PrivacySettings.BeginningOf(year, zone), end < due ? end : due, due, cancel);
                if (claims.Due + claims.Held > 0) years.Add(new DueYear(year, claims));
            }
        }
        var open = (await store.ListErasuresAsync(org, 1, cancel)).FirstOrDefault(each => each.EndedAt is null);
        return new ErasurePreview(due, years, await store.CountDueDocumentsAsync(org, due, cancel), open);
    }

    /// <summary>Erases until nothing of the order is left, or the patience is over.</summary>
    /// <param name="patience">No step begins after this; null: to the end.</param>
    public async Task<EraseAnswer> EraseAsync(Organisation organisation, ErasureOrder order, TimeSpan? patience, CancellationToken cancel)
    {
        var org = organisation.OrganisationId;
        if (WrongReason(order.Reason) is { } reason) return new EraseAnswer.Refused(reason);
        var cutoff = await CutoffAsync(organisation, cancel);
        if (order.Before > cutoff) return new EraseAnswer.Refused(TooYoung(order.Before.Value, cutoff));
        var began = clock.GetTimestamp();
        var ended = new List<Erasure>();
        while (true)
        {
            var answer = await store.BeginErasureAsync(org, new NewErasure(order.Before ?? cutoff, order.Reason.Trim(), order.Actor, salt()), cancel);
            if (answer is BeginErasureAnswer.Restoring)
                return new EraseAnswer.Refused(new Problem("The organisation is in restore mode: what has left since the backup is not known yet. Nothing was erased. End restore mode first.") { Field = "organisation", Value = org });
            var (erasure, asked) = answer switch
            {
                BeginErasureAnswer.Begun begun => (begun.Erasure, true),
                BeginErasureAnswer.GoesOn open => (open.Erasure, open.Erasure.Before >= (order.Before ?? cutoff)),
                _ => throw new InvalidOperationException("Unknown answer to beginning an erasure."),
            };
            while (erasure.EndedAt is null)
            {
                if (patience is { } given && clock.GetElapsedTime(began) >= given) return new EraseAnswer.GoesOn(erasure);
                cancel.ThrowIfCancellationRequested();
                erasure = await store.EraseNextAsync(org, erasure.Number, StepSize, order.Actor, cancel);
            }
            ended.Add(erasure);
            if (asked) return new EraseAnswer.Done(ended);
        }
    }

    private async Task<DateTimeOffset> CutoffAsync(Organisation organisation, CancellationToken cancel) =>
        PrivacySettings.FromStored((await store.FindSettingAsync(organisation.OrganisationId, SettingTopics.Privacy, cancel))?.Value).Cutoff(clock.GetUtcNow(), Zone(organisation));

    private static TimeZoneInfo Zone(Organisation organisation) => TimeZoneInfo.FindSystemTimeZoneById(organisation.TimeZone);

    private static Problem? WrongReason(string reason) =>
        string.IsNullOrWhiteSpace(reason) ? new Problem("must not be empty: it stays in the audit trail for whoever asks why.") { Field = "reason" }
        : reason.Length > LongestReason ? new Problem(FormattableString.Invariant($"must be at most {LongestReason} characters long.")) { Field = "reason", Value = Problem.Printable(reason) }
        : reason.Any(char.IsControl) ? new Problem("must not have control characters.") { Field = "reason", Value = Problem.Printable(reason) }
        : null;

    private static Problem TooYoung(DateTimeOffset before, DateTimeOffset cutoff) =>
        new(FormattableString.Invariant($"must not be after {cutoff:yyyy-MM-dd'T'HH:mm:ssK}: what is younger must still be kept. A longer or shorter time is set under retention."))
        { Field = "before", Value = FormattableString.Invariant($"{before:yyyy-MM-dd'T'HH:mm:ssK}") };
}
