namespace PayOnce.Sandbox;

/// <summary>What can go wrong. Up to <see cref="Redirect"/> it happens on the wire, around any stand-in; the others a stand-in does itself.</summary>
public enum FaultKind
{
    /// <summary>Processed, then the connection is reset without an answer.</summary>
    AnswerLost,

    /// <summary>The connection is reset and the request was never processed.</summary>
    RequestLost,

    /// <summary>Processed; half of the answer's body arrives, then the connection is reset.</summary>
    ResetMidBody,

    /// <summary>Processed at once, answered after the delay.</summary>
    LateAnswer,

    /// <summary>The connection is reset at once, the request is processed after the delay.</summary>
    LateProcessing,

    /// <summary>Processed twice, as if a proxy had repeated it; the second answer is given.</summary>
    DuplicateDelivery,

    /// <summary>429 with Retry-After, not processed.</summary>
    TooManyRequests,

    /// <summary>503 with Retry-After, not processed.</summary>
    Unavailable,

    /// <summary>500, 502 or 504, not processed.</summary>
    ErrorBefore,

    /// <summary>Processed, then 500, 502 or 504.</summary>
    ErrorAfter,

    /// <summary>Processed; the answer's body ends in the middle, correctly framed.</summary>
    Truncated,

    /// <summary>Processed; some of the answer's bytes are others.</summary>
    Garbled,

    /// <summary>307 to somewhere else, not processed.</summary>
    Redirect,

    /// <summary>A claim of a batch is refused by name while the others are taken.</summary>
    PartialFailure,

    /// <summary>The first half of a batch is processed, then the system breaks off with 500.</summary>
    HalfDone,

    /// <summary>A claim of a batch is taken, and the answer does not speak of it.</summary>
    IncompleteAnswer,

    /// <summary>A read does not see what was written in the last moments.</summary>
    LaggingRead,

    /// <summary>Taken now, booked after the delay.</summary>
    DelayedPosting,

    /// <summary>The system's clock is off by the delay.</summary>
    ClockSkew,

    /// <summary>One of the system's own limits, in its own words.</summary>
    LimitReached,

    /// <summary>The access token is not taken any more.</summary>
    TokenExpired,
}

/// <summary>The names of the faults, as command line and control endpoint know them.</summary>
public static class FaultKinds
{
    private static readonly Dictionary<string, FaultKind> ByText = Enum.GetValues<FaultKind>().ToDictionary(Text, StringComparer.Ordinal);

    public static IReadOnlyList<string> All { get; } = [.. Enum.GetValues<FaultKind>().Select(Text)];

    /// <summary>Kebab case: <c>answer-lost</c>.</summary>
    public static string Text(this FaultKind kind) =>
        string.Concat(kind.ToString().Select((c, i) => char.IsUpper(c) ? (i == 0 ? "" : "-") + char.ToLowerInvariant(c) : c.ToString()));

    public static FaultKind? Find(string text) => ByText.TryGetValue(text, out var kind) ? kind : null;

    /// <summary>Whether the frame does it, whatever the stand-in.</summary>
    public static bool IsOnTheWire(this FaultKind kind) => kind <= FaultKind.Redirect;
}
