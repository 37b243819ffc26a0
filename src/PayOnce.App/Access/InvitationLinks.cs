using PayOnce.Access;
using PayOnce.App.Server;
using PayOnce.Stores;

namespace PayOnce.App.Access;

/// <summary>Makes the link by which somebody comes into an organisation.</summary>
internal static class InvitationLinks
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromDays(7);

    /// <returns>What is kept of it, and the address that is shown this once.</returns>
    public static async Task<(OneTimeLink Kept, string Address)> MakeAsync(
        IAccessStore access, HttpContext http, ServerOptions options, string organisationId, string email, Role role, string? claimantId, TimeSpan lifetime, string actor, CancellationToken cancel)
    {
        var secret = Secret.New();
        var kept = await access.InviteAsync(organisationId, new Invitation(Secret.Sha256(secret), email, role, claimantId, lifetime), actor, cancel);
        return (kept, $"{PublicAddress.Of(http, options)}/invitation/{secret}");
    }
}
