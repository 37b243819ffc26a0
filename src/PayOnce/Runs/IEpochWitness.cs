namespace PayOnce.Runs;

/// <summary>
/// Remembers outside the store how high an organisation's epoch has been, and which run had it. A database that was restored from a backup
/// has a lower one, or gave the same one to another run since: it has forgotten marks, and must not send before the accounting system was
/// asked (restore mode).
/// </summary>
public interface IEpochWitness
{
    /// <summary>The highest epoch known here.</summary>
    Task<WitnessedEpoch> HighestAsync(string organisationId, CancellationToken cancel);

    /// <summary>Durable when it returns. Called for each lease before anything is sent under it. Not higher than what is known: nothing changes.</summary>
    Task RaiseAsync(string organisationId, WitnessedEpoch epoch, CancellationToken cancel);

    /// <summary>Every adoption known here, by the nonce of its request. The accounting system cannot be asked for what left before PayOnce came.</summary>
    Task<IReadOnlyList<string>> AdoptionsAsync(string organisationId, CancellationToken cancel);

    /// <summary>An adoption was made under this epoch: as <see cref="RaiseAsync"/>, and its nonce is kept for ever.</summary>
    Task AdoptedAsync(string organisationId, WitnessedEpoch epoch, CancellationToken cancel);
}

/// <summary>An epoch that was given out.</summary>
/// <param name="Epoch">0: none is known.</param>
/// <param name="Nonce">Of the lease request that was given it (<see cref="LeaseRequest.Nonce"/>); null where that is not known.</param>
public readonly record struct WitnessedEpoch(long Epoch, string? Nonce)
{
    public static WitnessedEpoch None { get; }
}

/// <summary>Knows nothing: restore mode is then switched on by hand only.</summary>
public sealed class NoEpochWitness : IEpochWitness
{
    public static NoEpochWitness Instance { get; } = new();

    public Task<WitnessedEpoch> HighestAsync(string organisationId, CancellationToken cancel) => Task.FromResult(WitnessedEpoch.None);

    public Task RaiseAsync(string organisationId, WitnessedEpoch epoch, CancellationToken cancel) => Task.CompletedTask;

    public Task<IReadOnlyList<string>> AdoptionsAsync(string organisationId, CancellationToken cancel) => Task.FromResult<IReadOnlyList<string>>([]);

    public Task AdoptedAsync(string organisationId, WitnessedEpoch epoch, CancellationToken cancel) => Task.CompletedTask;
}
