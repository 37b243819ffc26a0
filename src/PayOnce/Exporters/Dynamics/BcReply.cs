using System.Text.Json;
using PayOnce.Exporters.Api;

namespace PayOnce.Exporters.Dynamics;

/// <summary>What one request to Business Central came to.</summary>
/// <param name="Class">How sure it is that the request was processed. An answer that cannot be read is <see cref="WireClass.Unknown"/>.</param>
/// <param name="Code">Of an OData error, such as <c>Application_DialogException</c>; null if there is none.</param>
/// <param name="Message">The error in Business Central's words or ours; null where nothing went wrong.</param>
/// <param name="Body">Of a 2xx answer that has one; a copy.</param>
internal sealed record BcReply(WireClass Class, int? Status, string? Code, string? Message, JsonElement? Body, TimeSpan? RetryAfter)
{
    private const int LongestMessage = 400;

    /// <summary>Errors by which Business Central says that it did not take what was sent (Microsoft: "Dynamics 365 Business Central error codes").</summary>
    private static readonly string[] Refusals =
    [
        "Application_DialogException", "Application_FieldValidationException", "Application_StringExceededLength", "Application_EvaluateException", "Application_InvalidGUID",
        "Internal_InvalidTableRelation", "BadRequest", "BadRequest_InvalidOperation", "BadRequest_RequiredParamNotProvided",
    ];

    /// <summary>
    /// An answer of the white list: the operation it answers was undone as a whole. It says nothing of another request that may have
    /// done the same, and "the same key exists" is not among them.
    /// </summary>
    public bool IsRefusal => Class == WireClass.Refused && Status == 400 && Array.IndexOf(Refusals, Code) >= 0;

    /// <summary>400 as live reports say, 409 as some clients expect; the code decides.</summary>
    public bool IsSameKey => Class == WireClass.Refused && Code == "Internal_EntityWithSameKeyExists";

    /// <summary>A 2xx answer that is not one to what was asked: it proves neither that something is there nor that it is not.</summary>
    public static BcReply Unreadable { get; } = new(WireClass.Unknown, null, null, "Business Central's answer could not be read.", null, null);

    public bool IsOk => Class == WireClass.Answered;

    /// <param name="scrubber">An error's message is another system's text: it may hold anything.</param>
    public static BcReply Read(WireAnswer answer, Scrubber scrubber)
    {
        if (answer.Class is not (WireClass.Answered or WireClass.Refused)) return new BcReply(answer.Class, answer.Status, null, answer.Error, null, answer.RetryAfter);
        if (answer.Class == WireClass.Answered && answer.Status == 204) return new BcReply(WireClass.Answered, 204, null, null, null, null);
        var body = AnswerJson.Read(answer.Body) is { ValueKind: JsonValueKind.Object } read ? read : (JsonElement?)null;
        if (answer.Class == WireClass.Answered)
            return body is null
                ? Unreadable with { Status = answer.Status }
                : new BcReply(WireClass.Answered, answer.Status, null, null, body, null);
        string? code = null, message = null;
        if (body is { } error && error.TryGetProperty("error", out var inner) && inner.ValueKind == JsonValueKind.Object)
            (code, message) = (AnswerJson.Text(inner, "code"), AnswerJson.Text(inner, "message"));
        return new BcReply(WireClass.Refused, answer.Status, code, message is null ? answer.Error : scrubber.Excerpt(message, LongestMessage), null, answer.RetryAfter);
    }

    /// <summary>What went wrong, for people.</summary>
    public string Trouble(string what) => Message is null ? $"{what} failed." : $"{what}: {Message}";

    /// <summary>An amount in minor units; null if it is missing, no number or has a fraction of one.</summary>
    public static long? Minor(JsonElement entity, string name) =>
        entity.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetDecimal(out var amount)
        && Math.Abs(amount) < long.MaxValue / 1000m && amount * 100 == decimal.Truncate(amount * 100)
            ? (long)(amount * 100)
            : null;

    public static Guid? Id(JsonElement entity) => AnswerJson.Text(entity, "id") is { } text && Guid.TryParse(text, out var id) ? id : null;
}
