using PayOnce.Runs;

namespace PayOnce.Tests.Crash;

/// <summary>A witness that outlives databases.</summary>
internal sealed class RememberedEpochs : IEpochWitness
{
    private readonly List<string> adoptions = [];
    private WitnessedEpoch highest;

    public Task<WitnessedEpoch> HighestAsync(string organisationId, CancellationToken cancel) => Task.FromResult(highest);

    public Task RaiseAsync(string organisationId, WitnessedEpoch epoch, CancellationToken cancel)
    {
        if (epoch.Epoch > highest.Epoch) highest = epoch;
        return Task.CompletedTask;
    }

    public Task<IReadOnlyList<string>> AdoptionsAsync(string organisationId, CancellationToken cancel) => Task.FromResult<IReadOnlyList<string>>([.. adoptions]);

    public Task AdoptedAsync(string organisationId, WitnessedEpoch epoch, CancellationToken cancel)
    {
        adoptions.Add(epoch.Nonce!);
        return RaiseAsync(organisationId, epoch, cancel);
    }
}
