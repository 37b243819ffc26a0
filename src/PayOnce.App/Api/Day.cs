using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace PayOnce.App.Api;

/// <summary>A day in a query, as <c>yyyy-MM-dd</c> and in no other way: <c>01/02/2026</c> is two days, depending on who reads it.</summary>
internal readonly record struct Day(DateOnly Date)
{
    public const string Rule = "must be a date as yyyy-MM-dd";

    public static bool TryParse([NotNullWhen(true)] string? text, IFormatProvider? provider, out Day day)
    {
        var read = DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date);
        day = new Day(date);
        return read;
    }
}
