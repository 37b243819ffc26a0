namespace PayOnce.Sandbox.Generic;

/// <summary>Which of the endpoints that the generic contract allows this one is.</summary>
public sealed record GenericBehaviour
{
    /// <summary>What it does about a repeated request.</summary>
    public GenericProof Proof { get; init; } = GenericProof.Readable;

    /// <summary>For how long <see cref="GenericProof.Windowed"/> remembers an idempotency key.</summary>
    public TimeSpan Window { get; init; } = TimeSpan.FromHours(24);

    /// <summary>The bearer token it takes.</summary>
    public string Token { get; init; } = "sandbox-token";

    public int MaxClaims { get; init; } = 1000;

    /// <summary>How long it thinks before it answers.</summary>
    public TimeSpan Latency { get; init; }

    /// <summary>What it says of itself in its capabilities; null: the truth.</summary>
    public GenericProof? Claims { get; init; }

    /// <summary>Whether it has <c>POST /probe</c>.</summary>
    public bool HasProbe { get; init; } = true;
}

/// <summary>The proof classes as an endpoint lives them.</summary>
public enum GenericProof
{
    /// <summary>A repeated export key is answered as a duplicate, for ever.</summary>
    Unique,

    /// <summary>A repeated idempotency key is answered with the first answer, refusals included, for a time; after it the request is new.</summary>
    Windowed,

    /// <summary>A repeated export key is silently booked again; the look-up shows how often.</summary>
    Readable,

    /// <summary>The same without a look-up.</summary>
    Blind,
}
