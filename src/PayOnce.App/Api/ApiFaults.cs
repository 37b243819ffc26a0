using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Diagnostics;
using PayOnce.App.Server;
using PayOnce.Stores;

namespace PayOnce.App.Api;

/// <summary>
/// What an endpoint threw, as a problem: input that could not be bound says where and why, a store that is away says to ask again,
/// and anything else is a fault whose id stands in the log with everything that the answer does not tell.
/// </summary>
internal sealed partial class ApiFaults(ILogger<ApiFaults> log) : IExceptionHandler
{
    public async ValueTask<bool> TryHandleAsync(HttpContext http, Exception exception, CancellationToken cancel)
    {
        if (!http.Request.Path.StartsWithSegments("/api")) return false;
        var problem = exception switch
        {
            BadHttpRequestException { InnerException: JsonException json } => Problems.BadInput.Because(errors: JsonFaults.Of(json)),
            BadHttpRequestException { StatusCode: StatusCodes.Status400BadRequest } bad => Problems.BadInput.Because(errors: Bound(bad.Message)),
            BadHttpRequestException bad => (Problems.Of(bad.StatusCode) ?? Problems.BadInput).Because(),
            StoreUnavailableException away => Away(http, away),
            _ => Broken(http, exception),
        };
        await problem.ExecuteAsync(http);
        return true;
    }

    private Microsoft.AspNetCore.Http.HttpResults.ProblemHttpResult Away(HttpContext http, StoreUnavailableException away)
    {
        LogAway(log, away.Message);
        const string seconds = "5";
        http.Response.Headers.RetryAfter = seconds;
        return Problems.Unavailable.Because();
    }

    private Microsoft.AspNetCore.Http.HttpResults.ProblemHttpResult Broken(HttpContext http, Exception exception)
    {
        var id = FaultId.Of(http);
        LogFault(log, id, http.Request.Method, (http.Features.Get<IExceptionHandlerFeature>()?.Endpoint as RouteEndpoint)?.RoutePattern.RawText ?? "", exception);
        return Problems.Broken.Because(more: new KeyValuePair<string, object?>("faultId", id));
    }

    /// <summary>The framework says in one English sentence which parameter it could not bind; there is no other way to know.</summary>
    private static IReadOnlyList<Fault> Bound(string message)
    {
        if (Unbound().Match(message) is { Success: true } unbound)
        {
            var (type, name, value) = (unbound.Groups["type"].Value, unbound.Groups["name"].Value, unbound.Groups["value"].Value);
            return [new Fault(name, Problem.Printable(value), JsonFaults.RuleOf(type), Fault.Query)];
        }
        if (Missing().Match(message) is { Success: true } missing) return [new Fault(missing.Groups["name"].Value, null, "is missing", missing.Groups["place"].Value.Contains("body", StringComparison.Ordinal) ? Fault.Body : Fault.Query)];
        return message.Contains("body", StringComparison.OrdinalIgnoreCase) ? [new Fault("", null, "a body is needed", Fault.Body)] : [];
    }

    [GeneratedRegex("""\AFailed to bind parameter "(?<type>[^" ]+) (?<name>[^" ]+)" from "(?<value>.*)"\.\z""", RegexOptions.Singleline)]
    private static partial Regex Unbound();

    [GeneratedRegex("""\ARequired parameter "[^" ]+ (?<name>[^" ]+)" was not provided from (?<place>.*)\.\z""", RegexOptions.Singleline)]
    private static partial Regex Missing();

    [LoggerMessage(Level = LogLevel.Error, Message = "Fault {Id} at {Method} {Route}")]
    private static partial void LogFault(ILogger log, string id, string method, string route, Exception exception);

    [LoggerMessage(Level = LogLevel.Error, Message = "The store cannot be reached: {Why}")]
    private static partial void LogAway(ILogger log, string why);
}
