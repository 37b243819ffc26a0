using System.Globalization;
using GraphQL;

namespace PayOnce.Sandbox.Xledger;

/// <summary>Errors as Xledger answers them: HTTP status 200, and a list whose entries have a code of their own beside GraphQL's.</summary>
internal static class XledgerErrors
{
    public const string Credits = "BAD_REQUEST.INSUFFICIENT_CREDITS";
    public const string Burst = "BAD_REQUEST.BURST_RATE_LIMIT_REACHED";
    public const string Concurrency = "BAD_REQUEST.CONCURRENCY_LIMIT_REACHED";
    private const string BadRequest = "BAD_REQUEST";

    /// <summary>An answer without data, made of one error.</summary>
    public static Dictionary<string, object?> Answer(string message, string code = BadRequest, params ReadOnlySpan<(string Name, object? Value)> extensions)
    {
        var more = new Dictionary<string, object?> { ["code"] = code };
        foreach (var (name, value) in extensions) more[name] = value;
        return new() { ["errors"] = new object[] { new Dictionary<string, object?> { ["message"] = message, ["code"] = code, ["extensions"] = more } } };
    }

    /// <summary>What GraphQL made of a document.</summary>
    public static Dictionary<string, object?> Answer(ExecutionResult result)
    {
        var answer = new Dictionary<string, object?>();
        if (result.Executed) answer["data"] = result.Data is GraphQL.Execution.RootExecutionNode root ? root.ToValue() : null;
        if (result.Errors is { Count: > 0 } errors) answer["errors"] = errors.Select(Entry).ToArray();
        return answer;
    }

    /// <summary>Runs a resolver; a refusal becomes an error of its field.</summary>
    public static T Told<T>(Func<T> resolver)
    {
        try
        {
            return resolver();
        }
        catch (XledgerRefusal refusal)
        {
            throw Error(refusal);
        }
    }

    public static ExecutionError Error(XledgerRefusal refusal)
    {
        var error = new ExecutionError(refusal.Message) { Code = XledgerRefusal.Code };
        if (refusal.Alternatives is { } alternatives)
        {
            error.Extensions = new Dictionary<string, object?>
            {
                ["exampleValidInputs"] = alternatives.Select(row => new Dictionary<string, object?> { ["dbId"] = row.DbId, ["ownerDbId"] = 1, ["code"] = row.Code, ["text"] = row.Description }).ToArray(),
            };
        }
        return error;
    }

    private static Dictionary<string, object?> Entry(ExecutionError error)
    {
        var entry = new Dictionary<string, object?> { ["message"] = error.Message, ["code"] = BadRequest };
        if (error.Locations is { Count: > 0 } locations) entry["locations"] = locations.Select(at => new Dictionary<string, object?> { ["line"] = at.Line, ["column"] = at.Column }).ToArray();
        if (error.Path is not null) entry["path"] = error.Path.ToArray();
        var extensions = new Dictionary<string, object?>();
        if (error.Code is not null) extensions["code"] = error.Code;
        foreach (var (name, value) in error.Extensions ?? new Dictionary<string, object?>()) extensions[name] = value;
        if (extensions.Count > 0) entry["extensions"] = extensions;
        return entry;
    }

    public static string Moment(DateTimeOffset moment) => moment.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
