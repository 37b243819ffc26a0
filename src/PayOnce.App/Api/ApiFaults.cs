using System.Globalization;
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
        LogFault(log, id, http.Request.Method, (http.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText ?? "", exception);
        return Problems.Broken.Because(more: new KeyValuePair<string, object?>("faultId", id));
    }

    /// <summary>The framework says in one English sentence which parameter it could not bind; there is no other way to know.</summary>
    private static IReadOnlyList<Fault> Bound(string message)
    {
        if (Unbound().Match(message) is { Success: true } unbound)
        {
            var (type, name, value) = (unbound.Groups["type"].Value, unbound.Groups["name"].Value, unbound.Groups["value"].Value);
            return [new Fault(name, Problem.Printable(value), type.Contains(nameof(Day), StringComparison.Ordinal) ? Day.Rule : JsonFaults.RuleOf(type), Fault.Query)];
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

/// <summary>What a JSON body breaks, in words of the body's own. The parser's message names types of the program, which are nobody's business.</summary>
internal static partial class JsonFaults
{
    /// <summary>What a value of each type has to be.</summary>
    private static readonly Dictionary<string, string> Rules = new(StringComparer.Ordinal)
    {
        ["String"] = "must be a text", ["string"] = "must be a text",
        ["Int32"] = "must be a whole number", ["int"] = "must be a whole number", ["Int64"] = "must be a whole number", ["long"] = "must be a whole number",
        ["Boolean"] = "must be true or false", ["bool"] = "must be true or false",
        ["DateOnly"] = Day.Rule,
        [nameof(Scheduling.WhenBusy)] = Among<Scheduling.WhenBusy>(),
        [nameof(Access.Role)] = Among<PayOnce.Access.Role>(),
        [nameof(TokenScope)] = Among<TokenScope>(),
        [nameof(Settlement)] = Among<Settlement>(),
    };

    public static IReadOnlyList<Fault> Of(JsonException json)
    {
        var (message, name) = (json.Message, NameOf(json.Path));
        if (MissingProperties().Match(message) is { Success: true } missing)
            return [.. Quoted().Matches(missing.Groups["names"].Value).Select(each => new Fault(Join(name, each.Groups["name"].Value), null, "is missing", Fault.Body))];
        if (UnknownProperty().Match(message) is { Success: true } unknown) return [new Fault(Ending(name, unknown.Groups["name"].Value), null, "is not known here", Fault.Body)];
        if (DuplicateProperty().Match(message) is { Success: true } twice) return [new Fault(Ending(name, twice.Groups["name"].Value), null, "stands there twice", Fault.Body)];
        if (NullValue().Match(message) is { Success: true } isNull) return [new Fault(Ending(name, isNull.Groups["name"].Value), null, "must not be null", Fault.Body)];
        if (WrongType().Match(message) is { Success: true } wrong) return [new Fault(name, null, RuleOf(wrong.Groups["type"].Value), Fault.Body)];
        var place = string.Create(CultureInfo.InvariantCulture, $"{Fault.Body}, line {(json.LineNumber ?? 0) + 1}, byte {(json.BytePositionInLine ?? 0) + 1}");
        return [new Fault(name, null, "is not valid JSON", place)];
    }

    /// <summary>What a value has to be, by its type's name in a message of the framework.</summary>
    public static string RuleOf(string type) => Rules.GetValueOrDefault(TypeName().Match(type).Value, "has another form");

    private static string Among<T>() where T : struct, Enum => $"must be one of {string.Join(", ", Enum.GetNames<T>().Select(JsonNamingPolicy.KebabCaseLower.ConvertName))}";

    private static string NameOf(string? path) => path is null or "$" ? "" : path.StartsWith("$.", StringComparison.Ordinal) ? Problem.Printable(path[2..]) : Problem.Printable(path);

    private static string Join(string parent, string name) => Problem.Printable(parent.Length == 0 ? name : $"{parent}.{name}");

    // The path names the member itself or the object that has it, depending on how far the parser was.
    private static string Ending(string path, string name) => path == name || path.EndsWith("." + name, StringComparison.Ordinal) ? path : Join(path, name);

    [GeneratedRegex(@"missing required properties including: (?<names>.*?)\.(?: Path:|\z)", RegexOptions.Singleline)]
    private static partial Regex MissingProperties();

    [GeneratedRegex("'(?<name>[^']*)'")]
    private static partial Regex Quoted();

    [GeneratedRegex("The JSON property '(?<name>.*?)' could not be mapped", RegexOptions.Singleline)]
    private static partial Regex UnknownProperty();

    [GeneratedRegex("Duplicate property '(?<name>.*?)' encountered", RegexOptions.Singleline)]
    private static partial Regex DuplicateProperty();

    [GeneratedRegex("(?:parameter|property) '(?<name>[^']*)' on type '[^']*' doesn't allow (?:setting )?null", RegexOptions.Singleline)]
    private static partial Regex NullValue();

    [GeneratedRegex(@"could not be converted to (?<type>[^ ]+?)\.? ?(?:Path:|\z)", RegexOptions.Singleline)]
    private static partial Regex WrongType();

    /// <summary>The last word of a type's name: <c>Int32</c> of <c>System.Nullable`1[System.Int32]</c>.</summary>
    [GeneratedRegex(@"[A-Za-z0-9]+(?=[\]>?]*\z)")]
    private static partial Regex TypeName();
}
