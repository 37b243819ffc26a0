using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace PayOnce.Sandbox.Dynamics;

/// <summary>What a kind of entity shows, under the names and in the order of the API's own metadata.</summary>
/// <param name="Set">Name of the entity set.</param>
/// <param name="Fields">Name and value; the values' kinds are what a filter compares.</param>
/// <param name="Version">Of the row; becomes the ETag. Null: the entity has none.</param>
internal sealed record Entity<T>(string Set, IReadOnlyList<(string Name, Func<T, object?> Read)> Fields, Func<T, long>? Version)
{
    private readonly Dictionary<string, Func<T, object?>> byName = Fields.ToDictionary(field => field.Name, field => field.Read, StringComparer.Ordinal);

    public bool Knows(string field) => byName.ContainsKey(field);

    public Func<string, object?> Reader(T entity) => field => byName[field](entity);

    public string ETag(T entity) => Entities.ETag(Version!(entity));

    /// <param name="select">Null: every field.</param>
    public JsonObject Json(T entity, IReadOnlyList<string>? select = null)
    {
        var json = new JsonObject();
        if (Version is not null) json["@odata.etag"] = ETag(entity);
        foreach (var (name, read) in Fields)
        {
            if (select is null || select.Contains(name, StringComparer.Ordinal)) json[name] = Entities.Value(read(entity));
        }
        return json;
    }
}

/// <summary>The entities that are modelled. A field of the metadata that is not here is answered by nothing, as if it were not selected.</summary>
internal sealed class Entities(BcOptions options)
{
    public Entity<BcOptions> Companies { get; } = new("companies",
    [
        ("id", company => company.Company),
        ("systemVersion", _ => "26.0.30643.32100"),
        ("name", company => company.CompanyName),
        ("displayName", company => company.CompanyName),
        ("businessProfileId", _ => ""),
    ], null);

    public Entity<Vendor> Vendors { get; } = new("vendors",
    [
        ("id", vendor => vendor.Id),
        ("number", vendor => vendor.Number),
        ("displayName", vendor => vendor.DisplayName),
        ("blocked", vendor => new Caption(vendor.Blocked)),
        ("lastModifiedDateTime", vendor => vendor.Modified),
    ], vendor => vendor.Version);

    public Entity<(Invoice Invoice, Vendor? Vendor)> Invoices { get; } = new("purchaseInvoices",
    [
        ("id", row => row.Invoice.Id),
        ("number", row => row.Invoice.Number),
        ("postingDate", row => row.Invoice.PostingDate),
        ("invoiceDate", row => row.Invoice.InvoiceDate),
        ("dueDate", row => row.Invoice.DueDate),
        ("vendorInvoiceNumber", row => row.Invoice.VendorInvoiceNumber),
        ("vendorId", row => row.Vendor?.Id ?? Guid.Empty),
        ("vendorNumber", row => row.Invoice.VendorNumber),
        ("vendorName", row => row.Vendor?.DisplayName ?? ""),
        ("payToName", row => row.Vendor?.DisplayName ?? ""),
        ("payToVendorId", row => row.Vendor?.Id ?? Guid.Empty),
        ("payToVendorNumber", row => row.Invoice.VendorNumber),
        ("currencyCode", row => row.Invoice.Currency.Length == 0 ? options.LocalCurrency : row.Invoice.Currency),
        ("orderId", _ => Guid.Empty),
        ("orderNumber", _ => ""),
        ("pricesIncludeTax", row => row.Invoice.PricesIncludeTax),
        ("discountAmount", _ => 0m),
        ("discountAppliedBeforeTax", _ => false),
        ("totalAmountExcludingTax", row => row.Invoice.Excluding),
        ("totalTaxAmount", row => row.Invoice.Including - row.Invoice.Excluding),
        ("totalAmountIncludingTax", row => row.Invoice.Including),
        ("status", row => new Caption(row.Invoice.Status)),
        ("lastModifiedDateTime", row => row.Invoice.At),
    ], row => row.Invoice.Version);

    public Entity<(Invoice Invoice, InvoiceLine Line)> InvoiceLines { get; } = new("purchaseInvoiceLines",
    [
        ("id", row => row.Line.Id),
        ("documentId", row => row.Invoice.Id),
        ("sequence", row => row.Line.Sequence),
        ("lineType", row => new Caption(row.Line.Type)),
        ("lineObjectNumber", row => row.Line.Object),
        ("description", row => row.Line.Description),
        ("unitCost", row => row.Line.UnitCost),
        ("quantity", row => row.Line.Quantity),
        ("amountExcludingTax", row => row.Line.Excluding(row.Invoice.PricesIncludeTax)),
        ("taxPercent", row => row.Line.TaxPercent),
        ("totalTaxAmount", row => row.Line.Including(row.Invoice.PricesIncludeTax) - row.Line.Excluding(row.Invoice.PricesIncludeTax)),
        ("amountIncludingTax", row => row.Line.Including(row.Invoice.PricesIncludeTax)),
        ("netAmount", row => row.Line.Excluding(row.Invoice.PricesIncludeTax)),
        ("netAmountIncludingTax", row => row.Line.Including(row.Invoice.PricesIncludeTax)),
    ], row => row.Line.Version);

    public Entity<JournalBatch> Journals { get; } = new("journals",
    [
        ("id", journal => journal.Id),
        ("code", journal => journal.Code),
        ("displayName", journal => journal.DisplayName),
        ("templateDisplayName", journal => journal.Template),
        ("lastModifiedDateTime", journal => journal.Modified),
        ("balancingAccountId", _ => Guid.Empty),
        ("balancingAccountNumber", _ => ""),
    ], journal => journal.Version);

    public Entity<(JournalBatch Journal, JournalLine Line)> JournalLines { get; } = new("journalLines",
    [
        ("id", row => row.Line.Id),
        ("journalId", row => row.Journal.Id),
        ("journalDisplayName", row => row.Journal.Code),
        ("lineNumber", row => row.Line.Number),
        ("accountType", row => new Caption(row.Line.AccountType)),
        ("accountId", row => row.Line.Account.Length == 0 ? Guid.Empty : IdOf("account", row.Line.Account)),
        ("accountNumber", row => row.Line.Account),
        ("postingDate", row => row.Line.PostingDate),
        ("documentNumber", row => row.Line.DocumentNumber),
        ("externalDocumentNumber", row => row.Line.ExternalDocumentNumber),
        ("amount", row => row.Line.Amount),
        ("description", row => row.Line.Description),
        ("comment", row => row.Line.Comment),
        ("taxCode", _ => ""),
        ("balanceAccountType", row => new Caption(row.Line.BalanceAccountType)),
        ("balancingAccountId", row => row.Line.BalanceAccount.Length == 0 ? Guid.Empty : IdOf("account", row.Line.BalanceAccount)),
        ("balancingAccountNumber", row => row.Line.BalanceAccount),
        ("lastModifiedDateTime", row => row.Line.Modified),
    ], row => row.Line.Version);

    /// <summary>The external document number is not among them: version 2.0 of the API does not show it.</summary>
    public Entity<LedgerEntry> Ledger { get; } = new("generalLedgerEntries",
    [
        ("id", entry => entry.Id),
        ("entryNumber", entry => entry.Number),
        ("postingDate", entry => entry.PostingDate),
        ("documentNumber", entry => entry.DocumentNumber),
        ("documentType", entry => new Caption(entry.DocumentType)),
        ("accountId", entry => IdOf("account", entry.Account)),
        ("accountNumber", entry => entry.Account),
        ("description", entry => entry.Description),
        ("debitAmount", entry => Math.Max(entry.Amount, 0)),
        ("creditAmount", entry => Math.Max(-entry.Amount, 0)),
        ("additionalCurrencyDebitAmount", _ => 0m),
        ("additionalCurrencyCreditAmount", _ => 0m),
        ("lastModifiedDateTime", entry => entry.At),
    ], entry => entry.Number);

    public Entity<(string Code, string Value, Guid Parent, string ParentType)> Dimensions { get; } = new("dimensionSetLines",
    [
        ("id", row => IdOf("dimension", row.Code)),
        ("code", row => row.Code),
        ("consolidationCode", _ => ""),
        ("parentId", row => row.Parent),
        ("parentType", row => new Caption(row.ParentType)),
        ("displayName", row => row.Code),
        ("valueId", row => IdOf("value", row.Code + "\n" + row.Value)),
        ("valueCode", row => row.Value),
        ("valueConsolidationCode", _ => ""),
        ("valueDisplayName", row => row.Value),
    ], null);

    /// <summary>The id of something that has no row of its own here.</summary>
    public static Guid IdOf(string kind, string name) =>
        new(System.Security.Cryptography.SHA256.HashData(Encoding.UTF8.GetBytes(kind + "\n" + name)).AsSpan(0, 16));

    /// <summary>In the shape of recorded ones: <c>W/"JzE5OzIxMzk2MzA0ODM0ODgyMTU4MDgxOzAwOyc="</c>, which is <c>'19;21396304834882158081;00;'</c>.</summary>
    public static string ETag(long version) =>
        $"W/\"{Convert.ToBase64String(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"'19;{1_290_205_403_000_000_000UL + (ulong)version};00;'")))}\"";

    public static JsonNode? Value(object? value) => value switch
    {
        null => null,
        string text => JsonValue.Create(text),
        Guid id => JsonValue.Create(id.ToString()),
        DateOnly date => JsonValue.Create(date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)),
        DateTimeOffset moment => JsonValue.Create(moment.ToUniversalTime().ToString("yyyy-MM-ddTHH:mm:ss.FFF'Z'", CultureInfo.InvariantCulture)),
        decimal number => JsonValue.Create(number),
        int number => JsonValue.Create(number),
        bool flag => JsonValue.Create(flag),
        Caption caption => JsonValue.Create(caption.Wire()),
        _ => throw new InvalidOperationException($"No JSON for {value.GetType()}."),
    };
}
