using System.Text.Json;
using PayOnce.Exporters.Api;

namespace PayOnce.Exporters.Dynamics;

/// <summary>A purchase invoice as Business Central shows it.</summary>
/// <param name="TotalMinor">Null where it is no whole number of minor units.</param>
internal sealed record InvoiceRow(Guid Id, string Number, string Vendor, string Key, string Status, string Currency, long? TotalMinor, string ETag)
{
    public const string Select = "$select=id,number,vendorNumber,vendorInvoiceNumber,status,currencyCode,totalAmountIncludingTax";

    /// <summary>In the ledger. What was cancelled or corrected there later was in it, and is for a person.</summary>
    public bool IsPosted => Status is "Open" or "Paid";

    public bool IsUndone => Status is "Canceled" or "Corrective";

    /// <summary>Null if what an invoice must have is missing or of another kind.</summary>
    public static InvoiceRow? Read(JsonElement entity)
    {
        if (BcReply.Id(entity) is not { } id || AnswerJson.Text(entity, "number") is not { } number || AnswerJson.Text(entity, "vendorNumber") is not { } vendor) return null;
        if (AnswerJson.Text(entity, "vendorInvoiceNumber") is not { } key || AnswerJson.Text(entity, "status") is not { } status || AnswerJson.Text(entity, "@odata.etag") is not { } tag) return null;
        return new InvoiceRow(id, Problem.Printable(number), vendor, key, Decoded(status), AnswerJson.Text(entity, "currencyCode") ?? "", BcReply.Minor(entity, "totalAmountIncludingTax"), tag);
    }

    /// <summary>What is not as the claim says; null if all is.</summary>
    public string? Differs(ExpectedClaim claim, string localCurrency)
    {
        if (!string.Equals(Vendor, claim.ClaimantId, StringComparison.OrdinalIgnoreCase)) return $"Purchase invoice {Number} with this key belongs to vendor {Problem.Printable(Vendor)}.";
        if (Currency != claim.Currency && !(Currency.Length == 0 && claim.Currency == localCurrency)) return $"Purchase invoice {Number} is in {Problem.Printable(Currency)}, the claim in {claim.Currency}.";
        return TotalMinor == claim.TotalMinor
            ? null
            : $"Purchase invoice {Number} has the total {(TotalMinor is { } total ? Amount(total) : "of no whole minor units")}, the claim {Amount(claim.TotalMinor)}.";
    }

    public static string Amount(long minor) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{minor / 100m:0.00}");

    /// <summary>Draft numbers come from a series that only rises; the shorter of two is the older.</summary>
    public static int ByAge(InvoiceRow left, InvoiceRow right)
    {
        var byLength = left.Number.Length.CompareTo(right.Number.Length);
        if (byLength != 0) return byLength;
        var byNumber = string.CompareOrdinal(left.Number, right.Number);
        return byNumber != 0 ? byNumber : left.Id.CompareTo(right.Id);
    }

    // Enumerations come as captions or with their characters encoded (In_x0020_Review).
    private static string Decoded(string status) => status.Replace("_x0020_", " ", StringComparison.OrdinalIgnoreCase).Trim();
}
