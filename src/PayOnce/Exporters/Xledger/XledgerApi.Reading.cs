using System.Text.Json;
using PayOnce.Exporters.Api;

namespace PayOnce.Exporters.Xledger;

/// <content>Asking lists. A question does no harm, so it is asked again where a limit says how long to wait.</content>
internal sealed partial class XledgerApi
{
    private const int MostAsks = 4;

    /// <summary>Longer than this, the caller's next time will do.</summary>
    private static readonly TimeSpan LongestAskWait = TimeSpan.FromSeconds(10);

    /// <summary>Pages of one list that are read at most: two million lines.</summary>
    private const int MostPages = 400;

    /// <summary>What a question came to.</summary>
    private abstract record Asked
    {
        public sealed record Told(JsonElement Data) : Asked;

        /// <summary>The document was read and found wrong: this Xledger does not have the field or filter.</summary>
        public sealed record NotPossible(string Why) : Asked;

        public sealed record Failed(string Why, int? HttpStatus) : Asked;
    }

    private async Task<Asked> AskAsync(string document, CancellationToken cancel)
    {
        for (var ask = 1; ; ask++)
        {
            var wire = await PostAsync(JsonSerializer.SerializeToUtf8Bytes(new Question(document), QuestionJson.Default.Question), cancel);
            var answer = wire.Body.IsEmpty ? null : GraphQlAnswer.Read(wire.Body);
            var limits = answer?.Errors.Where(error => error.Kind == GraphQlErrorKind.Limit).ToList() ?? [];
            TimeSpan? wait = limits.Count > 0 ? limits.Max(error => error.Wait(client.Clock.GetUtcNow())) : wire.Class == WireClass.NotProcessed ? wire.RetryAfter : null;
            if (wait is { } told && told <= LongestAskWait && ask < MostAsks && !cancel.IsCancellationRequested)
            {
                await WaitAsync(told, cancel);
                continue;
            }
            return answer switch
            {
                { Errors: [], Data: { } data } => new Asked.Told(data),
                { Errors.Count: > 0 } when answer.Errors.All(error => error.Kind == GraphQlErrorKind.Refusal) && !IsAboutToken(answer) => new Asked.NotPossible(Clean(answer.Words())),
                { Errors.Count: > 0 } => new Asked.Failed(Clean(answer.Words()), wire.Status),
                _ => new Asked.Failed(wire.Class == WireClass.Answered ? "The answer could not be read." : Clean(wire.Error ?? "There was no answer."), wire.Status),
            };
        }
    }

    private static bool IsAboutToken(GraphQlAnswer answer) => answer.Errors.Any(error => error.Message.Contains("token", StringComparison.OrdinalIgnoreCase));

    private async Task WaitAsync(TimeSpan wait, CancellationToken cancel)
    {
        try
        {
            await Task.Delay(wait, client.Clock, cancel);
        }
        catch (OperationCanceledException)
        {
            // The next ask says that it was stopped.
        }
    }

    /// <summary>One page of a list.</summary>
    /// <param name="Lines">Each line's cursor, and the line if it bears an export key.</param>
    /// <param name="More">Whether there is a page behind it.</param>
    private sealed record ListPage(IReadOnlyList<(string Cursor, HeldLine? Line)> Lines, bool More)
    {
        /// <summary>Cursor of its last line; null if it has none.</summary>
        public string? Last => Lines.Count > 0 ? Lines[^1].Cursor : null;
    }

    /// <summary>A page, or why there is none.</summary>
    private async Task<(ListPage? Page, Asked? Trouble)> PageAsync(XledgerQuery list, string? filter, string? after, CancellationToken cancel)
    {
        var asked = await AskAsync(list.Document(filter, after), cancel);
        if (asked is not Asked.Told told) return (null, asked);
        return ReadPage(list, told.Data) is { } page ? (page, null) : (null, new Asked.Failed($"The answer to {list.Field} does not have the form of a list.", 200));
    }

    // Strict: a line that was overlooked would be a claim that is not there.
    private static ListPage? ReadPage(XledgerQuery list, JsonElement data)
    {
        if (XledgerJson.Object(data, list.Field) is not { } connection
            || XledgerJson.Object(connection, "pageInfo") is not { } info || !info.TryGetProperty("hasNextPage", out var more) || more.ValueKind is not (JsonValueKind.True or JsonValueKind.False)
            || !connection.TryGetProperty("edges", out var edges) || edges.ValueKind != JsonValueKind.Array) return null;
        var lines = new List<(string, HeldLine?)>(edges.GetArrayLength());
        foreach (var edge in edges.EnumerateArray())
        {
            if (AnswerJson.Text(edge, "cursor") is not { } cursor || XledgerJson.Object(edge, "node") is not { } node) return null;
            lines.Add((cursor, HeldLine.Read(list, node)));
        }
        return more.GetBoolean() && lines.Count == 0 ? null : new ListPage(lines, more.GetBoolean());
    }

    /// <summary>All lines that a filter lets through. Null if they were taken; otherwise what came between.</summary>
    private async Task<Asked?> CollectAsync(XledgerQuery list, string? filter, Action<HeldLine> take, CancellationToken cancel)
    {
        string? after = null;
        for (var pages = 0; pages < MostPages; pages++)
        {
            var (page, trouble) = await PageAsync(list, filter, after, cancel);
            if (page is null) return trouble;
            foreach (var (_, line) in page.Lines)
            {
                if (line is not null) take(line);
            }
            if (!page.More) return null;
            if (page.Last == after) return new Asked.Failed($"The pages of {list.Field} do not come to an end.", 200);
            after = page.Last;
        }
        return new Asked.Failed($"{list.Field} has more lines than can be read.", 200);
    }

    private sealed record Question(string Query);

    [System.Text.Json.Serialization.JsonSourceGenerationOptions(PropertyNamingPolicy = System.Text.Json.Serialization.JsonKnownNamingPolicy.CamelCase)]
    [System.Text.Json.Serialization.JsonSerializable(typeof(Question))]
    private sealed partial class QuestionJson : System.Text.Json.Serialization.JsonSerializerContext;
}
