using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using PayOnce.Exporters.Api;

namespace PayOnce.Exporters.Xledger;

/// <summary>What an error proves.</summary>
internal enum GraphQlErrorKind
{
    /// <summary>Nothing: among others "your query timed out", which says that it had begun.</summary>
    Other,

    /// <summary>One of the limits that are checked before anything is done; after a while it may be sent again.</summary>
    Limit,

    /// <summary>On the white list: the request was read and found wrong.</summary>
    Refusal,
}

/// <summary>One error of an answer. Xledger sends them with HTTP status 200.</summary>
/// <param name="Path">Where in the document, from the name of the query or mutation; numbers as text.</param>
internal sealed partial record GraphQlError(string Message, GraphQlErrorKind Kind, IReadOnlyList<string> Path)
{
    // The three limits and how long Xledger's own C# sample waits for each.
    private const string Credits = "BAD_REQUEST.INSUFFICIENT_CREDITS";
    private const string Burst = "BAD_REQUEST.BURST_RATE_LIMIT_REACHED";
    private const string Concurrency = "BAD_REQUEST.CONCURRENCY_LIMIT_REACHED";
    private static readonly TimeSpan CreditsWait = TimeSpan.FromMinutes(20);
    private static readonly TimeSpan LongestWait = TimeSpan.FromDays(1);

    private string? Limit { get; init; }

    private JsonElement? ResetAt { get; init; }

    /// <summary>Whether it answers the question which values a field may have.</summary>
    public bool HasAlternatives { get; private init; }

    /// <summary>Null if it is no error as GraphQL has them.</summary>
    public static GraphQlError? Read(JsonElement error)
    {
        if (error.ValueKind != JsonValueKind.Object || AnswerJson.Text(error, "message") is not { } message) return null;
        var extensions = error.TryGetProperty("extensions", out var found) && found.ValueKind == JsonValueKind.Object ? found : (JsonElement?)null;
        var codes = new[] { AnswerJson.Text(error, "code"), extensions is { } inner ? AnswerJson.Text(inner, "code") : null };
        var limit = codes.FirstOrDefault(code => code is Credits or Burst or Concurrency);
        return new GraphQlError(message, limit is not null ? GraphQlErrorKind.Limit : KindOf(message, codes), PathOf(error))
        {
            Limit = limit,
            ResetAt = extensions is { } with && with.TryGetProperty("resetAt", out var reset) ? reset.Clone() : null,
            HasAlternatives = extensions is { } listed && listed.TryGetProperty("exampleValidInputs", out var inputs) && inputs.ValueKind == JsonValueKind.Array,
        };
    }

    /// <summary>How long a limit asks to wait.</summary>
    public TimeSpan Wait(DateTimeOffset now) => Limit switch
    {
        Burst => TimeSpan.FromSeconds(5),
        Concurrency => TimeSpan.FromSeconds(1),
        _ => ResetTime() is { } at ? TimeSpan.FromTicks(Math.Clamp((at - now).Ticks, TimeSpan.TicksPerSecond, LongestWait.Ticks)) : CreditsWait,
    };

    /// <summary>The place in the mutation's list that the error speaks of, with the mutation's name where it says so.</summary>
    public (string? Mutation, int Index)? Place()
    {
        // ["m1","inputs",3,"node","account"] in the path, inputs[3] or $m1[3] in the words.
        for (var i = 1; i < Path.Count; i++)
        {
            if (int.TryParse(Path[i], NumberStyles.None, CultureInfo.InvariantCulture, out var index) && Path[i - 1] == "inputs") return (Path[0], index);
        }
        var match = PlaceInWords().Match(Message);
        if (!match.Success || !int.TryParse(match.Groups["index"].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out var place)) return null;
        return (match.Groups["name"].Success ? match.Groups["name"].Value : Path.Count > 0 ? Path[0] : null, place);
    }

    // The two codes are those of GraphQL validation (values of variables, literals); the messages are the two others that public
    // clients know as refusals. Words about time win: they would be no proof.
    private static GraphQlErrorKind KindOf(string message, string?[] codes) =>
        Has(message, "timed out") || Has(message, "timeout") ? GraphQlErrorKind.Other
        : codes.Any(code => code is "INVALID_VALUE" or "ARGUMENTS_OF_CORRECT_TYPE") || Has(message, "cannot query field") || Has(message, "bad format for api token") ? GraphQlErrorKind.Refusal
        : GraphQlErrorKind.Other;

    private static bool Has(string message, string words) => message.Contains(words, StringComparison.OrdinalIgnoreCase);

    private DateTimeOffset? ResetTime()
    {
        if (ResetAt is not { } reset) return null;
        if (reset.ValueKind == JsonValueKind.Number && reset.TryGetInt64(out var seconds) && seconds is > 0 and < 253_402_300_800) return DateTimeOffset.FromUnixTimeSeconds(seconds);
        // Its form is documented nowhere. A time without a zone would be Xledger's own, an hour or two ahead of UTC: as if it were UTC, we wait longer.
        return AnswerJson.Text(reset) is { } text && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) ? at : null;
    }

    private static List<string> PathOf(JsonElement error)
    {
        var path = new List<string>();
        if (!error.TryGetProperty("path", out var steps) || steps.ValueKind != JsonValueKind.Array) return path;
        foreach (var step in steps.EnumerateArray().Take(32)) path.Add(AnswerJson.Text(step) ?? step.GetRawText());
        return path;
    }

    [GeneratedRegex(@"(?:\binputs|\$(?<name>m[0-9]{1,4}))\[(?<index>[0-9]{1,6})\]")]
    private static partial Regex PlaceInWords();
}
