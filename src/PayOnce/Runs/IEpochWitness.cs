namespace PayOnce.Runs;

/// <summary>
/// Remembers outside the store how high an organisation's epoch has been. A database that was restored from a backup has a lower
/// one: it has forgotten marks, and must not send before the accounting system was asked (restore mode).
/// </summary>
public interface IEpochWitness
{
    /// <summary>The highest epoch known here; 0 if none is.</summary>
    Task<long> HighestAsync(string organisationId, CancellationToken cancel);

    /// <summary>Durable when it returns. Called for each lease before anything is sent under it.</summary>
    Task RaiseAsync(string organisationId, long epoch, CancellationToken cancel);
}

/// <summary>Knows nothing: restore mode is then switched on by hand only.</summary>
public sealed class NoEpochWitness : IEpochWitness
{
    public static NoEpochWitness Instance { get; } = new();

    public Task<long> HighestAsync(string organisationId, CancellationToken cancel) => Task.FromResult(0L);

    public Task RaiseAsync(string organisationId, long epoch, CancellationToken cancel) => Task.CompletedTask;
}
