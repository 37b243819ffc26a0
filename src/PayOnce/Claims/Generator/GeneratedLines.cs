using System.Globalization;

namespace PayOnce.Claims.Generator;

/// <summary>The lines of a made-up claim: a journey, an outlay, or a driver's honorarium.</summary>
internal sealed class GeneratedLines
{
    private readonly SplitMix64 random;
    private readonly DateOnly date;
    private readonly IReadOnlyList<Dimension> dimensions;
    private readonly StateRates rates;
    private readonly List<ClaimLine> lines = new(6);

    private GeneratedLines(SplitMix64 random, DateOnly date, IReadOnlyList<Dimension> dimensions)
    {
        this.random = random;
        this.date = date;
        this.dimensions = dimensions;
        rates = StateRates.On(date);
    }

    /// <summary>Draws one to six lines that come to more than zero.</summary>
    public static (string Type, ClaimLine[] Lines) Draw(SplitMix64 random, DateOnly date, IReadOnlyList<Dimension> dimensions)
    {
        var made = new GeneratedLines(random, date, dimensions);
        var type = random.Below(100) switch
        {
            < 74 => made.Travel(),
            < 86 => made.Outlay(),
            _ => made.Honorarium(),
        };
        return (type, [.. made.lines]);
    }

    private string Travel()
    {
        var (from, to) = Journey();
        if (random.Percent(70)) Drive(from, to);
        else
        {
            var by = random.Pick<string>(["Tog", "Buss", "Ferge", "Hurtigbåt"]);
            Add("ticket", $"{by} {from}–{to}", random.Between(45, 1290) * 100L);
            if (random.Percent(85)) Add("ticket", $"{by} {to}–{from}", random.Between(45, 1290) * 100L);
        }
        if (lines.Count < 4 && random.Percent(35)) Stay(to);
        else if (random.Percent(50)) PerDiem();
        return "travel";
    }

    private void Drive(string from, string to)
    {
        var tenths = random.Between(80, 4200);
        Add("mileage", $"Kjøring {from}–{to}", Rounded(tenths * rates.Kilometre), tenths / 10m, "km");
        if (random.Percent(30)) Add("passenger", "Passasjertillegg", Rounded(tenths * rates.PassengerKilometre), tenths / 10m, "km");
        if (random.Percent(60)) Add("toll", "Bompenger", random.Between(20, 240) * 100L);
        if (random.Percent(50)) Add("parking", $"Parkering, {to}", random.Between(25, 390) * 100L);
    }

    private void Stay(string place)
    {
        var nights = random.Between(1, 3);
        Add("lodging", $"Overnatting, {place}", nights * random.Between(890, 1690) * 100L, nights, "night");
        Add("per-diem", "Kostgodtgjørelse med overnatting", nights * rates.WithNight, nights, "day");
        // A meal that somebody else paid for is taken off.
        if (random.Percent(20)) Add("per-diem", "Fratrekk for lunsj", -(rates.WithNight * 30 / 100), 1, "meal");
    }

    private void PerDiem()
    {
        if (random.Percent(60)) Add("per-diem", "Dagsreise 6–12 timer", rates.SixToTwelveHours, 1, "day");
        else Add("per-diem", "Dagsreise over 12 timer", rates.OverTwelveHours, 1, "day");
    }

    private string Outlay()
    {
        var count = random.Between(1, 4);
        for (var i = 0; i < count; i++)
        {
            var what = random.Pick<string>(["Kaffe og frukt til møte", "Porto", "Batterier til høreapparat, demo", "Leie av møterom", "Skriversaker", "Kopiering, \"Slik hører du\""]);
            Add("materials", what, random.Between(2900, 89_900));
        }
        return "outlay";
    }

    private string Honorarium()
    {
        var half = random.Between(3, 16);
        var (from, to) = Journey();
        Add("honorarium", "Sjåførhonorar", half * 110_00L, half / 2m, "h");
        if (random.Percent(70)) Drive(from, to);
        return "honorarium";
    }

    private void Add(string category, string description, long minor, decimal? quantity = null, string? unit = null) =>
        lines.Add(new ClaimLine(date, category, description, minor, quantity, unit, dimensions));

    private (string From, string To) Journey()
    {
        var from = random.Below(People.Places.Length);
        return (People.Places[from], People.Places[(from + random.Between(1, People.Places.Length - 1)) % People.Places.Length]);
    }

    /// <summary>From tenths of an øre to whole ones, half up.</summary>
    private static long Rounded(long tenths) => (tenths + 5) / 10;
}
