using PayOnce.Exporters.Api;
using PayOnce.Guard;
using PayOnce.Stores;

namespace PayOnce.Runs;

/// <summary>A claim in a batch as the guard took it.</summary>
internal sealed record TakenClaim(int Generation, int Attempt, ExpectedClaim Expected);

/// <summary>A batch that is reserved with its bytes and not sent yet; and what its answers do to its marks.</summary>
internal sealed record ReadyBatch(int Batch, ReadOnlyMemory<byte> Bytes, IReadOnlyList<TakenClaim> Claims)
{
    public ApiBatch Try(Lease lease, int number) => new(lease.OrganisationId, lease.RunId, Batch, number, Bytes, [.. Claims.Select(claim => claim.Expected)]);

    /// <summary>Provably nothing left: all its claims wait again.</summary>
    public TryEnd NotSent(int number, string why) => new(Batch, number, AttemptOutcome.Refused, null, why, Settle(claim => Released(claim, why)));

    /// <summary>A try that another follows.</summary>
    public TryEnd Interim(int number, SendAnswer answer) =>
        new(Batch, number, answer is SendAnswer.NotProcessed ? AttemptOutcome.Refused : AttemptOutcome.Unknown, answer.HttpStatus, answer.Error, []);

    /// <summary>
    /// The last try. Accepted with proof is exported; provably refused is rejected; provably not processed waits again; everything
    /// else is in doubt.
    /// </summary>
    /// <param name="answer">The last one, with the doubts of earlier tries in it (<see cref="SendRetry"/>).</param>
    public TryEnd Last(int number, SendAnswer answer)
    {
        var settled = answer switch
        {
            SendAnswer.Answered answered => Answered(answered),
            SendAnswer.Refused => Settle(claim => Rejected(claim, answer.Error ?? "Refused without a reason.")),
            SendAnswer.NotProcessed => Settle(claim => Released(claim, answer.Error ?? "Not processed.")),
            _ => Settle(claim => InDoubt(claim, answer.Error ?? "The answer never came.")),
        };
        var outcome = settled.Any(claim => claim.State == MarkState.InDoubt) ? AttemptOutcome.Unknown
            : settled.Any(claim => claim.State == MarkState.Exported) ? AttemptOutcome.Accepted
            : AttemptOutcome.Refused;
        return new TryEnd(Batch, number, outcome, answer.HttpStatus, answer.Error, settled);
    }

    private IReadOnlyList<ClaimSettlement> Answered(SendAnswer.Answered answered)
    {
        var said = new Dictionary<string, ClaimAnswer>(StringComparer.Ordinal);
        foreach (var claim in answered.Claims)
        {
            // Spoken of twice, differently: nothing is proved.
            if (!said.TryAdd(claim.ClaimId, claim) && said[claim.ClaimId] != claim) said[claim.ClaimId] = new ClaimAnswer.Unknown(claim.ClaimId, "The answer speaks of it twice, and not alike.");
        }
        return Settle(claim => said.GetValueOrDefault(claim.Expected.ClaimId) switch
        {
            ClaimAnswer.Accepted accepted => new ClaimSettlement(claim.Expected.ClaimId, claim.Generation, claim.Attempt, MarkState.Exported, accepted.Evidence, accepted.Acknowledgement, null),
            ClaimAnswer.Refused refused => Rejected(claim, refused.Reason),
            ClaimAnswer.Unknown unknown => InDoubt(claim, unknown.Reason),
            _ => InDoubt(claim, "The answer does not speak of it."),
        });
    }

    private IReadOnlyList<ClaimSettlement> Settle(Func<TakenClaim, ClaimSettlement> one) => [.. Claims.Select(one)];

    private static ClaimSettlement Rejected(TakenClaim claim, string why) => new(claim.Expected.ClaimId, claim.Generation, claim.Attempt, MarkState.Rejected, null, null, why);

    private static ClaimSettlement Released(TakenClaim claim, string why) => new(claim.Expected.ClaimId, claim.Generation, claim.Attempt, MarkState.Released, null, null, why);

    private static ClaimSettlement InDoubt(TakenClaim claim, string why) => new(claim.Expected.ClaimId, claim.Generation, claim.Attempt, MarkState.InDoubt, null, null, why);
}
