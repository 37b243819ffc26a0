using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;

namespace PayOnce.App.Api;

/// <summary>One kind of refusal. Its type never changes: programs decide by it, and by nothing else of a problem.</summary>
/// <param name="Name">The last part of the type, as in <c>urn:payonce:problem:busy</c>.</param>
/// <param name="Status">The HTTP status that goes with it.</param>
/// <param name="Title">The same sentence for every problem of this kind.</param>
internal sealed record ProblemKind(string Name, int Status, string Title)
{
    public string Type => $"urn:payonce:problem:{Name}";

    /// <summary>The problem as an answer (RFC 9457).</summary>
    /// <param name="detail">What is wrong this time, for people; null where the title says it all.</param>
    /// <param name="errors">What is wrong with what was sent, place by place.</param>
    public ProblemHttpResult Because(string? detail = null, IReadOnlyList<Fault>? errors = null, params IEnumerable<KeyValuePair<string, object?>> more)
    {
        var extensions = new Dictionary<string, object?>(more, StringComparer.Ordinal);
        if (errors is { Count: > 0 }) extensions["errors"] = errors;
        return TypedResults.Problem(detail, statusCode: Status, title: Title, type: Type, extensions: extensions);
    }
}

/// <summary>One thing that is wrong with what was sent.</summary>
/// <param name="Name">The field, parameter or header: <c>from</c>, <c>claims[3].lines[0].amountMinor</c>, <c>If-Match</c>.</param>
/// <param name="Value">What was given there, cut and made printable; null where nothing was, or where it must not be repeated.</param>
/// <param name="Rule">Which rule it breaks, as the end of a sentence: <c>must be a date as yyyy-MM-dd</c>.</param>
/// <param name="Place">Where it stands: <c>body</c>, <c>query</c>, <c>header</c>, <c>path</c>, or <c>settings</c> for an integration's stored settings; with line and byte where the body is no JSON.</param>
internal sealed record Fault(string Name, string? Value, string Rule, string Place)
{
    public const string Body = "body";
    public const string Query = "query";
    public const string Header = "header";
    public const string Path = "path";

    public static Fault Of(Problem problem, string place = Body) => new(Named(problem), problem.Value, problem.Rule, problem.Line is { } line ? $"{place}, line {line.ToString(CultureInfo.InvariantCulture)}" : place);

    private static string Named(Problem problem) => (problem.ClaimId, problem.Field) switch
    {
        ({ } claim, { } field) => $"{claim} {field}",
        ({ } claim, null) => claim,
        (null, { } field) => field,
        _ => "",
    };
}

/// <summary>Every kind of problem there is. docs/http-api.md lists them; a test compares.</summary>
internal static class Problems
{
    public static ProblemKind BadInput { get; } = new("bad-input", 400, "What was sent cannot be used. Nothing was changed.");
    public static ProblemKind UnreadableClaims { get; } = new("unreadable-claims", 400, "The claims could not be read to their end. What was read before that place is in.");
    public static ProblemKind NotSignedIn { get; } = new("not-signed-in", 401, "Nobody is signed in, or the token does not count.");
    public static ProblemKind NotAllowed { get; } = new("not-allowed", 403, "Whoever asks may not do this.");
    public static ProblemKind NotFound { get; } = new("not-found", 404, "There is nothing here.");
    public static ProblemKind WrongMethod { get; } = new("wrong-method", 405, "This address knows no such method.");
    public static ProblemKind TooSlow { get; } = new("too-slow", 408, "The request did not arrive in time.");
    public static ProblemKind Busy { get; } = new("busy", 409, "Somebody else is running for this organisation. Nothing was started.");
    public static ProblemKind Paused { get; } = new("paused", 409, "Export is paused. Nothing was started.");
    public static ProblemKind NotSetUp { get; } = new("not-set-up", 409, "There is nothing to run with yet. Nothing was started.");
    public static ProblemKind NotPossible { get; } = new("not-possible", 409, "As things stand this cannot be done. Nothing was changed.");
    public static ProblemKind Taken { get; } = new("taken", 409, "Something else has this name already. Nothing was changed.");
    public static ProblemKind Withdrawn { get; } = new("file-withdrawn", 410, "The file was withdrawn and must not be imported.");
    public static ProblemKind ChangedMeanwhile { get; } = new("changed-meanwhile", 412, "Somebody changed it since you read it. Nothing was changed.");
    public static ProblemKind TooLarge { get; } = new("too-large", 413, "The request is larger than this address takes.");
    public static ProblemKind WrongContentType { get; } = new("wrong-content-type", 415, "This address does not take this content type.");
    public static ProblemKind KeyUsed { get; } = new("idempotency-key-used", 422, "The idempotency key was used for something else before. Nothing was changed.");
    public static ProblemKind VersionNeeded { get; } = new("version-needed", 428, "Say with If-Match which version is changed, or with If-None-Match: * that there is none yet. Nothing was changed.");
    public static ProblemKind TooMany { get; } = new("too-many-requests", 429, "Too many requests. Nothing was done.");
    public static ProblemKind HeadersTooLarge { get; } = new("headers-too-large", 431, "The request's headers are larger than this server takes.");
    public static ProblemKind Broken { get; } = new("fault", 500, "A fault of PayOnce. It stands in the log under the fault's id.");
    public static ProblemKind Unavailable { get; } = new("unavailable", 503, "The store cannot be reached at the moment. Ask again.");

    public static IReadOnlyList<ProblemKind> All { get; } =
    [
        BadInput, UnreadableClaims, NotSignedIn, NotAllowed, NotFound, WrongMethod, TooSlow, Busy, Paused, NotSetUp, NotPossible, Taken, Withdrawn, ChangedMeanwhile, TooLarge,
        WrongContentType, KeyUsed, VersionNeeded, TooMany, HeadersTooLarge, Broken, Unavailable,
    ];

    /// <summary>The kind that a bare status stands for: the first of this status, which says least.</summary>
    public static ProblemKind? Of(int status) => status == StatusCodes.Status409Conflict ? NotPossible : All.FirstOrDefault(kind => kind.Status == status);

    /// <summary>Refuses input for one reason.</summary>
    public static ProblemHttpResult Refuse(string name, string? value, string rule, string place = Fault.Body) =>
        BadInput.Because(errors: [new Fault(name, value is null ? null : Problem.Printable(value), rule, place)]);

    /// <summary>What the guard or another part of the engine says to what was asked: words that are wrong, or a state that forbids it.</summary>
    public static ProblemHttpResult Of(Problem problem) => problem.Field is "reason" or "confirm" or "evidence" or "voucher" or "acknowledgement"
        ? BadInput.Because(errors: [Fault.Of(problem)])
        : NotPossible.Because(problem.Rule);
}
