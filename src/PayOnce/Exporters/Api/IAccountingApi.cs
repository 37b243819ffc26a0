using PayOnce.Guard;

namespace PayOnce.Exporters.Api;

/// <summary>
/// The seam to one accounting system over its API, opened with one integration's settings and secrets. Rendering is pure and
/// freezes a whole request's bytes; <see cref="SendAsync"/> makes one try; <see cref="ReadBackAsync"/> answers for export keys.
/// Expected answers are values. An exception from here is a bug, never a fault of the network.
/// </summary>
public interface IAccountingApi : IAsyncDisposable
{
    ProofClass ProofClass { get; }

    /// <summary>For how long a <see cref="ProofClass.Windowed"/> system remembers a key; zero for the others.</summary>
    TimeSpan Window { get; }

    /// <summary>How long after an attempt its request may still arrive: before that, absence proves nothing.</summary>
    TimeSpan QuietTime { get; }

    /// <summary>Whether a claim that was read back as absent twice, with the quiet time between, may go again without a person (integration's setting).</summary>
    bool AutomaticRelease { get; }

    /// <summary>Claims in one request at most: a batch.</summary>
    int ClaimsPerBatch { get; }

    /// <summary>Requests under way at the same time at most.</summary>
    int Parallel { get; }

    /// <summary>Longest time one try may take, after which its outcome is unknown.</summary>
    TimeSpan Timeout { get; }

    /// <summary>How often and how patiently a try is repeated.</summary>
    RetryOptions Retry { get; }

    /// <summary>Renders a batch as the complete body that <see cref="SendAsync"/> is given; prologue, separator and epilogue are empty.</summary>
    IBatchRenderer Renderer { get; }

    /// <summary>What the run's report should tell beside its counts, in sentences; empty if there is nothing.</summary>
    IReadOnlyList<string> Warnings => [];

    /// <summary>Sends the frozen bytes once. No repetition and no redirect below this line.</summary>
    /// <param name="cancel">The host goes down or the try's time is over: what is under way is then unknown.</param>
    Task<SendAnswer> SendAsync(ApiBatch batch, CancellationToken cancel);

    /// <summary>
    /// Asks which of these export keys the accounting system holds. Where an earlier try got half way and finishing it is harmless
    /// to repeat (posting a draft that posts once), it is finished here.
    /// </summary>
    Task<ReadBackAnswer> ReadBackAsync(IReadOnlyList<ExpectedClaim> claims, CancellationToken cancel);

    /// <summary>A page of the export keys the accounting system holds, oldest first, for comparing the whole history.</summary>
    /// <param name="after">The cursor of the page before; null from the start.</param>
    Task<KeyPageAnswer> ListKeysAsync(string? after, CancellationToken cancel);

    /// <summary>Tries address, sign-in, rights and the declared proof class, without leaving anything that is paid.</summary>
    Task<IReadOnlyList<ConnectionCheck>> TestConnectionAsync(CancellationToken cancel);
}

/// <summary>One try of one batch.</summary>
/// <param name="Try">From 1. A windowed system that replays a refusal is told it in the idempotency header.</param>
/// <param name="Bytes">As frozen at the reserve.</param>
/// <param name="Claims">The claims in the bytes.</param>
public sealed record ApiBatch(string OrganisationId, long RunId, int Batch, int Try, ReadOnlyMemory<byte> Bytes, IReadOnlyList<ExpectedClaim> Claims);

/// <summary>A claim as it should stand at the accounting system.</summary>
/// <param name="SentSince">Not before this time can it have been sent: narrows a search by time. Null: unknown.</param>
public sealed record ExpectedClaim(string ClaimId, string ExportKey, string ClaimantId, string Currency, long TotalMinor, DateTimeOffset ApprovedAt, DateTimeOffset? SentSince);

/// <summary>What one try came to.</summary>
public abstract record SendAnswer
{
    private SendAnswer() { }

    /// <summary>HTTP status of the answer that decided; null if none came.</summary>
    public int? HttpStatus { get; init; }

    /// <summary>What went wrong in words, secrets removed; null if nothing did.</summary>
    public string? Error { get; init; }

    /// <summary>The system spoke about each claim. A claim it did not speak about is unknown.</summary>
    public sealed record Answered(IReadOnlyList<ClaimAnswer> Claims) : SendAnswer;

    /// <summary>Provably not processed: may be sent again after a while, whatever the proof class.</summary>
    /// <param name="After">How long the system asked to wait; null if it did not say.</param>
    public sealed record NotProcessed(TimeSpan? After) : SendAnswer;

    /// <summary>Refused as a whole, by an answer on the exporter's white list: nothing was booked, and sending it again is no use.</summary>
    public sealed record Refused : SendAnswer;

    /// <summary>No proof either way.</summary>
    public sealed record Unknown : SendAnswer;
}

/// <summary>What the accounting system said of one claim.</summary>
public abstract record ClaimAnswer(string ClaimId)
{
    /// <param name="Evidence"><see cref="Evidence.Received"/> or <see cref="Evidence.Booked"/>, never more than was said.</param>
    /// <param name="Acknowledgement">The system's own id or voucher number.</param>
    public sealed record Accepted(string ClaimId, Evidence Evidence, string Acknowledgement) : ClaimAnswer(ClaimId);

    /// <summary>Provably not booked, with the reason for a bookkeeper.</summary>
    public sealed record Refused(string ClaimId, string Reason) : ClaimAnswer(ClaimId);

    /// <summary>No proof: an unreadable answer, or "already exists", which mostly means that an earlier try arrived. Read back.</summary>
    public sealed record Unknown(string ClaimId, string Reason) : ClaimAnswer(ClaimId);
}

/// <summary>The answer to a read-back.</summary>
public abstract record ReadBackAnswer
{
    private ReadBackAnswer() { }

    /// <summary>One finding for each claim asked for, in their order.</summary>
    public sealed record Answered(IReadOnlyList<ReadBackFinding> Findings) : ReadBackAnswer;

    /// <summary>The question could not be answered: nothing is known, nothing changes.</summary>
    public sealed record Failed(string Why, int? HttpStatus = null) : ReadBackAnswer;
}

/// <summary>What a read-back found of one claim.</summary>
public abstract record ReadBackFinding(string ClaimId)
{
    /// <summary>It stands there once, with the amount expected.</summary>
    public sealed record Present(string ClaimId, Evidence Evidence, string Acknowledgement) : ReadBackFinding(ClaimId);

    /// <summary>The system does not hold the key, as far as it says now.</summary>
    public sealed record Absent(string ClaimId) : ReadBackFinding(ClaimId);

    /// <summary>It stands there with another amount, or more than once: for a person.</summary>
    public sealed record Conflict(string ClaimId, string What) : ReadBackFinding(ClaimId);
}

/// <summary>An entry of the accounting system whose reference has the shape of an export key.</summary>
/// <param name="TotalMinor">Null where the system's list does not say.</param>
public sealed record HeldKey(string ExportKey, string? Currency, long? TotalMinor, string Reference);

/// <summary>A page of keys.</summary>
public abstract record KeyPageAnswer
{
    private KeyPageAnswer() { }

    /// <param name="Next">Cursor for the next page; null at the end.</param>
    public sealed record Page(IReadOnlyList<HeldKey> Keys, string? Next) : KeyPageAnswer;

    public sealed record Failed(string Why) : KeyPageAnswer;
}

/// <summary>One line of "Test connection".</summary>
/// <param name="What">What was tried: <c>sign-in</c>, <c>proof class</c>.</param>
/// <param name="Trouble">Null if it is as it should be; otherwise what is wrong and what to do.</param>
public sealed record ConnectionCheck(string What, string? Trouble);
