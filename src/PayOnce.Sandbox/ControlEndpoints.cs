using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace PayOnce.Sandbox;

/// <summary>
/// How another process looks into a sandbox and decides what goes wrong: <c>GET /_sandbox/state</c>, <c>GET /_sandbox/bookings</c>,
/// <c>GET</c> and <c>PUT /_sandbox/faults</c>. No fault happens to these.
/// </summary>
internal static class ControlEndpoints
{
    public const string Root = "/_sandbox";

    public static async Task AnswerAsync(HttpContext context, IStandIn standIn, FaultPlan faults)
    {
        try
        {
            var answer = (context.Request.Method, context.Request.Path.Value) switch
            {
                ("GET", Root + "/state") => standIn.State(),
                ("GET", Root + "/bookings") => Bookings(standIn),
                ("GET", Root + "/faults") => FaultPlanJson.Write(faults),
                ("PUT", Root + "/faults") => await PutFaultsAsync(context, faults),
                _ => Problem(context, StatusCodes.Status404NotFound, "There are GET /_sandbox/state, GET /_sandbox/bookings, and GET and PUT /_sandbox/faults."),
            };
            context.Response.ContentType = "application/json";
            await context.Response.WriteAsync(answer.ToJsonString(), context.RequestAborted);
        }
        catch (Exception fault) when (fault is IOException or OperationCanceledException)
        {
            // Whoever asked has gone.
        }
    }

    private static JsonArray Bookings(IStandIn standIn) => new([.. standIn.Bookings.Select(booking => (JsonNode)new JsonObject
    {
        ["key"] = booking.Key,
        ["reference"] = booking.Reference,
        ["currency"] = booking.Currency,
        ["totalMinor"] = booking.TotalMinor,
        ["at"] = booking.At,
        ["kind"] = booking.Kind,
    })]);

    private static async Task<JsonNode> PutFaultsAsync(HttpContext context, FaultPlan faults)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        return FaultPlanJson.Apply(body.ToArray(), faults) is { } problem
            ? Problem(context, StatusCodes.Status400BadRequest, problem)
            : FaultPlanJson.Write(faults);
    }

    private static JsonObject Problem(HttpContext context, int status, string what)
    {
        context.Response.StatusCode = status;
        return new JsonObject { ["problem"] = what };
    }
}
