using System.Globalization;
using System.Text.Json;

namespace PayOnce.Claims.Intake;

/// <summary>What <see cref="JsonRecords"/> found next.</summary>
internal enum JsonRecord
{
    /// <summary>A value to be parsed.</summary>
    Value,

    /// <summary>One that cannot be; the next may.</summary>
    Refused,

    /// <summary>The rest of the file cannot be read.</summary>
    Unreadable,

    End,
}

/// <summary>The values of a JSON file, with the words for what is wrong with the file around them.</summary>
internal sealed class JsonRecords(InputBuffer input, RecordProblems problems, string what)
{
    private readonly JsonValues values = new(input);

    public ReadOnlySpan<byte> Current => values.Current;

    /// <summary>Where the record begins.</summary>
    public long Line { get; private set; }

    /// <summary>Set for everything but a value.</summary>
    public Problem? Problem { get; private set; }

    public async ValueTask<JsonRecord> NextAsync(CancellationToken cancel)
    {
        var piece = await values.NextAsync(cancel);
        Line = values.Line;
        switch (piece)
        {
            case JsonPiece.Value:
                return !values.IsArray && values.Current.TrimEnd((byte)'\r') is [(byte)'{'] && Line == 1
                    ? Fault("is not one whole object; put all into an array [ … ], or each object on a line of its own", JsonRecord.Unreadable)
                    : JsonRecord.Value;
            case JsonPiece.TooLarge:
                return await TooLargeAsync(cancel);
            case JsonPiece.CutOff:
                Problem = CutOff();
                return JsonRecord.Unreadable;
            case JsonPiece.NotClosed:
                return Fault("ends before the array is closed", JsonRecord.Unreadable);
            case JsonPiece.Broken:
                return Fault(string.Create(CultureInfo.InvariantCulture, $"is not valid JSON at column {input.Column}"), JsonRecord.Unreadable);
            default:
                return JsonRecord.End;
        }
    }

    /// <summary>The words for a syntax error within the value, and whether the file ends with it.</summary>
    /// <param name="claimId">As far as it was read before.</param>
    public (Problem Problem, bool Ends) Syntax(JsonException e, string? claimId)
    {
        if (values.IsUnfinishedLine) return (CutOff(), true);
        var relative = e.LineNumber ?? 0;
        var column = (e.BytePositionInLine ?? 0) + (relative == 0 ? input.Column : 1);
        var rule = string.Create(CultureInfo.InvariantCulture, $"is not valid JSON at column {column}");
        if (ControlCharacter(relative, e.BytePositionInLine ?? 0) is not { } control) return (problems.At(Line + relative, rule, claimId), values.IsArray);
        // The brackets around it are sound, so that the next element can be found.
        return (problems.At(Line + relative, string.Create(CultureInfo.InvariantCulture, $"{rule}: it must not contain the control character U+{control:X4}"), claimId), false);
    }

    private int? ControlCharacter(long line, long position)
    {
        var rest = Current;
        for (; line > 0 && rest.Length > 0; line--) rest = rest[(rest.IndexOf((byte)'\n') + 1)..];
        if (position >= rest.Length) return null;
        // A line break within a text is more likely a quote that is missing, and then nothing behind it can be trusted.
        return rest[(int)position] is var found and < 0x20 and not ((byte)'\n' or (byte)'\r') ? found : null;
    }

    private async ValueTask<JsonRecord> TooLargeAsync(CancellationToken cancel)
    {
        if (await values.SkipAsync(cancel) is not { } last)
        {
            Problem = CutOff();
            return JsonRecord.Unreadable;
        }
        var until = last == Line ? "" : string.Create(CultureInfo.InvariantCulture, $", up to line {last}");
        return Fault($"is larger than 1 MiB{until}; it was passed over", JsonRecord.Refused);
    }

    private Problem CutOff() =>
        problems.At(input.LineAt(input.Unread.Length), string.Create(CultureInfo.InvariantCulture, $"ends in the middle of {what} that begins at line {Line}"));

    private JsonRecord Fault(string rule, JsonRecord kind)
    {
        Problem = problems.At(Line, rule);
        return kind;
    }
}
