namespace PayOnce.Runs;

/// <summary>
/// One row of the append-only register of attempts: one try to deliver one batch, told in at most three rows.
/// </summary>
/// <param name="Try">Which try of this batch, from 1. A file's batches have one.</param>
/// <param name="ClaimIds">The claims in the batch; only in the row of step <see cref="AttemptStep.Reserved"/>.</param>
/// <param name="BytesHash">SHA-256 of the batch's frozen bytes, lower-case hexadecimal.</param>
/// <param name="Error">What went wrong, with secrets removed.</param>
public sealed record Attempt(
    long RunId,
    int Batch,
    int Try,
    AttemptStep Step,
    long Epoch,
    IReadOnlyList<string>? ClaimIds,
    string? BytesHash,
    AttemptOutcome? Outcome,
    int? HttpStatus,
    string? Error,
    DateTimeOffset At);

/// <summary>What a row of an attempt tells.</summary>
public enum AttemptStep
{
    /// <summary>The bytes are frozen; nothing has left (P1).</summary>
    Reserved,

    /// <summary>From here on something may have left (P1b).</summary>
    Started,

    /// <summary>How it ended (P2).</summary>
    Finished,
}

/// <summary>How a try ended.</summary>
public enum AttemptOutcome
{
    /// <summary>Handed over with proof.</summary>
    Accepted,

    /// <summary>Provably refused, or provably never left.</summary>
    Refused,

    /// <summary>No proof either way.</summary>
    Unknown,
}

/// <summary>The one text constant of each step and outcome.</summary>
public static class AttemptTexts
{
    public static string Text(this AttemptStep step) => step switch
    {
        AttemptStep.Reserved => "reserved",
        AttemptStep.Started => "started",
        AttemptStep.Finished => "finished",
        _ => throw new ArgumentOutOfRangeException(nameof(step), step, null),
    };

    public static AttemptStep Step(string text) => text switch
    {
        "reserved" => AttemptStep.Reserved,
        "started" => AttemptStep.Started,
        "finished" => AttemptStep.Finished,
        _ => throw new ArgumentOutOfRangeException(nameof(text), text, null),
    };

    public static string Text(this AttemptOutcome outcome) => outcome switch
    {
        AttemptOutcome.Accepted => "accepted",
        AttemptOutcome.Refused => "refused",
        AttemptOutcome.Unknown => "unknown",
        _ => throw new ArgumentOutOfRangeException(nameof(outcome), outcome, null),
    };

    public static AttemptOutcome Outcome(string text) => text switch
    {
        "accepted" => AttemptOutcome.Accepted,
        "refused" => AttemptOutcome.Refused,
        "unknown" => AttemptOutcome.Unknown,
        _ => throw new ArgumentOutOfRangeException(nameof(text), text, null),
    };
}
