namespace PayOnce.Exporters.Api;

/// <summary>What one HTTP request came to, before the exporter looks into the answer.</summary>
/// <param name="Class">How sure it is that the request was processed.</param>
/// <param name="Status">HTTP status; null if no answer came.</param>
/// <param name="Body">The whole body; empty if none came or it was cut off.</param>
/// <param name="RetryAfter">How long the other side asked to wait.</param>
/// <param name="Error">In words, secrets removed; null where nothing went wrong.</param>
public sealed record WireAnswer(WireClass Class, int? Status, ReadOnlyMemory<byte> Body, TimeSpan? RetryAfter, string? Error)
{
    /// <summary>The answer's headers, names in lower case; of several equal ones the first.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();
}

/// <summary>The classes of outcomes that a retry must tell apart (design §4).</summary>
public enum WireClass
{
    /// <summary>A 2xx answer with its whole body.</summary>
    Answered,

    /// <summary>Provably not processed: no connection, no TLS before a byte went out, 429, 503 with Retry-After.</summary>
    NotProcessed,

    /// <summary>Any other 4xx: the system read it and said no. Whether that is proof, the exporter's white list says.</summary>
    Refused,

    /// <summary>Anything else: 500, 502, 504, a reset, a time-out, a body cut off, a redirect.</summary>
    Unknown,
}
