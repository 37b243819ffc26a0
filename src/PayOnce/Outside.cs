using PayOnce.Exporters;
using PayOnce.Exporters.Api;
using PayOnce.Runs;

namespace PayOnce;

/// <summary>What the engine reaches outside its store, given by the host so that tests and simulations can give their own.</summary>
/// <param name="Folder">Folders that integrations publish files to.</param>
/// <param name="Apis">Opens accounting systems' APIs; null in a host that exports by file only.</param>
/// <param name="Epochs">Remembers epochs outside the store, to notice that it was restored.</param>
/// <param name="Jitter">Chance, from 0 to 1, for the delays of retries.</param>
public sealed record Outside(IPublishFolder Folder, IApiConnector? Apis, IEpochWitness Epochs, Func<double> Jitter)
{
    /// <summary>Where claims are read from before a run; null: from nowhere, they are brought.</summary>
    public Sources.IClaimsSource? Source { get; init; }

    /// <summary>By file only, and nothing remembered.</summary>
    public static Outside FilesOnly(IPublishFolder folder) => new(folder, null, NoEpochWitness.Instance, () => 0);
}
