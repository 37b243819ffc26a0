using PayOnce.Runs;

namespace PayOnce.Stores;

/// <summary>By how much the number of claims approved on each day (UTC) moves with a commit of the intake.</summary>
internal sealed class ApprovalDays
{
    private readonly SortedDictionary<DateOnly, long> moved = [];

    /// <summary>In the order of the days, in which rows are written, so that two commits lock alike.</summary>
    public IEnumerable<(DateOnly Day, long Claims)> All => moved.Where(each => each.Value != 0).Select(each => (each.Key, each.Value));

    public void Add(DateTimeOffset approvedAt, int sign = 1)
    {
        var day = DateOnly.FromDateTime(approvedAt.UtcDateTime);
        moved[day] = moved.GetValueOrDefault(day) + sign;
    }
}

/// <summary>A scope's period as whole days (UTC), whose claims are counted already, and what is left at its ends: a day's worth each at most.</summary>
/// <param name="First">The first whole day; null for no bound.</param>
/// <param name="Behind">The day after the last whole one; null for no bound. With <paramref name="First"/> at or behind it, there is none.</param>
/// <param name="Ends">Further times, from and before; a null bound where the period has none.</param>
internal sealed record ScopeDays(DateOnly? First, DateOnly? Behind, IReadOnlyList<(DateTimeOffset From, DateTimeOffset? Before)> Ends)
{
    public static ScopeDays Of(ClaimScope scope)
    {
        // Nothing lies behind the calendar's last day, so that the first whole day there cannot be told.
        if (scope.From is { } late && late.UtcDateTime.Date == DateTime.MaxValue.Date) return new(DateOnly.MaxValue, DateOnly.MaxValue, [(late, scope.Before)]);
        DateOnly? first = scope.From is { } from ? DateOnly.FromDateTime(from.UtcDateTime.Date == from.UtcDateTime ? from.UtcDateTime : from.UtcDateTime.AddDays(1)) : null;
        DateOnly? behind = scope.Before is { } before ? DateOnly.FromDateTime(before.UtcDateTime) : null;
        if (first > behind) return new(first, behind, [(scope.From!.Value, scope.Before)]);
        List<(DateTimeOffset, DateTimeOffset?)> ends = [];
        if (scope.From is { } begins && Midnight(first!.Value) is var morning && begins < morning) ends.Add((begins, morning));
        if (scope.Before is { } ended && Midnight(behind!.Value) is var evening && evening < ended) ends.Add((evening, ended));
        return new(first, behind, ends);
    }

    private static DateTimeOffset Midnight(DateOnly day) => new(day, TimeOnly.MinValue, TimeSpan.Zero);
}
