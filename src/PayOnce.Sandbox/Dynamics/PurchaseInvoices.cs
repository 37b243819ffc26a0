using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;

namespace PayOnce.Sandbox.Dynamics;

/// <summary>
/// Purchase invoices: drafts are created with their lines, are not unique, and are posted by an action that refuses a second
/// invoice of the same vendor with the same vendor invoice number. The id stays the draft's own after posting; the number does not.
/// </summary>
internal static class PurchaseInvoices
{
    public static Invoice Create(BcSession session, JsonElement body)
    {
        var invoice = new Invoice(session.NewId(), session.Next(), (session.Books.DraftNumber + 1).ToString(CultureInfo.InvariantCulture), "Draft", session.Next(), session.Now)
        {
            InvoiceDate = session.Today,
            PostingDate = session.Today,
            DueDate = session.Today,
        };
        session.Books = session.Books with { DraftNumber = session.Books.DraftNumber + 1 };
        invoice = Read(session, invoice, body);
        if (invoice.VendorNumber.Length == 0) throw BcRefusal.Dialog("A \"vendorNumber\" or a \"vendorID\" must be provided.");
        session.Books = session.Books.With(invoice);
        return invoice;
    }

    public static Invoice Change(BcSession session, Guid id, JsonElement body)
    {
        var invoice = Get(session, id);
        if (invoice.IsPosted) throw BcRefusal.Dialog("The invoice is posted and can no longer be modified.");
        invoice = Read(session, invoice, body) with { Version = session.Next(), At = session.Now };
        session.Books = session.Books.With(invoice);
        return invoice;
    }

    public static void Delete(BcSession session, Guid id)
    {
        var invoice = Get(session, id);
        if (invoice.IsPosted) throw BcRefusal.Dialog($"You cannot delete posted purchase documents that are posted after {session.Today.Year.ToString(CultureInfo.InvariantCulture)}.");
        session.Books = session.Books.Without(invoice);
    }

    public static InvoiceLine AddLine(BcSession session, Guid id, JsonElement body)
    {
        var invoice = Get(session, id);
        var line = ReadLine(session, invoice, body);
        session.Books = session.Books.With(invoice with { Lines = invoice.Lines.Add(line), Version = session.Next() });
        return line;
    }

    public static void Save(BcSession session, Invoice invoice, InvoiceLine line) =>
        session.Books = session.Books.With(invoice with { Lines = invoice.Lines.SetItem(invoice.Lines.FindIndex(other => other.Id == line.Id), line with { Version = session.Next() }), Version = session.Next() });

    public static Invoice Get(BcSession session, Guid id) =>
        session.Books.InvoiceOrder.TryGetValue(id, out var order) ? session.Books.Invoices[order] : throw BcRefusal.NoRecord();

    public static InvoiceLine GetLine(Invoice invoice, Guid id) => invoice.Lines.FirstOrDefault(line => line.Id == id) ?? throw BcRefusal.NoRecord();

    /// <summary>Checks what can be checked before a job is scheduled.</summary>
    public static void CheckDraft(BcSession session, Guid id)
    {
        if (!session.Books.InvoiceOrder.ContainsKey(id)) throw BcRefusal.Dialog("The invoice cannot be found.");
        if (Get(session, id).IsPosted) throw BcRefusal.Dialog("The action can be applied to a draft invoice only.");
    }

    /// <summary>Posts, or refuses with nothing changed.</summary>
    public static void Post(BcSession session, Guid id)
    {
        CheckDraft(session, id);
        var invoice = Get(session, id);
        var vendor = session.FindVendor(invoice.VendorNumber) ?? throw BcRefusal.Dialog("The vendor cannot be found.");
        if (vendor.Blocked == "All") throw BcRefusal.Dialog($"You cannot post this type of document when Vendor {vendor.Number} is blocked with type All");
        if (invoice.Lines.All(line => line.Type == "Comment" || line.Quantity == 0)) throw BcRefusal.Dialog("There is nothing to post.");
        session.CheckPostingDate(invoice.PostingDate, $"Purchase Header Document Type='Invoice',No.='{invoice.Number}'");
        if (invoice.VendorInvoiceNumber.Length == 0) throw BcRefusal.Dialog($"You need to enter the document number of the document from the vendor in the Vendor Invoice No. field, so that this document stays linked to the original.");
        if (session.Books.VendorInvoices.Contains((vendor.Number, invoice.VendorInvoiceNumber))) throw BcRefusal.Dialog($"Purchase Invoice {invoice.VendorInvoiceNumber} already exists for this vendor.");
        var number = (session.Books.PostedNumber + 1).ToString(CultureInfo.InvariantCulture);
        var transaction = session.Next();
        var text = $"Invoice {invoice.Number}";
        foreach (var line in invoice.Lines.Where(line => line.Type == "Account")) Enter(line.Object, line.Excluding(invoice.PricesIncludeTax), line.Description, line.Dimensions);
        if (invoice.Including != invoice.Excluding) Enter("2710", invoice.Including - invoice.Excluding, text, invoice.Dimensions);
        Enter(session.Options.PayablesAccount, -invoice.Including, text, invoice.Dimensions);
        session.Books = session.Books.With(invoice with { Number = number, Status = "Open", Version = session.Next(), At = session.Now }) with
        {
            PostedNumber = session.Books.PostedNumber + 1,
            VendorInvoices = session.Books.VendorInvoices.Add((vendor.Number, invoice.VendorInvoiceNumber)),
        };

        void Enter(string account, decimal amount, string description, ImmutableSortedDictionary<string, string> dimensions) =>
            session.Books = session.Books.With(new LedgerEntry(session.NewId(), session.Books.Ledger.Count + 1, transaction, invoice.PostingDate, number, invoice.VendorInvoiceNumber, "Invoice", account, description, amount, session.Now) { Dimensions = dimensions });
    }

    private static Invoice Read(BcSession session, Invoice invoice, JsonElement body)
    {
        new BodyReader("purchaseInvoice", new Dictionary<string, BodyReader.Field>
        {
            ["id"] = BodyReader.ReadOnly,
            ["number"] = BodyReader.ReadOnly,
            ["vendorName"] = BodyReader.ReadOnly,
            ["payToName"] = BodyReader.ReadOnly,
            ["orderId"] = BodyReader.ReadOnly,
            ["orderNumber"] = BodyReader.ReadOnly,
            ["totalAmountExcludingTax"] = BodyReader.ReadOnly,
            ["totalTaxAmount"] = BodyReader.ReadOnly,
            ["status"] = BodyReader.ReadOnly,
            ["invoiceDate"] = BodyReader.Date(date => invoice = invoice with { InvoiceDate = date }),
            ["postingDate"] = BodyReader.Date(date => invoice = invoice with { PostingDate = date }),
            ["dueDate"] = BodyReader.Date(date => invoice = invoice with { DueDate = date }),
            ["vendorInvoiceNumber"] = BodyReader.Code(35, text => invoice = invoice with { VendorInvoiceNumber = text }),
            ["vendorNumber"] = BodyReader.Code(20, number =>
                invoice = session.FindVendor(number) is null ? throw BcRefusal.Dialog("The vendor cannot be found.") : invoice with { VendorNumber = number }),
            ["currencyCode"] = BodyReader.Code(10, code => invoice = invoice with { Currency = code == session.Options.LocalCurrency ? "" : code }),
            ["pricesIncludeTax"] = BodyReader.Flag(flag => invoice = invoice with { PricesIncludeTax = flag }),
            ["purchaseInvoiceLines"] = BodyReader.Children(line => invoice = invoice with { Lines = invoice.Lines.Add(ReadLine(session, invoice, line)) }),
            ["dimensionSetLines"] = BodyReader.Children(line => invoice = invoice with { Dimensions = session.AddDimension(invoice.Dimensions, line) }),
        }).Apply(body);
        return invoice;
    }

    private static InvoiceLine ReadLine(BcSession session, Invoice invoice, JsonElement body)
    {
        var line = new InvoiceLine(session.NewId(), (invoice.Lines.Count == 0 ? 0 : invoice.Lines.Max(other => other.Sequence)) + 10_000, session.Next());
        new BodyReader("purchaseInvoiceLine", new Dictionary<string, BodyReader.Field>
        {
            ["id"] = BodyReader.ReadOnly,
            ["taxPercent"] = BodyReader.ReadOnly,
            ["totalTaxAmount"] = BodyReader.ReadOnly,
            ["sequence"] = BodyReader.Integer(number => line = invoice.Lines.Any(other => other.Sequence == number) ? throw SameKey(session) : line with { Sequence = number }),
            ["lineType"] = BodyReader.Enumeration(Caption.LineTypes, type => line = line with { Type = type }),
            // The number is looked up as what the line's type says at that moment: the order of the properties matters.
            ["lineObjectNumber"] = BodyReader.Code(20, number => line = line.Type switch
            {
                "Account" when session.Options.Accounts.TryGetValue(number, out var tax) => line with { Object = number, TaxPercent = tax, Dimensions = session.DefaultDimensions(number) },
                "Account" => throw BcRefusal.Dialog("Account does not exist."),
                "Item" => throw BcRefusal.Dialog("Item does not exist."),
                _ => throw BcRefusal.NoRelation("No.", "Purchase Line", number, "Standard Text"),
            }),
            ["description"] = BodyReader.Text(100, text => line = line with { Description = text }),
            ["description2"] = BodyReader.Text(50, _ => { }),
            ["unitOfMeasureCode"] = BodyReader.Code(10, _ => { }),
            ["unitCost"] = BodyReader.Number(amount => line = line with { UnitCost = amount }),
            ["quantity"] = BodyReader.Number(amount => line = line with { Quantity = amount }),
            ["dimensionSetLines"] = BodyReader.Children(dimension => line = line with { Dimensions = session.AddDimension(line.Dimensions, dimension) }),
        }).Apply(body);
        return line;
    }

    private static BcRefusal SameKey(BcSession session) =>
        new(session.Options.SameKeyStatus, "Internal_EntityWithSameKeyExists", "The record in table Purchase Line already exists.");
}
