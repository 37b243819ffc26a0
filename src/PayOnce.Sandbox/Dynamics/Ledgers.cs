using System.Collections.Immutable;
using System.Text.Json.Nodes;

namespace PayOnce.Sandbox.Dynamics;

/// <summary>What stands in the books, seen from outside: for tests that judge, and for people who look.</summary>
internal static class Ledgers
{
    /// <summary>
    /// Each document that stands there once: a posted invoice or journal document, a draft, the lines of a journal that waits. A draft
    /// that was posted is no longer one.
    /// </summary>
    public static IEnumerable<Booking> Bookings(Books books, string localCurrency)
    {
        foreach (var invoice in books.Invoices.Values)
            yield return new Booking(invoice.VendorInvoiceNumber, invoice.Number, invoice.Currency.Length == 0 ? localCurrency : invoice.Currency, Minor(invoice.Including), invoice.At, invoice.IsPosted ? "posted" : "draft");
        foreach (var journal in books.Journals.Values)
        {
            foreach (var document in journal.Lines.Values.Where(line => line.Amount != 0).GroupBy(line => line.DocumentNumber, StringComparer.Ordinal))
                yield return new Booking(document.Key, journal.Code, localCurrency, -Minor(document.Last().Amount), document.Last().Modified, "draft");
        }
        foreach (var document in books.Ledger.Where(entry => entry.DocumentType.Length == 0).GroupBy(entry => (entry.Transaction, entry.DocumentNumber)))
            yield return new Booking(document.Key.DocumentNumber, document.Key.DocumentNumber, localCurrency, -Minor(document.Last().Amount), document.Last().At, "journal");
    }

    public static JsonObject State(Books books, BcOptions options, IReadOnlyList<string> jobFailures)
    {
        var entities = new Entities(options);
        return new JsonObject
        {
            ["vendors"] = Rows(books.Vendors.Values, entities.Vendors),
            ["purchaseInvoices"] = new JsonArray([.. books.Invoices.Values.Select(invoice =>
            {
                var json = entities.Invoices.Json((invoice, books.Vendors.GetValueOrDefault(invoice.VendorNumber)));
                json["purchaseInvoiceLines"] = new JsonArray([.. invoice.Lines.Select(line => (JsonNode)With(entities.InvoiceLines.Json((invoice, line)), line.Dimensions))]);
                return (JsonNode)json;
            })]),
            ["journals"] = new JsonArray([.. books.Journals.Values.Select(journal =>
            {
                var json = entities.Journals.Json(journal);
                json["journalLines"] = new JsonArray([.. journal.Lines.Values.Select(line => (JsonNode)With(entities.JournalLines.Json((journal, line)), line.Dimensions))]);
                return (JsonNode)json;
            })]),
            ["generalLedgerEntries"] = new JsonArray([.. books.Ledger.Select(entry => (JsonNode)With(entities.Ledger.Json(entry), entry.Dimensions))]),
            ["scheduledPosts"] = books.Scheduled.Count,
            ["jobFailures"] = new JsonArray([.. jobFailures.Select(failure => (JsonNode)failure)]),
        };
    }

    private static JsonArray Rows<T>(IEnumerable<T> rows, Entity<T> entity) => new([.. rows.Select(row => (JsonNode)entity.Json(row))]);

    private static JsonObject With(JsonObject json, ImmutableSortedDictionary<string, string> dimensions)
    {
        if (dimensions.Count > 0) json["dimensions"] = new JsonObject(dimensions.Select(one => KeyValuePair.Create(one.Key, (JsonNode?)one.Value)));
        return json;
    }

    private static long Minor(decimal amount) => (long)(amount * 100);
}
