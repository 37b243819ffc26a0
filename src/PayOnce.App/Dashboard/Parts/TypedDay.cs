using System.Globalization;

namespace PayOnce.App.Dashboard.Parts;

/// <summary>Something a person typed, and what it means.</summary>
/// <param name="Text">As typed, so that a refused form shows it again.</param>
/// <param name="Day">Null where nothing was typed, or no date.</param>
public readonly record struct TypedDay(string Text, DateOnly? Day)
{
    // Day, month, year, as Norwegians write it, or ISO 8601. A year of two digits is of this century.
    private static readonly string[] Forms = ["d.M.yyyy", "d.M.yy", "yyyy-M-d", "d M yyyy", "d/M/yyyy"];

    private static readonly CultureInfo Century = MakeCentury();

    /// <summary>Something was typed that is no date.</summary>
    public bool IsWrong => Day is null && Text.Length > 0;

    public static TypedDay Read(string? typed)
    {
        var text = typed?.Trim() ?? "";
        if (text.Length > 20) text = text[..20];
        return new(text, DateOnly.TryParseExact(text, Forms, Century, DateTimeStyles.AllowWhiteSpaces, out var day) ? day : null);
    }

    /// <summary>The moment at which the day begins in the zone; null where there is none.</summary>
    public DateTimeOffset? Begins(TimeZoneInfo zone) => Day is { } day ? Midnight(day, zone) : null;

    /// <summary>The moment at which the day is over.</summary>
    public DateTimeOffset? Ends(TimeZoneInfo zone) => Day is { } day && day < DateOnly.MaxValue ? Midnight(day.AddDays(1), zone) : null;

    /// <summary>What is wrong with a filter's two dates, for the fields that <see cref="FilterDates"/> makes of them.</summary>
    internal static IReadOnlyList<FieldError> Errors(Words words, TypedDay from, TypedDay to)
    {
        var errors = new List<FieldError>();
        if (from.IsWrong) errors.Add(new("from", words.NoDate));
        if (to.IsWrong) errors.Add(new("to", words.NoDate));
        return errors;
    }

    private static DateTimeOffset Midnight(DateOnly day, TimeZoneInfo zone)
    {
        var local = day.ToDateTime(TimeOnly.MinValue);
        while (zone.IsInvalidTime(local)) local = local.AddMinutes(15);
        return new DateTimeOffset(local, zone.GetUtcOffset(local));
    }

    private static CultureInfo MakeCentury()
    {
        var culture = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        culture.Calendar.TwoDigitYearMax = 2099;
        return CultureInfo.ReadOnly(culture);
    }
}
