using PayOnce.Stores;

namespace PayOnce.Tests.Support;

internal static class Adopting
{
    /// <summary>Adopts for a test that is not about the epochs' witness.</summary>
    public static Task<AdoptAnswer> AdoptAsync(this IStore store, string organisationId, IReadOnlyList<AdoptedClaim> claims, string reason, string actor, string holder, CancellationToken cancel) =>
        store.AdoptAsync(new AdoptRequest(organisationId, claims, reason, actor, holder, Guid.NewGuid().ToString("N")), cancel);
}
