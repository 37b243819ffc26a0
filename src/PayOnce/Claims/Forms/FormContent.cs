using System.Text.Json;

namespace PayOnce.Claims.Forms;

/// <summary>What kind of claim a form is.</summary>
public enum FormKind
{
    /// <summary>A driver's assignment; needs the acknowledged declaration.</summary>
    DriverHonorarium,

    /// <summary>A journey.</summary>
    Travel,
}

/// <summary>How an assignment is paid.</summary>
public enum HonorariumPay
{
    /// <summary>Nothing beside what was spent.</summary>
    None,

    Hours,

    Fixed,
}

/// <summary>
/// What a claimant fills in. A draft may lack anything; <see cref="FormRules"/> says what it takes to submit. The texts stay in the form
/// and go into no claim, ledger, log or audit trail.
/// </summary>
public sealed record FormContent
{
    /// <summary>Of the assignment, or of the journey's beginning. It decides which rates hold.</summary>
    public DateOnly? Date { get; init; }

    /// <summary>Travel: when the journey began.</summary>
    public TimeOnly? Departure { get; init; }

    /// <summary>Travel: the day it ended.</summary>
    public DateOnly? ReturnDate { get; init; }

    /// <summary>Travel: when it ended.</summary>
    public TimeOnly? Return { get; init; }

    /// <summary>Honorarium: route or assignment number, no names of people met. Travel: its purpose.</summary>
    public string Reference { get; init; } = "";

    /// <summary>Travel: from where to where.</summary>
    public string Route { get; init; } = "";

    /// <summary>Travel: who came along, where the passenger supplement is claimed.</summary>
    public string PassengerNames { get; init; } = "";

    public HonorariumPay Pay { get; init; }

    /// <summary>At most two decimals.</summary>
    public decimal Hours { get; init; }

    /// <summary>At most one decimal.</summary>
    public decimal Kilometres { get; init; }

    public int Passengers { get; init; }

    /// <summary>Travel: days of 6 to 12 hours without a night away.</summary>
    public int ShortDays { get; init; }

    /// <summary>Travel: days of more than 12 hours without a night away.</summary>
    public int LongDays { get; init; }

    /// <summary>Travel: nights away with per diem.</summary>
    public int Nights { get; init; }

    /// <summary>Tolls, ferries and parking; needs no receipt.</summary>
    public long TollsMinor { get; init; }

    /// <summary>Travel: tickets.</summary>
    public long TicketsMinor { get; init; }

    /// <summary>Travel: lodging.</summary>
    public long LodgingMinor { get; init; }

    /// <summary>Travel: other outlays with a receipt.</summary>
    public long OtherMinor { get; init; }

    public string ToJson() => JsonSerializer.Serialize(this, FormJson.Default.FormContent);

    /// <summary>Reads what <see cref="ToJson"/> wrote.</summary>
    public static FormContent FromStored(string json) => JsonSerializer.Deserialize(json, FormJson.Default.FormContent)!;
}

/// <summary>The kinds of forms as they stand in the store, in URLs and as the type of the claims that come of them.</summary>
public static class FormKinds
{
    public static string Text(this FormKind kind) => kind switch
    {
        FormKind.DriverHonorarium => "driver-honorarium",
        FormKind.Travel => "travel",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
    };

    public static FormKind? Find(string text) => text switch
    {
        "driver-honorarium" => FormKind.DriverHonorarium,
        "travel" => FormKind.Travel,
        _ => null,
    };

    public static FormKind Parse(string text) => Find(text) ?? throw new FormatException($"\"{text}\" is no kind of form.");

    /// <summary>The organisation's flag that lets people fill this kind in.</summary>
    public static string Flag(this FormKind kind) => kind is FormKind.DriverHonorarium ? OrganisationFlags.DriverHonorarium : OrganisationFlags.ClaimForms;
}
