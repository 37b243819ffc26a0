using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using PayOnce.Sandbox;

namespace PayOnce.Tests.Sandbox;

/// <summary>Books the body of every request under its path, and answers a JSON document.</summary>
internal sealed class CountingStandIn : IStandIn
{
    private readonly Lock gate = new();
    private readonly List<Booking> bookings = [];

    public const string Answer = """{"booked":"a text that is long enough to be cut in the middle and to be garbled"}""";

    public string Name => "counting";

    public IReadOnlyList<Booking> Bookings
    {
        get { lock (gate) return [.. bookings]; }
    }

    public JsonNode State() => new JsonObject { ["count"] = Bookings.Count };

    public async Task HandleAsync(HttpContext context, FaultContext faults)
    {
        using var reader = new StreamReader(context.Request.Body);
        var body = await reader.ReadToEndAsync();
        lock (gate) bookings.Add(new Booking(body, "", "NOK", 1, faults.Clock.GetUtcNow(), "claim"));
        context.Response.StatusCode = StatusCodes.Status201Created;
        context.Response.Headers.ETag = "\"1\"";
        await context.Response.WriteAsync(Answer);
    }
}
