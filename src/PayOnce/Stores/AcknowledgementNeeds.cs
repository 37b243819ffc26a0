using PayOnce.Claims;
using PayOnce.Claims.Forms;
using PayOnce.Declarations;

namespace PayOnce.Stores;

/// <summary>Which claims of a chunk need a driver's acknowledgement, and how their claimants stand to it. What both stores decide alike.</summary>
internal sealed class AcknowledgementNeeds(IReadOnlyDictionary<string, AcknowledgementState> claimants)
{
    private static readonly string Type = FormKind.DriverHonorarium.Text();

    /// <summary>Whether there is any such claim: for every other chunk nothing is asked of the database.</summary>
    public static bool MayHave(IReadOnlyList<ClaimRecord> claims)
    {
        for (var i = 0; i < claims.Count; i++)
        {
            if (claims[i].Type == Type) return true;
        }
        return false;
    }

    public static IEnumerable<string> ClaimantsOf(IReadOnlyList<ClaimRecord> claims) => claims.Where(claim => claim.Type == Type).Select(claim => claim.ClaimantId).Distinct(StringComparer.Ordinal);

    /// <summary>Why it cannot be taken in; null if nothing stands in the way.</summary>
    public IntakeOutcome.NotAcknowledged? Against(ClaimRecord claim) => claim.Type == Type && claimants[claim.ClaimantId].Gap is { } gap ? new IntakeOutcome.NotAcknowledged(gap) : null;

    /// <summary>What a claim that was taken in rests on; null where it needs nothing.</summary>
    public long? NumberFor(ClaimRecord claim) => claim.Type == Type ? claimants[claim.ClaimantId].Valid?.Number : null;
}
