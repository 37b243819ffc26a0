using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using GraphQL;
using GraphQL.Types;
using Microsoft.AspNetCore.Http;

namespace PayOnce.Sandbox.Xledger;

/// <summary>
/// Xledger's GraphQL API at <c>/graphql</c>, as far as exporting claims needs it. It answers any document that GraphQL allows over
/// the fields it has, and takes what is sent twice twice, as the real one does. What is known of the real one and what is guessed:
/// docs/stand-ins.md.
/// </summary>
public sealed class XledgerStandIn : IStandIn
{
    /// <summary>Deep and wide enough for any client; the real one's limits are not documented.</summary>
    private static readonly JsonDocumentOptions Options = new() { MaxDepth = 64 };

    private readonly XledgerOptions options;
    private readonly XledgerBooks books;
    private readonly XledgerLimits limits;
    private readonly Schema schema;
    private readonly DocumentExecuter executer = new();
    private int timeOuts;
    private bool timeOutStores;

    /// <param name="clock">The clock that its first records are stamped by.</param>
    public XledgerStandIn(XledgerOptions? options = null, TimeProvider? clock = null)
    {
        this.options = options ?? new();
        books = new XledgerBooks(this.options, (clock ?? TimeProvider.System).GetUtcNow());
        limits = new XledgerLimits(this.options);
        schema = XledgerSchema.Build(books, this.options);
    }

    /// <summary>With the options <c>token</c>, <c>posts-after</c> (seconds; 0 for never), <c>filters</c> (by <c>key</c>, or by <c>time</c> alone) and <c>burst</c>.</summary>
    public static XledgerStandIn Create(StandInOptions options, TimeProvider clock)
    {
        var standard = new XledgerOptions();
        var seconds = options.Number("posts-after", (int)standard.PostsAfter!.Value.TotalSeconds, 0, 30 * 24 * 3600);
        return new XledgerStandIn(
            standard with
            {
                Token = options.Text("token", standard.Token),
                PostsAfter = seconds == 0 ? null : TimeSpan.FromSeconds(seconds),
                FiltersInvoiceNumber = options.Word("filters", "key", "key", "time") == "key",
                Burst = options.Number("burst", standard.Burst, 1, 1_000_000),
            },
            clock);
    }

    public string Name => "xledger";

    public IReadOnlyList<Booking> Bookings => books.Bookings;

    /// <summary>Requests so far, also those that a limit refused.</summary>
    public long Requests => limits.Requests;

    /// <summary>The next requests are answered "your query timed out", which does not say whether they were done.</summary>
    /// <param name="stores">Whether they were.</param>
    public void TimeOutNext(bool stores, int times = 1) => (timeOutStores, timeOuts) = (stores, times);

    /// <summary>Runs the posting job: what is due at this time goes from the import to the ledger.</summary>
    public void Post(DateTimeOffset now) => books.PostDue(now);

    public JsonNode State()
    {
        var state = books.State();
        state["requests"] = limits.State();
        return state;
    }

    public async Task HandleAsync(HttpContext context, FaultContext faults)
    {
        if (context.Request.Path != "/graphql")
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }
        if (!HttpMethods.IsPost(context.Request.Method))
        {
            context.Response.StatusCode = StatusCodes.Status405MethodNotAllowed;
            return;
        }
        var answer = JsonSerializer.SerializeToUtf8Bytes(await AnswerAsync(context.Request, faults));
        context.Response.ContentType = "application/json; charset=utf-8";
        context.Response.ContentLength = answer.Length;
        await context.Response.Body.WriteAsync(answer);
    }

    private async Task<Dictionary<string, object?>> AnswerAsync(HttpRequest request, FaultContext faults)
    {
        var now = faults.Clock.GetUtcNow();
        using var turn = limits.Enter(now, faults.Take(FaultKind.LimitReached), out var refusal);
        if (refusal is not null) return refusal;
        if (faults.Take(FaultKind.TokenExpired) || request.Headers.Authorization.ToString() != $"token {options.Token}") return XledgerErrors.Answer("Bad format for API token.");
        if (await ReadAsync(request) is not { } question) return XledgerErrors.Answer("The body must be JSON with the text \"query\".");
        books.PostDue(now);
        if (timeOuts > 0)
        {
            timeOuts--;
            if (timeOutStores) await ExecuteAsync(question, faults, now);
            return XledgerErrors.Answer("Your query timed out.");
        }
        return await ExecuteAsync(question, faults, now);
    }

    private async Task<Dictionary<string, object?>> ExecuteAsync(Question question, FaultContext faults, DateTimeOffset now)
    {
        var skewed = faults.Take(FaultKind.ClockSkew, out var skew) ? now + skew.Delay : now;
        var request = new XledgerRequest(
            skewed,
            faults.Take(FaultKind.LaggingRead, out var lag) ? now - lag.Delay : DateTimeOffset.MaxValue,
            faults.Take(FaultKind.DelayedPosting, out var delayed) ? delayed.Delay : options.PostsAfter,
            faults);
        var result = await executer.ExecuteAsync(new ExecutionOptions
        {
            Schema = schema,
            Query = question.Query,
            Variables = new Inputs(question.Variables),
            OperationName = question.Operation,
            UserContext = request.Context,
        });
        books.PostDue(now);
        return XledgerErrors.Answer(result);
    }

    private static async Task<Question?> ReadAsync(HttpRequest request)
    {
        try
        {
            using var document = await JsonDocument.ParseAsync(request.Body, Options);
            var root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("query", out var query) || query.ValueKind != JsonValueKind.String) return null;
            var variables = root.TryGetProperty("variables", out var given) && given.ValueKind == JsonValueKind.Object ? (Dictionary<string, object?>)Value(given)! : [];
            return new Question(query.GetString()!, variables, root.TryGetProperty("operationName", out var name) && name.ValueKind == JsonValueKind.String ? name.GetString() : null);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static object? Value(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.Object => Properties(json),
        JsonValueKind.Array => json.EnumerateArray().Select(Value).ToList(),
        JsonValueKind.String => json.GetString(),
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        JsonValueKind.Number => json.TryGetInt32(out var small) ? small : json.TryGetInt64(out var large) ? large : decimal.Parse(json.GetRawText(), NumberStyles.Float, CultureInfo.InvariantCulture),
        _ => null,
    };

    private static Dictionary<string, object?> Properties(JsonElement json)
    {
        var properties = new Dictionary<string, object?>(StringComparer.Ordinal);
        foreach (var property in json.EnumerateObject()) properties[property.Name] = Value(property.Value);
        return properties;
    }

    private sealed record Question(string Query, Dictionary<string, object?> Variables, string? Operation);
}
