using PayOnce.Stores;

namespace PayOnce.Runs;

/// <summary>What every part of one run works with, from the moment it holds the lease.</summary>
/// <param name="Candidates">Claims that were free to go when they were counted.</param>
internal sealed record RunScene(
    IStore Store, ISteps Steps, TimeProvider Clock, Lease Lease, LeaseWatch Watch, ClaimScope Scope, long Candidates, Action<RunProgress>? Progress);

/// <summary>How a run's claims leave: by file, or over an API.</summary>
internal interface IDelivery : IDisposable
{
    /// <summary>Reserves and delivers to the end. False if we were fenced off: nothing more may be done.</summary>
    /// <param name="stop">A person's wish: what is reserved by then still goes out, the rest waits.</param>
    Task<bool> RunAsync(CancellationToken stop);

    /// <summary>Claims left out, at rendering or by the accounting system, each with its reason.</summary>
    IReadOnlyList<ClaimRejection> Rejections { get; }

    /// <summary>A person stopped it while candidates were left.</summary>
    bool Stopped { get; }

    /// <summary>Why it could not do its work, for people; null if it could.</summary>
    string? Failure { get; }
}
