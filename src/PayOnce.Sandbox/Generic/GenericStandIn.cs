using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace PayOnce.Sandbox.Generic;

/// <summary>
/// An endpoint as docs/generic-endpoint.md asks for, of any proof class. A readable or blind one books a repeated export key again without
/// a word, as many real systems do.
/// </summary>
public sealed class GenericStandIn(GenericBehaviour behaviour) : IStandIn
{
    private const int MaxLookup = 1000;
    private const string ProblemPrefix = "urn:payonce:";

    private readonly GenericLedger ledger = new(behaviour);

    public string Name => "generic";

    public IReadOnlyList<Booking> Bookings => [.. ledger.Entries.Select(entry => new Booking(entry.Key, entry.Reference, entry.Currency, entry.TotalMinor, entry.At, "claim"))];

    /// <summary>From a person's options.</summary>
    public static IStandIn Create(StandInOptions options, TimeProvider clock) => new GenericStandIn(new GenericBehaviour
    {
        Proof = Enum.Parse<GenericProof>(options.Word("proof", "readable", "unique", "windowed", "readable", "blind"), ignoreCase: true),
        Window = TimeSpan.FromSeconds(options.Number("window", 86_400, 1, int.MaxValue)),
        Token = options.Text("token", "sandbox-token"),
        MaxClaims = options.Number("max-claims", 1000, 1, 100_000),
        Latency = TimeSpan.FromMilliseconds(options.Number("latency", 0, 0, 600_000)),
    });

    public JsonNode State() => new JsonObject
    {
        ["proofClass"] = Word(behaviour.Proof),
        ["bookings"] = ledger.Entries.Count,
        ["keys"] = ledger.Entries.Select(entry => entry.Key).Distinct().Count(),
        ["bookedTwice"] = new JsonArray([.. ledger.Entries.GroupBy(entry => entry.Key).Where(group => group.Count() > 1).Select(group => (JsonNode)group.Key)]),
        ["rememberedAnswers"] = ledger.RememberedAnswers,
    };

    public async Task HandleAsync(HttpContext context, FaultContext faults)
    {
        if (behaviour.Latency > TimeSpan.Zero) await Task.Delay(behaviour.Latency, faults.Clock);
        using var reader = new StreamReader(context.Request.Body);
        var body = await reader.ReadToEndAsync();
        var answer = Answer(context, body, faults);
        context.Response.StatusCode = answer.Status;
        context.Response.ContentType = answer.Status < 400 ? "application/json" : "application/problem+json";
        if (answer.Status == StatusCodes.Status401Unauthorized) context.Response.Headers.WWWAuthenticate = "Bearer";
        await context.Response.WriteAsync(answer.Body.ToJsonString());
    }

    private GenericAnswer Answer(HttpContext context, string body, FaultContext faults)
    {
        var route = context.Request.Path.Value!.TrimEnd('/');
        var within = route[(route.LastIndexOf('/') + 1)..];
        if (context.Request.Headers.Authorization != $"Bearer {behaviour.Token}" || faults.Take(FaultKind.TokenExpired)) return Problem(StatusCodes.Status401Unauthorized, "unauthorized", "The bearer token is missing or is not taken.");
        if (faults.Take(FaultKind.LimitReached, out var limit))
        {
            context.Response.Headers.RetryAfter = ((long)Math.Ceiling(limit.Delay.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
            return Problem(StatusCodes.Status429TooManyRequests, "too-many-requests", "Later, please.");
        }
        return (context.Request.Method, within) switch
        {
            ("POST", "batches") => Take(context, body, faults, isProbe: false),
            ("POST", "probe") when behaviour.HasProbe => Take(context, body, faults, isProbe: true),
            ("POST", "lookup") when behaviour.Proof != GenericProof.Blind => LookUp(body, faults),
            ("GET", "keys") when behaviour.Proof != GenericProof.Blind => Keys(context),
            ("GET", _) when within is not ("batches" or "probe" or "lookup" or "keys") => Capabilities(),
            _ => Problem(StatusCodes.Status404NotFound, "not-found", "There is nothing here."),
        };
    }

    private GenericAnswer Take(HttpContext context, string body, FaultContext faults, bool isProbe)
    {
        if (context.Request.Headers["Idempotency-Key"].ToString() is not { Length: > 0 and <= 255 } idempotencyKey) return Invalid("The header Idempotency-Key is missing or longer than 255.");
        if (!context.Request.HasJsonContentType()) return Invalid("The content type must be application/json.");
        var (claims, problem) = GenericBatch.Read(body, behaviour.MaxClaims);
        if (problem is not null) return Invalid(problem);
        if (claims is null) return Problem(StatusCodes.Status413PayloadTooLarge, "too-large", $"At most {behaviour.MaxClaims} claims are taken at once.");
        return ledger.Once(idempotencyKey, body, faults.Clock.GetUtcNow(), () => Process(claims, faults, isProbe))
            ?? Problem(StatusCodes.Status422UnprocessableEntity, "key-reused", "The Idempotency-Key was used for another request.");
    }

    private GenericAnswer Process(IReadOnlyList<GenericClaim> claims, FaultContext faults, bool isProbe)
    {
        var breaksOffAfter = faults.Take(FaultKind.HalfDone) ? claims.Count / 2 : int.MaxValue;
        var at = faults.Clock.GetUtcNow() + (faults.Take(FaultKind.ClockSkew, out var skew) ? skew.Delay : TimeSpan.Zero);
        var later = faults.Take(FaultKind.DelayedPosting, out var delayed) ? delayed.Delay : TimeSpan.Zero;
        var results = new JsonArray();
        for (var i = 0; i < claims.Count; i++)
        {
            if (i == breaksOffAfter) return Problem(StatusCodes.Status500InternalServerError, "fault", "Something went wrong.");
            var result = Process(claims[i], at, later, faults, isProbe);
            if (!faults.Take(FaultKind.IncompleteAnswer)) results.Add((JsonNode)result);
        }
        return new GenericAnswer(StatusCodes.Status200OK, new JsonObject { ["results"] = results });
    }

    private JsonObject Process(GenericClaim claim, DateTimeOffset at, TimeSpan later, FaultContext faults, bool isProbe)
    {
        if (claim.Refusal is { } refusal) return Result(claim.Key, "refused", reason: refusal);
        if (behaviour.Proof == GenericProof.Unique && ledger.Find(claim.Key, DateTimeOffset.MaxValue) is [var earlier, ..]) return Result(claim.Key, "duplicate", earlier.Reference, "The export key stands here already.");
        if (faults.Take(FaultKind.PartialFailure)) return Result(claim.Key, "refused", reason: "The period is closed.");
        var entry = ledger.Book(claim, at, later, isProbe);
        return Result(claim.Key, later > TimeSpan.Zero ? "accepted" : "booked", entry.Reference);
    }

    private GenericAnswer LookUp(string body, FaultContext faults)
    {
        string?[]? keys;
        try
        {
            keys = [.. JsonNode.Parse(body)!["exportKeys"]!.AsArray().Select(key => key?.GetValue<string>())];
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException or NullReferenceException or FormatException)
        {
            return Invalid("The body must be {\"exportKeys\":[…]}.");
        }
        if (keys.Length > MaxLookup) return Problem(StatusCodes.Status413PayloadTooLarge, "too-large", $"At most {MaxLookup} export keys are looked up at once.");
        var now = faults.Clock.GetUtcNow();
        var asOf = faults.Take(FaultKind.LaggingRead, out var lag) ? now - lag.Delay : DateTimeOffset.MaxValue;
        var found = new JsonArray();
        foreach (var key in keys.OfType<string>().Distinct())
        {
            if (ledger.Find(key, asOf) is not [var first, ..] entries) continue;
            found.Add((JsonNode)new JsonObject
            {
                ["exportKey"] = key,
                ["reference"] = first.Reference,
                ["status"] = now >= first.BookedFrom ? "booked" : "accepted",
                ["currency"] = first.Currency,
                ["totalMinor"] = first.TotalMinor,
                ["count"] = entries.Count,
            });
        }
        return new GenericAnswer(StatusCodes.Status200OK, new JsonObject { ["found"] = found });
    }

    private GenericAnswer Keys(HttpContext context)
    {
        var after = context.Request.Query["after"].ToString();
        if (after.Length == 0) after = "0";
        if (!int.TryParse(after, NumberStyles.None, CultureInfo.InvariantCulture, out var start)) return Invalid("after must be a cursor that an earlier answer gave.");
        var (page, next) = ledger.List(start, MaxLookup);
        return new GenericAnswer(StatusCodes.Status200OK, new JsonObject
        {
            ["keys"] = new JsonArray([.. page.Select(entry => (JsonNode)new JsonObject
            {
                ["exportKey"] = entry.Key,
                ["reference"] = entry.Reference,
                ["currency"] = entry.Currency,
                ["totalMinor"] = entry.TotalMinor,
            })]),
            ["next"] = next?.ToString(CultureInfo.InvariantCulture),
        });
    }

    private GenericAnswer Capabilities() => new(StatusCodes.Status200OK, new JsonObject
    {
        ["contract"] = "payonce.generic.1",
        ["proofClass"] = Word(behaviour.Claims ?? behaviour.Proof),
        ["windowSeconds"] = (behaviour.Claims ?? behaviour.Proof) == GenericProof.Windowed ? (long)behaviour.Window.TotalSeconds : null,
        ["maxClaims"] = behaviour.MaxClaims,
    });

    private static JsonObject Result(string key, string status, string? reference = null, string? reason = null) => new()
    {
        ["exportKey"] = key,
        ["status"] = status,
        ["reference"] = reference,
        ["reason"] = reason,
    };

    private static GenericAnswer Invalid(string what) => Problem(StatusCodes.Status400BadRequest, "invalid-batch", what);

    private static GenericAnswer Problem(int status, string type, string detail) =>
        new(status, new JsonObject { ["type"] = ProblemPrefix + type, ["title"] = type, ["status"] = status, ["detail"] = detail });

    private static string Word(GenericProof proof) => proof.ToString().ToLowerInvariant();
}
