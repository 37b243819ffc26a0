using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace PayOnce.Sandbox.Dynamics;

/// <summary>
/// A stand-in for Dynamics 365 Business Central's API v2.0 and for the part of Microsoft Entra that hands out its access tokens. What
/// it does is what Microsoft's documentation, the API's own metadata and the source of its pages say; docs/stand-ins.md says what
/// could be checked and what could not.
/// </summary>
public sealed class BusinessCentral(BcOptions? options = null) : IStandIn
{
    /// <summary>Older books that a lagging read may still see.</summary>
    private const int VersionsKept = 256;

    private const int OperationsInBatch = 100;

    private readonly BcOptions options = options ?? new BcOptions();
    private readonly Lock gate = new();
    private readonly EntraTokens tokens = new(options ?? new BcOptions());
    private readonly List<(DateTimeOffset Since, Books Books)> versions = [];
    private readonly List<string> jobFailures = [];
    private Books books = Seeded(options ?? new BcOptions());
    private long correlations;

    public string Name => "dynamics";

    /// <summary>The stand-in as options say; every claimant is a vendor unless they say otherwise.</summary>
    public static BusinessCentral Create(StandInOptions given, TimeProvider clock)
    {
        var standard = new BcOptions();
        var lag = given.Number("read-lag-seconds", 0, 0, 3600);
        var delay = given.Number("posting-delay-seconds", 0, 0, 86_400);
        return new BusinessCentral(standard with
        {
            ClientId = given.Text("client-id", standard.ClientId),
            ClientSecret = given.Text("client-secret", standard.ClientSecret),
            EveryVendor = given.Word("vendors", "all", "all", "none") == "all",
            SameKeyStatus = given.Word("same-key", "400", "400", "409") == "409" ? 409 : 400,
            PageSize = given.Number("page-size", standard.PageSize, 1, standard.PageSize),
            ReadLag = TimeSpan.FromSeconds(lag),
            PostingDelay = delay == 0 ? null : TimeSpan.FromSeconds(delay),
        });
    }

    public IReadOnlyList<Booking> Bookings
    {
        get
        {
            lock (gate) return [.. Ledgers.Bookings(books, options.LocalCurrency).OrderBy(booking => booking.At)];
        }
    }

    public JsonNode State()
    {
        lock (gate) return Ledgers.State(books, options, jobFailures);
    }

    /// <summary>What a person does at the other end, between two requests: by its vendor invoice number, an open draft gets another unit cost on its first line.</summary>
    public void EditDraft(string vendorInvoiceNumber, decimal unitCost)
    {
        lock (gate)
        {
            var invoice = books.Invoices.Values.First(invoice => invoice.VendorInvoiceNumber == vendorInvoiceNumber && !invoice.IsPosted);
            books = books.With(invoice with { Lines = invoice.Lines.SetItem(0, invoice.Lines[0] with { UnitCost = unitCost }), Version = books.Counter + 1 }) with { Counter = books.Counter + 1 };
        }
    }

    public async Task HandleAsync(HttpContext context, FaultContext faults)
    {
        using var buffer = new MemoryStream();
        await context.Request.Body.CopyToAsync(buffer);
        var (status, body, location) = Answer(context.Request, buffer.ToArray(), faults);
        context.Response.StatusCode = status;
        if (location is not null) context.Response.Headers.Location = location;
        if (body is null) return;
        context.Response.ContentType = "application/json; odata.metadata=minimal; odata.streaming=true";
        context.Response.Headers["OData-Version"] = "4.0";
        await context.Response.WriteAsync(body.ToJsonString(Answers));
    }

    private static readonly JsonSerializerOptions Answers = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private BcAnswer Answer(HttpRequest request, byte[] body, FaultContext faults)
    {
        var path = request.Path.Value ?? "";
        if (path.EndsWith("/oauth2/v2.0/token", StringComparison.Ordinal)) return tokens.Issue(request, body, faults.Clock.GetUtcNow());
        lock (gate)
        {
            var expired = faults.Take(FaultKind.TokenExpired);
            if (expired || !tokens.Takes(request.Headers.Authorization.ToString(), faults.Clock.GetUtcNow()))
                return Refused(new BcRefusal(401, "Authentication_InvalidCredentials", "The server has rejected the client credentials."));
            if (faults.Take(FaultKind.LimitReached)) return Refused(new BcRefusal(429, "Application_TooManyRequests", "Too many requests reached. Actual (100). Maximum (100)."));
            var at = path.IndexOf("/api/v2.0", StringComparison.Ordinal);
            if (!path.StartsWith("/v2.0/", StringComparison.Ordinal) || at < 0) return Refused(BcRefusal.NotFound(path));
            RunJobs(faults.Clock);
            var root = $"{request.Scheme}://{request.Host}{path[..(at + "/api/v2.0".Length)]}/";
            var rest = path[(at + "/api/v2.0".Length)..].TrimStart('/');
            string? Header(string name) => request.Headers.TryGetValue(name, out var value) ? value.ToString() : null;
            var query = request.Query.ToDictionary(option => option.Key, option => option.Value.ToString(), StringComparer.Ordinal);
            var call = new BcCall(request.Method, root, rest, query, Header, body);
            return rest == "$batch" ? Batch(call, faults) : One(call, faults);
        }
    }

    private BcAnswer One(BcCall call, FaultContext faults)
    {
        if (call.Method == "GET" && call.Header("Data-Access-Intent") != "ReadWrite")
        {
            if (faults.Take(FaultKind.LaggingRead, out var lag)) return Run(AsOf(faults.Clock.GetUtcNow() - lag.Delay), call, faults).Answer;
            if (options.ReadLag > TimeSpan.Zero) return Run(AsOf(faults.Clock.GetUtcNow() - options.ReadLag), call, faults).Answer;
        }
        var (answer, after) = Run(books, call, faults);
        Keep(after, faults.Clock);
        return answer;
    }

    /// <summary>Runs one request on books of its own; they come back changed if it went well.</summary>
    private (BcAnswer Answer, Books After) Run(Books from, BcCall call, FaultContext faults)
    {
        var session = new BcSession(from, options, faults.Clock);
        try
        {
            var answer = new CompanyApi(options, session, faults).Answer(call);
            return (answer, session.Books);
        }
        catch (BcRefusal refusal)
        {
            return (Refused(refusal), from);
        }
    }

    /// <summary>
    /// <c>$batch</c>: the operations in order. By itself it stops at the first that fails and keeps what went before; with
    /// <c>Prefer: odata.continue-on-error</c> it goes on; with <c>Isolation: snapshot</c> a failure takes everything back, and the
    /// answers before it still say 201.
    /// </summary>
    private BcAnswer Batch(BcCall outer, FaultContext faults)
    {
        if (outer.Method != "POST") return Refused(new BcRefusal(405, "BadRequest_MethodNotAllowed", "The entity does not support this operation."));
        List<(string Id, BcCall Call)> operations;
        try
        {
            operations = BatchReader.Read(outer);
        }
        catch (BcRefusal refusal)
        {
            return Refused(refusal);
        }
        if (operations.Count > OperationsInBatch) return Refused(new BcRefusal(500, "Unknown", "The maximum number of '100' query operations and changesets in the batch was exceeded."));
        var snapshot = string.Equals(outer.Header("Isolation"), "snapshot", StringComparison.OrdinalIgnoreCase);
        var goOn = outer.Header("Prefer")?.Contains("odata.continue-on-error", StringComparison.OrdinalIgnoreCase) == true;
        var before = books;
        var now = before;
        var answers = new JsonArray();
        var failed = false;
        foreach (var (id, call) in operations)
        {
            var (answer, after) = Run(now, call, faults);
            now = after;
            // A post commits: what it posted, and all before it, stays whatever comes after.
            if (answer.Status < 400 && call.Path.EndsWith(".post", StringComparison.OrdinalIgnoreCase)) before = now;
            answers.Add(BatchReader.Response(id, answer));
            if (answer.Status < 400) continue;
            failed = true;
            if (!goOn) break;
        }
        Keep(snapshot && failed ? before : now, faults.Clock);
        return new BcAnswer(200, new JsonObject { ["responses"] = answers });
    }

    private void RunJobs(TimeProvider clock)
    {
        while (books.Scheduled.FirstOrDefault(job => job.Due <= clock.GetUtcNow()) is { } job)
        {
            var session = new BcSession(books with { Scheduled = books.Scheduled.Remove(job) }, options, clock);
            try
            {
                if (job.IsJournal) Journals.Post(session, job.Id); else PurchaseInvoices.Post(session, job.Id);
                Keep(session.Books, clock);
            }
            catch (BcRefusal refusal)
            {
                jobFailures.Add(refusal.Message);
                books = books with { Scheduled = books.Scheduled.Remove(job) };
            }
        }
    }

    private void Keep(Books after, TimeProvider clock)
    {
        if (ReferenceEquals(after, books)) return;
        versions.Add((clock.GetUtcNow(), after));
        if (versions.Count > VersionsKept) versions.RemoveAt(0);
        books = after;
    }

    private Books AsOf(DateTimeOffset moment)
    {
        for (var i = versions.Count - 1; i >= 0; i--)
        {
            if (versions[i].Since <= moment) return versions[i].Books;
        }
        return versions.Count < VersionsKept ? Seeded(options) : versions[0].Books;
    }

    private BcAnswer Refused(BcRefusal refusal) =>
        new(refusal.Status, BcRefusal.Body(refusal.Code, refusal.Message, Entities.IdOf("correlation", (++correlations).ToString(System.Globalization.CultureInfo.InvariantCulture))));

    private static Books Seeded(BcOptions options)
    {
        var session = new BcSession(new Books(), options with { EveryVendor = true }, TimeProvider.System);
        foreach (var number in options.Vendors) session.FindVendor(number);
        return session.Books;
    }
}
