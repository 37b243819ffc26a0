using System.Globalization;
using PayOnce.Claims.Generator;

namespace PayOnce.Claims;

/// <summary>
/// Makes up claims as peer mentors and drivers send them: for demonstrations, samples, tests and benchmarks. The same seed gives
/// the same claims on every machine, and a longer list begins with the shorter one.
/// </summary>
public static class ClaimsGenerator
{
    /// <summary>Claims are approved in the year before this day, which is never in the future.</summary>
    public static DateOnly DefaultAnchor { get; } = new(2026, 10, 31);

    /// <summary>The dimensions that lines have.</summary>
    public static IReadOnlyList<string> Dimensions { get; } = ["department", "project"];

    private const int DaysBack = 365;

    /// <summary>Makes claims one by one, as they are asked for.</summary>
    /// <param name="anchor">The day before which all of them are approved; <see cref="DefaultAnchor"/> if null.</param>
    /// <param name="prefix">What each id begins with; <c>R</c> and the seed if null, so that lists of two seeds share no id.</param>
    public static IEnumerable<Claim> Generate(int count, ulong seed, DateOnly? anchor = null, string? prefix = null)
    {
        var first = (anchor ?? DefaultAnchor).AddDays(-DaysBack);
        var days = ApprovalDays(first);
        prefix ??= string.Create(CultureInfo.InvariantCulture, $"R{seed}-");
        for (var n = 1; n <= count; n++) yield return Make(n, seed, first, days, prefix);
    }

    private static Claim Make(int n, ulong seed, DateOnly first, int[] days, string prefix)
    {
        // Each claim has its own numbers, so that none depends on what was drawn for the ones before.
        var random = new SplitMix64(seed ^ unchecked((ulong)n * 0xE7037ED1A0B428DB));
        var approved = first.AddDays(days[random.Below(days.Length)]);
        var approvedAt = new DateTimeOffset(approved.ToDateTime(default), TimeSpan.Zero).AddSeconds(random.Between(7 * 3600, 16 * 3600));
        var claimant = People.Claimant(seed, random);
        Dimension[] dimensions = [new("department", random.Pick<string>(People.Departments)), new("project", random.Pick<string>(People.Projects))];
        var (type, lines) = GeneratedLines.Draw(random, approved.AddDays(-random.Between(3, 35)), dimensions);
        return new Claim(
            string.Create(CultureInfo.InvariantCulture, $"{prefix}{n:000000}"),
            claimant,
            type,
            "NOK",
            approvedAt,
            People.Approver(seed, random),
            lines.Sum(line => line.AmountMinor),
            lines);
    }

    /// <summary>Each day as often as claims are approved on it: most at the end of a month, few at weekends.</summary>
    private static int[] ApprovalDays(DateOnly first)
    {
        var days = new List<int>();
        for (var i = 0; i < DaysBack; i++)
        {
            var day = first.AddDays(i);
            var left = DateTime.DaysInMonth(day.Year, day.Month) - day.Day;
            var weight = day.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday ? 1 : left < 3 ? 20 : day.Day <= 3 ? 10 : 4;
            days.AddRange(Enumerable.Repeat(i, weight));
        }
        return [.. days];
    }
}
