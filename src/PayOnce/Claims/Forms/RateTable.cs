using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace PayOnce.Claims.Forms;

/// <summary>What is paid by rate.</summary>
public enum RateKind
{
    /// <summary>A kilometre by car: what is paid.</summary>
    MileageState,

    /// <summary>A kilometre by car: how much of it is free of tax. The rest is pay, and a line of its own.</summary>
    MileageTaxFree,

    /// <summary>A kilometre with passengers, beside the mileage.</summary>
    Passenger,

    /// <summary>An hour of driving.</summary>
    HonorariumHour,

    /// <summary>An assignment at a fixed price.</summary>
    HonorariumFixed,

    /// <summary>A day's journey of 6 to 12 hours.</summary>
    PerDiemShort,

    /// <summary>A day's journey of more than 12 hours.</summary>
    PerDiemLong,

    /// <summary>A night away.</summary>
    PerDiemNight,
}

/// <summary>A rate from one day on, until the next of its kind.</summary>
/// <param name="Minor">Minor units (øre) for one of what it pays.</param>
public sealed record DatedRate(RateKind Kind, DateOnly From, long Minor);

/// <summary>
/// An organisation's rates with the day from which each holds, so that a claim of last year is paid by last year's. Amounts are
/// whole øre: rate times quantity, half an øre rounded up.
/// </summary>
/// <param name="Rates">Ordered by kind and day; of one kind one a day.</param>
/// <param name="PassengersEach">Whether the passenger rate is paid for each passenger, or once however many there are: practice differs.</param>
public sealed record RateTable(IReadOnlyList<DatedRate> Rates, bool PassengersEach = true)
{
    public const int MostRates = 400;

    /// <summary>NOK 100 000: more than any rate.</summary>
    public const long LargestMinor = 10_000_000;

    /// <summary>
    /// To begin from; an administrator looks at it and saves before the first claim. The state's mileage rate of 2026 and the tax-free part that was
    /// published last (Skatteetaten and the state's travel agreement); an honorarium is the organisation's own and has no such rate.
    /// </summary>
    public static RateTable StartingPoint { get; } = new(
    [
        new(RateKind.MileageState, new DateOnly(2025, 1, 1), 500),
        new(RateKind.MileageState, new DateOnly(2026, 1, 1), 530),
        new(RateKind.MileageTaxFree, new DateOnly(2025, 1, 1), 350),
        new(RateKind.Passenger, new DateOnly(2025, 1, 1), 100),
        new(RateKind.PerDiemShort, new DateOnly(2025, 1, 1), 39_700),
        new(RateKind.PerDiemLong, new DateOnly(2025, 1, 1), 73_600),
        new(RateKind.PerDiemNight, new DateOnly(2025, 1, 1), 101_200),
    ]);

    /// <summary>In the order in which the table is kept.</summary>
    public static RateTable Of(IEnumerable<DatedRate> rates, bool passengersEach) => new([.. rates.OrderBy(rate => rate.Kind).ThenBy(rate => rate.From)], passengersEach);

    /// <summary>The rate that holds on this day; null if there is none yet.</summary>
    public long? On(RateKind kind, DateOnly day)
    {
        long? found = null;
        foreach (var rate in Rates)
        {
            if (rate.Kind == kind && rate.From <= day) found = rate.Minor;
        }
        return found;
    }

    /// <summary>Rate times quantity in whole øre, half an øre rounded up. Exact: decimals and integers alone.</summary>
    public static long Amount(long rateMinor, decimal quantity) => (long)decimal.Round(rateMinor * quantity, 0, MidpointRounding.AwayFromZero);

    /// <summary>Everything that is wrong with it.</summary>
    public IReadOnlyList<Problem> Check()
    {
        var problems = new List<Problem>();
        if (Rates.Count > MostRates) problems.Add(new Problem(string.Create(CultureInfo.InvariantCulture, $"must be at most {MostRates}")) { Field = "rates" });
        for (var i = 0; i < Rates.Count && i < MostRates; i++)
        {
            var rate = Rates[i];
            var name = $"{rate.Kind.Text()} {rate.From.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)}";
            if (rate.Minor is < 0 or > LargestMinor) problems.Add(new Problem(string.Create(CultureInfo.InvariantCulture, $"must be 0 to {LargestMinor} minor units")) { Field = name, Value = rate.Minor.ToString(CultureInfo.InvariantCulture) });
            if (rate.From.Year is < 2000 or > 2100) problems.Add(new Problem("must hold from a day between 2000 and 2100") { Field = name });
            if (i > 0 && Rates[i - 1].Kind == rate.Kind && Rates[i - 1].From == rate.From) problems.Add(new Problem("must be the only rate of its kind and day") { Field = name });
            if (rate.Kind is RateKind.MileageState or RateKind.MileageTaxFree && On(RateKind.MileageTaxFree, rate.From) > (On(RateKind.MileageState, rate.From) ?? 0))
                problems.Add(new Problem("must leave the tax-free part no larger than the mileage rate itself") { Field = name });
        }
        return problems;
    }

    public string ToJson() => JsonSerializer.Serialize(this, FormJson.Default.RateTable);

    /// <summary>Reads what <see cref="ToJson"/> wrote.</summary>
    public static RateTable FromStored(string json) => JsonSerializer.Deserialize(json, FormJson.Default.RateTable)!;
}

/// <summary>The kinds of rates as they stand in JSON.</summary>
public static class RateKinds
{
    public static IReadOnlyList<RateKind> All { get; } = Enum.GetValues<RateKind>();

    public static string Text(this RateKind kind) => kind switch
    {
        RateKind.MileageState => "mileage-state",
        RateKind.MileageTaxFree => "mileage-tax-free",
        RateKind.Passenger => "passenger",
        RateKind.HonorariumHour => "honorarium-hour",
        RateKind.HonorariumFixed => "honorarium-fixed",
        RateKind.PerDiemShort => "per-diem-short",
        RateKind.PerDiemLong => "per-diem-long",
        RateKind.PerDiemNight => "per-diem-night",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
    };

    public static RateKind? Find(string text)
    {
        foreach (var kind in All)
        {
            if (kind.Text() == text) return kind;
        }
        return null;
    }
}

/// <summary>How forms and rates are written down: what is not said is left out.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault)]
[JsonSerializable(typeof(RateTable))]
[JsonSerializable(typeof(YearLimits))]
[JsonSerializable(typeof(FormContent))]
internal sealed partial class FormJson : JsonSerializerContext;
