using PayOnce.Guard;
using PayOnce.Stores;

namespace PayOnce.App.Dashboard.Uploads;

/// <summary>What the registration of a list would do.</summary>
/// <param name="InAll">Claims in the list.</param>
/// <param name="Held">Those that a mark holds already: they are left as they are.</param>
/// <param name="Waiting">Those that were taken in and would be taken out of what waits.</param>
/// <param name="Unknown">Those that PayOnce has not got: they are registered, and are not sent when they come.</param>
/// <param name="First">The first of them, to be looked at.</param>
public sealed record AdoptCheck(int InAll, int Held, int Waiting, int Unknown, IReadOnlyList<AdoptedClaim> First)
{
    private const int Page = 1_000;
    private const int Shown = 10;

    /// <summary>What would be registered.</summary>
    public int New => InAll - Held;

    /// <summary>Asks; takes nothing.</summary>
    public static async Task<AdoptCheck> OfAsync(IStore store, string org, IReadOnlyList<AdoptedClaim> claims, CancellationToken cancel)
    {
        var (held, known) = (0, 0);
        foreach (var page in claims.Chunk(Page))
        {
            var there = (await store.FindHeldAsync(org, [.. page.Select(claim => claim.ClaimId)], cancel)).Select(claim => claim.ClaimId).ToHashSet(StringComparer.Ordinal);
            held += there.Count;
            var free = page.Where(claim => !there.Contains(claim.ClaimId)).Select(claim => ExportKey.Derive(org, claim.ClaimId, generation: 0)).ToList();
            known += (await store.FindKeysAsync(org, free, cancel)).Count;
        }
        return new(claims.Count, held, known, claims.Count - held - known, [.. claims.Take(Shown)]);
    }
}
