using PayOnce.Access;

namespace PayOnce.Audit;

// Who can reach the organisation. Ids and no addresses or names of people: the trail outlives them.
public static partial class AuditEntries
{
    /// <param name="invitation">The SHA-256 of the link that granted it; null if somebody gave it directly.</param>
    public static AuditEntry MembershipChanged(Membership? before, Membership now, string? invitation, string actor) =>
        Entry(actor, AuditActions.MembershipChanged, UserSubject(now.UserId), json =>
        {
            if (before is not null) json.WriteString("before", before.Role.Text());
            json.WriteString("role", now.Role.Text());
            if (now.ClaimantId is not null) json.WriteString("claimantId", now.ClaimantId);
            if (invitation is not null) json.WriteString("invitation", ShortName(invitation));
        });

    public static AuditEntry MembershipRemoved(Membership before, string actor) =>
        Entry(actor, AuditActions.MembershipRemoved, UserSubject(before.UserId), json => json.WriteString("before", before.Role.Text()));

    public static AuditEntry InvitationMade(OneTimeLink link, string actor) =>
        Entry(actor, AuditActions.InvitationMade, InvitationSubject(link.Sha256), json =>
        {
            json.WriteString("role", link.Role!.Value.Text());
            if (link.ClaimantId is not null) json.WriteString("claimantId", link.ClaimantId);
            json.WriteNumber("validSeconds", Seconds(link.ExpiresAt - link.CreatedAt));
        });

    public static AuditEntry InvitationWithdrawn(string linkSha256, string actor) =>
        Entry(actor, AuditActions.InvitationWithdrawn, InvitationSubject(linkSha256), _ => { });

    public static AuditEntry TokenAdded(ApiToken token, string actor) =>
        Entry(actor, AuditActions.TokenAdded, TokenSubject(token.TokenId), json =>
        {
            json.WriteString("name", token.Name);
            json.WriteString("permissions", token.Permissions.Text());
            json.WriteNumber("validSeconds", Seconds(token.ExpiresAt - token.CreatedAt));
        });

    public static AuditEntry TokenRevoked(string tokenId, string name, string actor) =>
        Entry(actor, AuditActions.TokenRevoked, TokenSubject(tokenId), json => json.WriteString("name", name));

    public static AuditEntry SignInProviderChanged(SignInProvider provider, string actor) =>
        Entry(actor, AuditActions.SignInProviderChanged, ProviderSubject, json =>
        {
            json.WriteString("issuer", provider.Issuer.OriginalString);
            json.WriteString("clientId", provider.ClientId);
        });

    /// <param name="endedSessions">How many people's browsers were signed in by it, and are no more.</param>
    public static AuditEntry SignInProviderRemoved(SignInProvider provider, int endedSessions, string actor) =>
        Entry(actor, AuditActions.SignInProviderRemoved, ProviderSubject, json =>
        {
            json.WriteString("issuer", provider.Issuer.OriginalString);
            json.WriteNumber("endedSessions", endedSessions);
        });

    public static AuditEntry IdentityLinked(string userId, Uri issuer, string actor) =>
        Entry(actor, AuditActions.IdentityLinked, UserSubject(userId), json => json.WriteString("issuer", issuer.OriginalString));

    public static AuditEntry IdentityUnlinked(string userId, Uri issuer, string actor) =>
        Entry(actor, AuditActions.IdentityUnlinked, UserSubject(userId), json => json.WriteString("issuer", issuer.OriginalString));

    private const string ProviderSubject = "sign-in provider";

    private static string UserSubject(string userId) => $"user {userId}";

    private static string TokenSubject(string tokenId) => $"token {tokenId}";

    private static string InvitationSubject(string linkSha256) => $"invitation {ShortName(linkSha256)}";

    /// <summary>Enough of a hash to tell links apart, in a trail that people read.</summary>
    private static string ShortName(string sha256) => sha256.Length > 16 ? sha256[..16] : sha256;

    private static long Seconds(TimeSpan lifetime) => lifetime.Ticks / TimeSpan.TicksPerSecond;
}
