using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace PayOnce.Sandbox.Dynamics;

/// <summary>Answers one request below the API's root from the books of one session. Line sets are found under their parents only.</summary>
internal sealed partial class CompanyApi(BcOptions options, BcSession session, FaultContext faults)
{
    private readonly Entities entities = new(options);

    public BcAnswer Answer(BcCall call)
    {
        var steps = Steps(call.Path);
        var query = new ODataQuery(call.Query);
        if (steps is [("companies", null)]) return Read(call, () => query.Page(entities.Companies, [options], options.PageSize, call.Root, call.Address));
        if (steps[0] is not ("companies", { } company)) throw BcRefusal.NotFound(steps[0].Set);
        if (company != options.Company) throw new BcRefusal(404, "Internal_CompanyNotFound", $"The company \"{company}\" does not exist.");
        return (steps[1..], call.Method) switch
        {
            ([], _) => Read(call, () => entities.Companies.Json(options)),
            ([("vendors", var id)], _) => Vendors(call, query, id),
            ([("purchaseInvoices", var id)], _) => Invoices(call, query, id),
            ([("purchaseInvoices", { } id), (PostAction, null)], "POST") => Post(id, isJournal: false),
            ([("purchaseInvoices", { } id), ("purchaseInvoiceLines", var line), .. var rest], _) => InvoiceLines(call, query, id, line, rest),
            ([("journals", var id)], _) => JournalBatches(call, query, id),
            ([("journals", { } id), (PostAction, null)], "POST") => Post(id, isJournal: true),
            ([("journals", { } id), ("journalLines", var line), .. var rest], _) => JournalLines(call, query, id, line, rest),
            ([("generalLedgerEntries", var id)], _) => Ledger(call, query, id),
            ([("purchaseInvoiceLines", _), ..], _) => throw BcRefusal.Dialog("You must specify an Id or a Document Id to get the lines."),
            ([("journalLines", _), ..], _) => throw BcRefusal.Dialog("You must specify a journal batch ID or a journal ID to get a journal line."),
            ([("dimensionSetLines", _), ..], _) => throw BcRefusal.Dialog("You must get to the parent first to get to the dimension set line."),
            var (other, _) => throw BcRefusal.NotFound(other[0].Set),
        };
    }

    // Action names are not case-sensitive, as was seen live; paths are brought to this form.
    private const string PostAction = "microsoft.nav.post";

    private BcAnswer Vendors(BcCall call, ODataQuery query, Guid? id)
    {
        if (id is { } key)
        {
            var vendor = session.Books.Vendors.Values.FirstOrDefault(vendor => vendor.Id == key) ?? throw BcRefusal.NoRecord();
            return Read(call, () => entities.Vendors.Json(vendor, query.Select));
        }
        if (call.Method == "GET")
        {
            if (options.EveryVendor && call.Query.GetValueOrDefault("$filter") is { } filter && NumberFilter().Match(filter) is { Success: true } asked) session.FindVendor(asked.Groups[1].Value);
            return Read(call, () => query.Page(entities.Vendors, session.Books.Vendors.Values, options.PageSize, call.Root, call.Address));
        }
        if (call.Method != "POST") throw NotAllowed();
        var created = new Vendor(session.NewId(), "", "", "", session.Next(), session.Now);
        new BodyReader("vendor", new Dictionary<string, BodyReader.Field>
        {
            ["number"] = BodyReader.Code(20, number => created = created with { Number = number }),
            ["displayName"] = BodyReader.Text(100, name => created = created with { DisplayName = name }),
            ["blocked"] = BodyReader.Enumeration(["", " ", "Payment", "All"], blocked => created = created with { Blocked = blocked.Trim() }),
            ["id"] = BodyReader.ReadOnly,
        }).Apply(Parsed(call));
        if (created.Number.Length == 0) created = created with { Number = string.Create(CultureInfo.InvariantCulture, $"V{session.Next():D6}") };
        if (session.Books.Vendors.ContainsKey(created.Number))
            throw new BcRefusal(options.SameKeyStatus, "Internal_EntityWithSameKeyExists", $"The record in table Vendor already exists. Identification fields and values: No.='{created.Number}'");
        session.Books = session.Books with { Vendors = session.Books.Vendors.Add(created.Number, created) };
        return Created(call, entities.Vendors.Json(created), created.Id);
    }

    private BcAnswer Invoices(BcCall call, ODataQuery query, Guid? id)
    {
        switch (call.Method)
        {
            case "GET" when id is null:
                return Read(call, () => query.Page(entities.Invoices, Candidates(call).Select(Row), options.PageSize, call.Root, call.Address, Nest));
            case "GET":
                var row = Row(PurchaseInvoices.Get(session, id.Value));
                var json = entities.Invoices.Json(row, query.Select);
                Nest(row, json);
                if (faults.Take(FaultKind.IncompleteAnswer)) json.Remove("status");
                return Read(call, () => json);
            case "POST" when id is null:
                if (faults.Take(FaultKind.PartialFailure)) throw BcRefusal.Dialog("Account does not exist.");
                var created = PurchaseInvoices.Create(session, Parsed(call));
                return Created(call, entities.Invoices.Json(Row(created)), created.Id);
            case "PATCH" when id is { } key:
                Match(call, PurchaseInvoices.Get(session, key).Version);
                return new BcAnswer(200, entities.Invoices.Json(Row(PurchaseInvoices.Change(session, key, Parsed(call)))));
            case "DELETE" when id is { } key:
                Match(call, PurchaseInvoices.Get(session, key).Version);
                PurchaseInvoices.Delete(session, key);
                return new BcAnswer(204, null);
            default:
                throw NotAllowed();
        }

        (Invoice, Vendor?) Row(Invoice invoice) => (invoice, session.Books.Vendors.GetValueOrDefault(invoice.VendorNumber));

        void Nest((Invoice Invoice, Vendor?) row, JsonObject json)
        {
            if (!query.Expands("purchaseInvoiceLines")) return;
            json["purchaseInvoiceLines"] = new JsonArray([.. row.Invoice.Lines.Select(line => (JsonNode)entities.InvoiceLines.Json((row.Invoice, line)))]);
        }
    }

    // Keeps a look-up by key from reading every invoice there ever was, as the service's own index does.
    private IEnumerable<Invoice> Candidates(BcCall call)
    {
        var books = session.Books;
        var keys = Keys(call, VendorInvoiceFilter(), "vendorInvoiceNumber");
        if (keys.Count == 0) return books.Invoices.Values;
        return keys.SelectMany(key => books.InvoicesByVendorInvoice.GetValueOrDefault(key, [])).Order().Select(order => books.Invoices[order]);
    }

    private BcAnswer InvoiceLines(BcCall call, ODataQuery query, Guid id, Guid? line, (string Set, Guid? Id)[] rest)
    {
        var invoice = PurchaseInvoices.Get(session, id);
        if (line is null)
        {
            if (call.Method == "GET") return Read(call, () => query.Page(entities.InvoiceLines, invoice.Lines.Select(one => (invoice, one)), options.PageSize, call.Root, call.Address, Nest));
            if (call.Method != "POST") throw NotAllowed();
            if (invoice.IsPosted) throw BcRefusal.Dialog("The invoice is posted and can no longer be modified.");
            var added = PurchaseInvoices.AddLine(session, id, Parsed(call));
            return Created(call, entities.InvoiceLines.Json((invoice, added)), added.Id);
        }
        var found = PurchaseInvoices.GetLine(invoice, line.Value);
        if (rest is []) return Read(call, () => entities.InvoiceLines.Json((invoice, found), query.Select));
        return Dimensions(call, query, rest, found.Dimensions, found.Id, "Purchase Invoice Line", changed => PurchaseInvoices.Save(session, invoice, found with { Dimensions = changed }));

        void Nest((Invoice, InvoiceLine Line) row, JsonObject json)
        {
            if (query.Expands("dimensionSetLines")) json["dimensionSetLines"] = Set(row.Line.Dimensions, row.Line.Id, "Purchase Invoice Line");
        }
    }

    private BcAnswer JournalBatches(BcCall call, ODataQuery query, Guid? id)
    {
        switch (call.Method)
        {
            case "GET" when id is null:
                return Read(call, () => query.Page(entities.Journals, session.Books.Journals.Values, options.PageSize, call.Root, call.Address));
            case "GET":
                return Read(call, () => entities.Journals.Json(Journals.Get(session, id.Value), query.Select));
            case "POST" when id is null:
                var created = Journals.Create(session, Parsed(call));
                return Created(call, entities.Journals.Json(created), created.Id);
            case "PATCH" when id is { } key:
                Match(call, Journals.Get(session, key).Version);
                return new BcAnswer(200, entities.Journals.Json(Journals.Change(session, key, Parsed(call))));
            case "DELETE" when id is { } key:
                Match(call, Journals.Get(session, key).Version);
                Journals.Delete(session, key);
                return new BcAnswer(204, null);
            default:
                throw NotAllowed();
        }
    }

    private BcAnswer JournalLines(BcCall call, ODataQuery query, Guid id, Guid? line, (string Set, Guid? Id)[] rest)
    {
        var journal = Journals.Get(session, id);
        if (line is null)
        {
            if (call.Method == "GET") return Read(call, () => query.Page(entities.JournalLines, Journals.Shown(journal).Select(one => (journal, one)), options.PageSize, call.Root, call.Address, Nest));
            if (call.Method != "POST") throw NotAllowed();
            if (faults.Take(FaultKind.PartialFailure)) throw BcRefusal.NoRelation("Account No.", "Gen. Journal Line", "0", "G/L Account");
            var added = Journals.AddLine(session, id, Parsed(call));
            return Created(call, entities.JournalLines.Json((journal, added)), added.Id);
        }
        var found = Journals.GetLine(journal, line.Value);
        if (rest is not []) return Dimensions(call, query, rest, found.Dimensions, found.Id, "Journal Line", changed => Journals.Save(session, journal, found with { Dimensions = changed }));
        if (call.Method != "DELETE") return Read(call, () => entities.JournalLines.Json((journal, found), query.Select));
        Match(call, found.Version);
        Journals.DeleteLine(session, journal, found);
        return new BcAnswer(204, null);

        void Nest((JournalBatch, JournalLine Line) row, JsonObject json)
        {
            if (query.Expands("dimensionSetLines")) json["dimensionSetLines"] = Set(row.Line.Dimensions, row.Line.Id, "Journal Line");
        }
    }

    private BcAnswer Ledger(BcCall call, ODataQuery query, Guid? id)
    {
        if (!options.MayReadLedger) throw new BcRefusal(403, "Authorization_RequestDenied", "You do not have permission to read table 17 (G/L Entry).");
        if (id is { } key) return Read(call, () => entities.Ledger.Json(session.Books.Ledger.FirstOrDefault(entry => entry.Id == key) ?? throw BcRefusal.NoRecord(), query.Select));
        var incomplete = faults.Take(FaultKind.IncompleteAnswer);
        return Read(call, () => query.Page(entities.Ledger, LedgerCandidates(call), options.PageSize, call.Root, call.Address, (_, json) =>
        {
            if (incomplete) json.Remove("creditAmount");
        }));
    }

    private IEnumerable<LedgerEntry> LedgerCandidates(BcCall call)
    {
        var keys = Keys(call, DocumentFilter(), "documentNumber");
        return keys.Count == 0 ? session.Books.Ledger : keys.SelectMany(key => session.Books.LedgerByDocument.GetValueOrDefault(key, [])).Order().Select(at => session.Books.Ledger[at]);
    }

    /// <summary>The values a filter asks a field for, if it asks for nothing else of the field: one of them must then be the field's.</summary>
    private static List<string> Keys(BcCall call, Regex equals, string field)
    {
        var filter = call.Query.GetValueOrDefault("$filter") ?? "";
        var matches = equals.Matches(filter);
        return matches.Count != filter.Split(field).Length - 1 ? [] : [.. matches.Select(match => match.Groups[1].Value.ToUpperInvariant()).Distinct(StringComparer.Ordinal)];
    }

    private BcAnswer Dimensions(BcCall call, ODataQuery query, (string Set, Guid? Id)[] rest, ImmutableSortedDictionary<string, string> set, Guid parent, string type, Action<ImmutableSortedDictionary<string, string>> save)
    {
        if (rest is not [("dimensionSetLines", var id)]) throw BcRefusal.NotFound(rest[0].Set);
        if (id is null)
        {
            if (call.Method == "GET") return Read(call, () => query.Page(entities.Dimensions, set.Select(one => (one.Key, one.Value, parent, type)), options.PageSize, call.Root, call.Address));
            if (call.Method != "POST") throw NotAllowed();
            var added = session.AddDimension(set, Parsed(call));
            save(added);
            var (code, value) = added.Single(one => !set.ContainsKey(one.Key));
            return Created(call, entities.Dimensions.Json((code, value, parent, type)), Entities.IdOf("dimension", code));
        }
        var known = set.Keys.FirstOrDefault(code => Entities.IdOf("dimension", code) == id) ?? throw BcRefusal.NoRecord();
        if (call.Method == "PATCH")
        {
            var changed = session.ChangeDimension(set, known, Parsed(call));
            save(changed);
            return new BcAnswer(200, entities.Dimensions.Json((known, changed[known], parent, type)));
        }
        return Read(call, () => entities.Dimensions.Json((known, set[known], parent, type), query.Select));
    }

    private JsonArray Set(ImmutableSortedDictionary<string, string> set, Guid parent, string type) =>
        new([.. set.Select(one => (JsonNode)entities.Dimensions.Json((one.Key, one.Value, parent, type)))]);

    private BcAnswer Post(Guid id, bool isJournal)
    {
        if ((faults.Take(FaultKind.DelayedPosting, out var fault) ? fault.Delay : options.PostingDelay) is not { } delay)
        {
            if (isJournal) Journals.Post(session, id); else PurchaseInvoices.Post(session, id);
            return new BcAnswer(204, null);
        }
        if (isJournal) Journals.CheckPostable(session, id); else PurchaseInvoices.CheckDraft(session, id);
        session.Books = session.Books with { Scheduled = session.Books.Scheduled.Add(new ScheduledPost(id, isJournal, session.Now + delay)) };
        return new BcAnswer(204, null);
    }

    /// <summary>A write needs the ETag that was read, or <c>*</c>.</summary>
    private void Match(BcCall call, long version)
    {
        if (call.Header("If-Match") is not { Length: > 0 } tag)
            throw new BcRefusal(400, "BadRequest_InvalidToken", "Could not validate the client concurrency token required by the service. Get an updated token and retry.");
        if (tag != "*" && tag != Entities.ETag(version)) throw new BcRefusal(options.ChangedStatus, "Request_EntityChanged", "Another user has already changed the record.");
    }

    private static BcAnswer Read(BcCall call, Func<JsonObject> body) => call.Method == "GET" ? new BcAnswer(200, body()) : throw NotAllowed();

    private static BcAnswer Created(BcCall call, JsonObject entity, Guid id)
    {
        var body = new JsonObject { ["@odata.context"] = $"{call.Root}$metadata#{call.Path}/$entity" };
        foreach (var (name, value) in entity) body[name] = value?.DeepClone();
        return new BcAnswer(201, body, $"{call.Address}({id})");
    }

    private static JsonElement Parsed(BcCall call)
    {
        if (call.Header("Content-Type")?.StartsWith("application/json", StringComparison.OrdinalIgnoreCase) != true)
            throw new BcRefusal(415, "BadRequest", "The request entity's media type is not supported for this resource.");
        try
        {
            return JsonDocument.Parse(call.Body).RootElement;
        }
        catch (JsonException)
        {
            throw BcRefusal.BadRequest("The request body is not valid JSON.");
        }
    }

    private static BcRefusal NotAllowed() => new(405, "BadRequest_MethodNotAllowed", "The entity does not support this operation.");

    private static (string Set, Guid? Id)[] Steps(string path) => [.. path.Split('/', StringSplitOptions.RemoveEmptyEntries).Select(step =>
    {
        var match = StepPattern().Match(step);
        if (!match.Success) throw BcRefusal.NotFound(step);
        var name = match.Groups["set"].Value;
        if (name.Equals(PostAction, StringComparison.OrdinalIgnoreCase)) return (PostAction, (Guid?)null);
        if (!match.Groups["id"].Success) return (name, null);
        return Guid.TryParse(match.Groups["id"].Value, out var id) ? (name, id) : throw new BcRefusal(400, "Application_InvalidGUID", $"The value '{match.Groups["id"].Value}' isn't a valid GUID.");
    })];

    [GeneratedRegex(@"^(?<set>[A-Za-z.]+)(?:\((?<id>[^()]*)\))?$")]
    private static partial Regex StepPattern();

    [GeneratedRegex(@"^number eq '([^']*)'$")]
    private static partial Regex NumberFilter();

    [GeneratedRegex(@"vendorInvoiceNumber eq '([^']*)'")]
    private static partial Regex VendorInvoiceFilter();

    [GeneratedRegex(@"documentNumber eq '([^']*)'")]
    private static partial Regex DocumentFilter();
}
