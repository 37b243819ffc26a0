using System.Text.Json;

namespace PayOnce.Claims.Forms;

/// <summary>
/// What a claimant can be paid in a calendar year before somebody must look: two sums that are counted apart (Skatteetaten's rules for
/// voluntary organisations: NOK 10 000 each). They warn and never block.
/// </summary>
/// <param name="HonorariumMinor">Pay: honorarium and what mileage comes to above its tax-free part. Beyond it the whole sum is taxable.</param>
/// <param name="ExpensesMinor">Everything else. Beyond it the sums stay free of tax, but must be reported.</param>
public sealed record YearLimits(long HonorariumMinor, long ExpensesMinor)
{
    public static YearLimits Standard { get; } = new(1_000_000, 1_000_000);

    public string ToJson() => JsonSerializer.Serialize(this, FormJson.Default.YearLimits);

    /// <summary>Reads what <see cref="ToJson"/> wrote; the standard where nothing was ever settled.</summary>
    public static YearLimits FromStored(string? json) => json is null ? Standard : JsonSerializer.Deserialize(json, FormJson.Default.YearLimits)!;

    /// <summary>Which limits these sums are beyond.</summary>
    public IEnumerable<YearWarning> Warnings(string claimantId, int year, YearSums sums)
    {
        if (sums.HonorariumMinor > HonorariumMinor) yield return new YearWarning(claimantId, year, IsHonorarium: true, sums.HonorariumMinor, HonorariumMinor);
        if (sums.ExpensesMinor > ExpensesMinor) yield return new YearWarning(claimantId, year, IsHonorarium: false, sums.ExpensesMinor, ExpensesMinor);
    }
}

/// <summary>What a claimant has been approved in one calendar year, in NOK.</summary>
public readonly record struct YearSums(long HonorariumMinor, long ExpensesMinor)
{
    public YearSums With(IEnumerable<ClaimLine> lines)
    {
        var (honorarium, expenses) = this;
        foreach (var line in lines)
        {
            if (LineCategories.IsPay(line.Category)) honorarium += line.AmountMinor;
            else expenses += line.AmountMinor;
        }
        return new(honorarium, expenses);
    }
}

/// <summary>A claimant is beyond a limit of the year.</summary>
public sealed record YearWarning(string ClaimantId, int Year, bool IsHonorarium, long TotalMinor, long LimitMinor);

/// <summary>A claim's lines as the year's sums need them.</summary>
public sealed record YearClaim(string ClaimId, string ClaimantId, string Currency, ReadOnlyMemory<byte> Lines);

/// <summary>The categories that lines of forms have: those of <see cref="Exporters.Settings.AccountSettings.Norwegian"/>.</summary>
public static class LineCategories
{
    public const string Honorarium = "honorarium";
    public const string Mileage = "mileage";

    /// <summary>What the mileage rate pays above its tax-free part: pay, on an account of its own.</summary>
    public const string MileageTaxable = "mileage-taxable";

    public const string Passenger = "passenger";
    public const string PerDiem = "per-diem";
    public const string Toll = "toll";
    public const string Ticket = "ticket";
    public const string Lodging = "lodging";
    public const string Other = "other";

    /// <summary>Whether a line is pay and no refund of what was spent.</summary>
    public static bool IsPay(string category) => category is Honorarium or MileageTaxable;
}
