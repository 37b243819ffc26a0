using PayOnce.Runs;

namespace PayOnce.History;

/// <summary>An organisation at a glance. Nothing in it is counted when it is asked for, except what is in doubt.</summary>
/// <param name="Ready">Claims that the next run takes, those that were rejected before with them.</param>
/// <param name="Rejected">Claims that wait after the accounting system or a check refused them: part of <paramref name="Ready"/>.</param>
/// <param name="Reserved">Claims that a run has taken and not settled yet.</param>
/// <param name="Exported">Exports that stand: each claim's, and a further one for each forced re-export.</param>
/// <param name="OldestDoubt">Since when the claim that is longest in doubt has been so.</param>
/// <param name="Running">The run that holds the lease now, if any.</param>
/// <param name="LastEnded">The newest run that has ended.</param>
/// <param name="LastContact">When the accounting system last answered a request over its API; null if it never has.</param>
public sealed record Overview(
    ClaimSum Ready,
    long Rejected,
    long Reserved,
    long Exported,
    ClaimSum InDoubt,
    DateTimeOffset? OldestDoubt,
    RunRow? Running,
    RunRow? LastEnded,
    DateTimeOffset? LastContact)
{
    /// <summary>Claims that are approved no longer.</summary>
    public long Withdrawn { get; init; }
}

/// <summary>How many claims, and what they come to.</summary>
/// <param name="Totals">By currency; currencies without a claim are left out.</param>
public sealed record ClaimSum(long Claims, IReadOnlyList<ControlTotal> Totals);

/// <summary>What was exported in one calendar month of the organisation's time zone, in one currency.</summary>
/// <param name="Month">Its first day. A run's claims belong to the month in which the run started.</param>
/// <param name="Claims">Claims whose amounts are known: adopted ones that were never taken in are not among them.</param>
public sealed record MonthTotal(DateOnly Month, string Currency, long Claims, long AmountMinor);
