using System.Collections.Immutable;

namespace PayOnce.Sandbox.Dynamics;

/// <summary>
/// Everything a company holds. Never changed, only replaced: an operation that fails leaves the old one, a batch with
/// <c>Isolation: snapshot</c> goes back to the one it began with, and a lagging read is given an older one.
/// </summary>
internal sealed record Books
{
    public ImmutableSortedDictionary<string, Vendor> Vendors { get; init; } = ImmutableSortedDictionary.Create<string, Vendor>(StringComparer.Ordinal);

    /// <summary>By the order of their creation.</summary>
    public ImmutableSortedDictionary<long, Invoice> Invoices { get; init; } = ImmutableSortedDictionary<long, Invoice>.Empty;

    public ImmutableDictionary<Guid, long> InvoiceOrder { get; init; } = ImmutableDictionary<Guid, long>.Empty;

    public ImmutableDictionary<string, ImmutableList<long>> InvoicesByVendorInvoice { get; init; } = ImmutableDictionary<string, ImmutableList<long>>.Empty;

    public ImmutableSortedDictionary<string, JournalBatch> Journals { get; init; } = ImmutableSortedDictionary.Create<string, JournalBatch>(StringComparer.Ordinal);

    public ImmutableDictionary<Guid, string> JournalCodes { get; init; } = ImmutableDictionary<Guid, string>.Empty;

    public ImmutableList<LedgerEntry> Ledger { get; init; } = [];

    public ImmutableDictionary<string, ImmutableList<int>> LedgerByDocument { get; init; } = ImmutableDictionary<string, ImmutableList<int>>.Empty;

    /// <summary>Vendor and external document number of every vendor ledger entry of type Invoice: what posting refuses a second time.</summary>
    public ImmutableHashSet<(string Vendor, string External)> VendorInvoices { get; init; } = [];

    public ImmutableList<ScheduledPost> Scheduled { get; init; } = [];

    /// <summary>Of row versions, ids and orders.</summary>
    public long Counter { get; init; }

    public int DraftNumber { get; init; } = 108_000;

    public int PostedNumber { get; init; } = 108_200;

    public Books With(Invoice invoice)
    {
        var order = InvoiceOrder.TryGetValue(invoice.Id, out var known) ? known : invoice.Order;
        var books = this with { Invoices = Invoices.SetItem(order, invoice), InvoiceOrder = InvoiceOrder.SetItem(invoice.Id, order) };
        var old = Invoices.GetValueOrDefault(order);
        if (old is not null && old.VendorInvoiceNumber != invoice.VendorInvoiceNumber) books = books.Unindex(old);
        var same = books.InvoicesByVendorInvoice.GetValueOrDefault(invoice.VendorInvoiceNumber, []);
        return same.Contains(order) ? books : books with { InvoicesByVendorInvoice = books.InvoicesByVendorInvoice.SetItem(invoice.VendorInvoiceNumber, same.Add(order)) };
    }

    public Books Without(Invoice invoice) => Unindex(invoice) with { Invoices = Invoices.Remove(invoice.Order), InvoiceOrder = InvoiceOrder.Remove(invoice.Id) };

    public Books With(JournalBatch journal) => this with { Journals = Journals.SetItem(journal.Code, journal), JournalCodes = JournalCodes.SetItem(journal.Id, journal.Code) };

    public Books Without(JournalBatch journal) => this with { Journals = Journals.Remove(journal.Code), JournalCodes = JournalCodes.Remove(journal.Id) };

    public Books With(LedgerEntry entry) => this with
    {
        Ledger = Ledger.Add(entry),
        LedgerByDocument = LedgerByDocument.SetItem(entry.DocumentNumber, LedgerByDocument.GetValueOrDefault(entry.DocumentNumber, []).Add(Ledger.Count)),
    };

    private Books Unindex(Invoice invoice) =>
        this with { InvoicesByVendorInvoice = InvoicesByVendorInvoice.SetItem(invoice.VendorInvoiceNumber, InvoicesByVendorInvoice.GetValueOrDefault(invoice.VendorInvoiceNumber, []).Remove(invoice.Order)) };
}

internal sealed record Vendor(Guid Id, string Number, string DisplayName, string Blocked, long Version, DateTimeOffset Modified);

/// <param name="Status">Caption: <c>Draft</c>, <c>Open</c>, <c>In Review</c>.</param>
/// <param name="At">When it was created or, once posted, posted.</param>
internal sealed record Invoice(Guid Id, long Order, string Number, string Status, long Version, DateTimeOffset At)
{
    public DateOnly InvoiceDate { get; init; }

    public DateOnly PostingDate { get; init; }

    public DateOnly DueDate { get; init; }

    public string VendorNumber { get; init; } = "";

    public string VendorInvoiceNumber { get; init; } = "";

    /// <summary>Blank: the company's own.</summary>
    public string Currency { get; init; } = "";

    public bool PricesIncludeTax { get; init; }

    public ImmutableSortedDictionary<string, string> Dimensions { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    public ImmutableList<InvoiceLine> Lines { get; init; } = [];

    public bool IsPosted => Status is not ("Draft" or "In Review");

    public decimal Including => Lines.Sum(line => line.Including(PricesIncludeTax));

    public decimal Excluding => Lines.Sum(line => line.Excluding(PricesIncludeTax));
}

internal sealed record InvoiceLine(Guid Id, int Sequence, long Version)
{
    public string Type { get; init; } = "Comment";

    public string Object { get; init; } = "";

    public string Description { get; init; } = "";

    public decimal UnitCost { get; init; }

    public decimal Quantity { get; init; }

    /// <summary>Of the account's posting group.</summary>
    public decimal TaxPercent { get; init; }

    public ImmutableSortedDictionary<string, string> Dimensions { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    public decimal Including(bool pricesIncludeTax) => pricesIncludeTax ? Rounded(UnitCost * Quantity) : Rounded(UnitCost * Quantity * (100 + TaxPercent) / 100);

    public decimal Excluding(bool pricesIncludeTax) => pricesIncludeTax ? Rounded(UnitCost * Quantity * 100 / (100 + TaxPercent)) : Rounded(UnitCost * Quantity);

    private static decimal Rounded(decimal amount) => decimal.Round(amount, 2, MidpointRounding.AwayFromZero);
}

internal sealed record JournalBatch(Guid Id, string Code, string DisplayName, string Template, long Version, DateTimeOffset Modified)
{
    /// <summary>By "Line No.", the last part of the table's primary key.</summary>
    public ImmutableSortedDictionary<int, JournalLine> Lines { get; init; } = ImmutableSortedDictionary<int, JournalLine>.Empty;
}

internal sealed record JournalLine(Guid Id, int Number, long Version, DateTimeOffset Modified)
{
    /// <summary>Caption.</summary>
    public string AccountType { get; init; } = "G/L Account";

    public string Account { get; init; } = "";

    public string BalanceAccountType { get; init; } = "G/L Account";

    public string BalanceAccount { get; init; } = "";

    public DateOnly PostingDate { get; init; }

    public string DocumentNumber { get; init; } = "";

    public string ExternalDocumentNumber { get; init; } = "";

    public decimal Amount { get; init; }

    public string Description { get; init; } = "";

    public string Comment { get; init; } = "";

    public ImmutableSortedDictionary<string, string> Dimensions { get; init; } = ImmutableSortedDictionary<string, string>.Empty;
}

/// <param name="Transaction">Entries of one posting share it.</param>
/// <param name="External">Stored, but not shown by version 2.0 of the API.</param>
internal sealed record LedgerEntry(Guid Id, int Number, long Transaction, DateOnly PostingDate, string DocumentNumber, string External, string DocumentType, string Account, string Description, decimal Amount, DateTimeOffset At)
{
    public ImmutableSortedDictionary<string, string> Dimensions { get; init; } = ImmutableSortedDictionary<string, string>.Empty;
}

/// <summary>A post that was answered with 204 and waits for the job queue.</summary>
/// <param name="IsJournal">Otherwise a purchase invoice.</param>
internal sealed record ScheduledPost(Guid Id, bool IsJournal, DateTimeOffset Due);
