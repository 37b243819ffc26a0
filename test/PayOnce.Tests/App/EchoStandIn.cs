using System.Net;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using PayOnce.Sandbox;

namespace PayOnce.Tests.App;

/// <summary>Answers everything with the request's own token, spelt in one way or another, in one place or another.</summary>
internal sealed class EchoStandIn(int seed) : IStandIn
{
    private static readonly Func<string, string>[] Spellings =
    [
        text => text,
        Uri.EscapeDataString,
        text => WebUtility.UrlEncode(text),
        text => JsonEncodedText.Encode(text).ToString(),
        text => JsonEncodedText.Encode(text, JavaScriptEncoder.UnsafeRelaxedJsonEscaping).ToString(),
        text => Convert.ToBase64String(Encoding.UTF8.GetBytes("api:" + text)),
        text => string.Concat(text.Select(c => $"&#{(int)c};")),
        text => text.ToLowerInvariant(),
    ];

    private readonly Random random = new(seed);
    private readonly HashSet<string> spelt = [];

    public string Name => "echo";

    public IReadOnlyCollection<string> Spelt
    {
        get
        {
            lock (spelt) return [.. spelt];
        }
    }

    public IReadOnlyList<Booking> Bookings => [];

    public JsonNode State() => new JsonObject();

    public async Task HandleAsync(HttpContext context, FaultContext faults)
    {
        var token = context.Request.Headers.Authorization.ToString()["token ".Length..];
        int status;
        string echo;
        lock (spelt)
        {
            echo = Spellings[random.Next(Spellings.Length)](token);
            spelt.Add(echo);
            status = random.Next(4) switch { 0 => 400, 1 => 500, 2 => 401, _ => 200 };
        }
        context.Response.StatusCode = status;
        var message = JsonEncodedText.Encode($"who are you, {echo}? See /?t={echo}&a=1", JavaScriptEncoder.UnsafeRelaxedJsonEscaping);
        context.Response.Headers["X-Echo"] = Uri.EscapeDataString(echo);
        await context.Response.WriteAsync($$$"""{"errors":[{"message":"{{{message}}}","code":"{{{message}}}","extensions":{"code":"{{{message}}}"}}],"data":null}""", context.RequestAborted);
    }
}
