using PayOnce.Scheduling;

namespace PayOnce.Runs;

/// <summary>
/// The right to run for one organisation. Its epoch only rises; every write of the protocol compares it in the statement that
/// writes, so that a process which lost the lease can no longer change anything.
/// </summary>
/// <param name="Actor">Who started the run; stands in its audit events.</param>
/// <param name="FirstVoucher">The first voucher number that no earlier run has used.</param>
public sealed record Lease(string OrganisationId, long Epoch, long RunId, string Actor, long FirstVoucher);

/// <summary>What a run says when it asks for the lease.</summary>
/// <param name="Duration">How long the lease holds without renewal, by database time.</param>
/// <param name="Nonce">Unique to this request: with it the answer to a lost commit is found again.</param>
public sealed record LeaseRequest(
    string OrganisationId,
    RunTrigger Trigger,
    string Actor,
    string Holder,
    ClaimScope Scope,
    string Exporter,
    string Format,
    int IntegrationVersion,
    TimeSpan Duration,
    string Nonce)
{
    /// <summary>
    /// The highest epoch that is known outside the store. A store whose own is lower, or which gave the same one to another run, was restored
    /// from a backup: the lease's epoch begins behind this one, and restore mode is switched on in the same commit.
    /// </summary>
    public WitnessedEpoch KnownOutside { get; init; }

    /// <summary>The request that the run is for, as its node took it; null for a run without one.</summary>
    public TakenRequest? Request { get; init; }
}

/// <summary>The answer to <see cref="LeaseRequest"/>.</summary>
public abstract record LeaseAnswer
{
    private LeaseAnswer() { }

    /// <summary>The lease is ours and the run exists, in state running.</summary>
    public sealed record Taken(Lease Lease) : LeaseAnswer;

    /// <summary>Somebody else runs.</summary>
    /// <param name="ExpiresAt">When the lease runs out if its holder does nothing more (database time).</param>
    /// <param name="Now">Database time at the answer.</param>
    public sealed record Busy(Run Run, DateTimeOffset ExpiresAt, DateTimeOffset Now) : LeaseAnswer;

    /// <summary>Nobody runs, and nobody may: export is paused.</summary>
    public sealed record Paused(Pause Pause) : LeaseAnswer;

    /// <summary>The request is no longer ours: another node took it, or it is over. Nothing was changed.</summary>
    public sealed record RequestLost(TakenRequest Request) : LeaseAnswer;
}
