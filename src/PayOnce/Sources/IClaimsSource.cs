namespace PayOnce.Sources;

/// <summary>Where claims are read from before a run exports them.</summary>
public interface IClaimsSource
{
    /// <summary>
    /// Reads what the organisation's source has by now. A run does not begin behind a source that cannot be read: a claim that was
    /// withdrawn there must not leave. Whoever wants to export all the same switches the source off.
    /// </summary>
    /// <param name="cancel">A wish to stop: a run that is stopped before it begins reserves nothing, whatever was read.</param>
    /// <returns>Why it could not be read; null if it was, if the organisation has none, or at the wish to stop.</returns>
    Task<Problem?> ReadBeforeRunAsync(string organisationId, CancellationToken cancel);
}

/// <summary>Opens the connection string of an organisation's source, which is kept as a secret.</summary>
public interface ISourceSecrets
{
    /// <returns>Why there is none, where it is null.</returns>
    Task<(string? Connection, string? Trouble)> FindAsync(string organisationId, CancellationToken cancel);
}

/// <summary>What came of reading a source.</summary>
public abstract record SourceAnswer
{
    private SourceAnswer() { }

    /// <summary>Read to its end.</summary>
    public sealed record Done(ReadingReport Report) : SourceAnswer;

    /// <summary>It could not be read, or not to its end; what was read before is in.</summary>
    /// <param name="Why">A sentence for people.</param>
    public sealed record Failed(string Why) : SourceAnswer;

    /// <summary>Another reading goes on.</summary>
    public sealed record Busy : SourceAnswer { public static Busy Instance { get; } = new(); }

    /// <summary>There is no source, or it is off.</summary>
    public sealed record Off : SourceAnswer { public static Off Instance { get; } = new(); }
}
