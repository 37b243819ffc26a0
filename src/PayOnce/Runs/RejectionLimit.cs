using System.Globalization;

namespace PayOnce.Runs;

/// <summary>
/// What stops a run that has more rejected claims than whoever ordered it allows, in the place of a person's name beside the run and in
/// the trail. It is no person and no schedule: an order by hand may have the limit too.
/// </summary>
public static class RejectionLimit
{
    private const string Name = "rejection limit ";

    /// <summary>The limit as the one who stopped the run.</summary>
    /// <param name="most">How many rejected claims were still allowed.</param>
    public static string By(int most) => FormattableString.Invariant($"{Name}{most}");

    /// <summary>How many rejected claims were still allowed, if the limit stopped the run; null if a person did.</summary>
    public static int? Of(string by) =>
        by.StartsWith(Name, StringComparison.Ordinal) && int.TryParse(by.AsSpan(Name.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var most) ? most : null;
}
