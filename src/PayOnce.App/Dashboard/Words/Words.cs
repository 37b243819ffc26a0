using System.Globalization;
using PayOnce.App.Server;

namespace PayOnce.App.Dashboard;

/// <summary>
/// Every string of the dashboard, both languages side by side, so that neither can be forgotten and both show the same values.
/// The other files of this class hold them area by area; this one how numbers, amounts and times are written.
/// </summary>
/// <remarks>Numbers and dates follow the Norwegian language council's rules; see docs/decisions/0011.</remarks>
internal sealed partial class Words(Visit visit)
{
    private static readonly CultureInfo Norwegian = CultureInfo.GetCultureInfo("nb-NO");
    private static readonly CultureInfo British = CultureInfo.GetCultureInfo("en-GB");

    public Language Language => visit.Language;

    private CultureInfo Culture => Language is Language.English ? British : Norwegian;

    private string Say(string bokmal, string english) => Language is Language.English ? english : bokmal;

    /// <summary>English nouns have a plural that differs: <c>1 claim</c>, <c>2 claims</c>. The Norwegian "krav" has not.</summary>
    private string Claims(long number) => Say($"{Number(number)} krav", number == 1 ? "1 claim" : $"{Number(number)} claims");

    /// <summary><c>1 200</c> with a no-break space, <c>1,200</c>.</summary>
    public string Number(long number) => number.ToString("N0", Culture);

    /// <summary>For tables whose header names the currency: <c>1 250,00</c> with a no-break space and the real minus.</summary>
    public string Amount(long minor) => (minor / 100m).ToString("N2", Culture);

    /// <summary>Kilometres, hours: up to four decimals, without zeros at the end.</summary>
    public string Decimal(decimal number) => number.ToString("#,0.####", Culture);

    /// <summary><c>12 345,50 kr</c>, <c>NOK 12,345.50</c>; any other currency by its code.</summary>
    public string Money(long minor, string currency) => Say($"{Amount(minor)}\u00a0{(currency is "NOK" ? "kr" : currency)}", $"{currency}\u00a0{Amount(minor)}");

    /// <summary><c>i dag kl. 14:03</c>, <c>i går kl. 09:12</c>, <c>5. mars 2026 kl. 14:03</c>; "today" is a calendar date in the page's zone.</summary>
    public string At(DateTimeOffset time) => (Day(visit.Now).DayNumber - Day(time).DayNumber) switch
    {
        0 => Say($"i dag kl. {Clock(time)}", $"today at {Clock(time)}"),
        1 => Say($"i går kl. {Clock(time)}", $"yesterday at {Clock(time)}"),
        -1 => Say($"i morgen kl. {Clock(time)}", $"tomorrow at {Clock(time)}"),
        _ => Say($"{Date(time)} kl. {Clock(time)}", $"{Date(time)} at {Clock(time)}"),
    };

    /// <summary><c>5. mars 2026</c>, <c>5 March 2026</c></summary>
    public string Date(DateTimeOffset time) => Date(Day(time));

    public string Date(DateOnly date) => date.ToString(Say("d. MMMM yyyy", "d MMMM yyyy"), Culture);

    /// <summary>For tables: <c>05.03.2026 14:03</c>, <c>5 Mar 2026 14:03</c>.</summary>
    public string Short(DateTimeOffset time) => Local(time).ToString(Say("dd.MM.yyyy HH:mm", "d MMM yyyy HH:mm"), Culture);

    /// <summary>For tables: <c>05.03.2026</c>, <c>5 Mar 2026</c>.</summary>
    public string ShortDate(DateOnly date) => date.ToString(Say("dd.MM.yyyy", "d MMM yyyy"), Culture);

    /// <summary>For the audit trail and a claim's attempts: with seconds and the offset.</summary>
    public string Exact(DateTimeOffset time)
    {
        var offset = visit.Zone.GetUtcOffset(time);
        var hours = string.Create(CultureInfo.InvariantCulture, $"{(offset < TimeSpan.Zero ? "\u2212" : "+")}{Math.Abs(offset.Hours)}{(offset.Minutes == 0 ? "" : $":{Math.Abs(offset.Minutes):00}")}");
        return $"{Local(time).ToString(Say("dd.MM.yyyy HH:mm:ss", "d MMM yyyy HH:mm:ss"), Culture)} (UTC{hours})";
    }

    /// <summary><c>14:03</c></summary>
    public string Clock(DateTimeOffset time) => Local(time).ToString("HH:mm", CultureInfo.InvariantCulture);

    /// <summary><c>14:03:10</c></summary>
    public string ClockWithSeconds(DateTimeOffset time) => Local(time).ToString("HH:mm:ss", CultureInfo.InvariantCulture);

    /// <summary>For <c>datetime</c> attributes: the moment with the zone's offset.</summary>
    public string Machine(DateTimeOffset time) => Local(time).ToString("yyyy-MM-dd'T'HH:mm:sszzz", CultureInfo.InvariantCulture);

    /// <summary>For tables: <c>4 min 12 s</c>.</summary>
    public string Duration(TimeSpan time) => time.TotalHours >= 1
        ? Say($"{(int)time.TotalHours} t {time.Minutes} min", $"{(int)time.TotalHours} h {time.Minutes} min")
        : time.TotalMinutes >= 1 ? $"{time.Minutes} min {time.Seconds} s" : $"{time.Seconds} s";

    /// <summary>The calendar day in the page's zone.</summary>
    public DateOnly Day(DateTimeOffset time) => DateOnly.FromDateTime(Local(time).DateTime);

    private DateTimeOffset Local(DateTimeOffset time) => TimeZoneInfo.ConvertTime(time, visit.Zone);
}
