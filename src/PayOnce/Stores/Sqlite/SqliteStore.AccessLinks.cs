using PayOnce.Access;
using PayOnce.Audit;

namespace PayOnce.Stores.Sqlite;

public sealed partial class SqliteStore
{
    private const string LinkColumns = "l.link_sha256, l.purpose, l.email, l.user_id, l.organisation_id, l.role, l.claimant_id, l.created_by, l.created_at, l.expires_at";

    private static OneTimeLink ReadLink(SqliteStatement row) => new(
        row.Text(0), LinkPurposes.Parse(row.Text(1)), row.TextOrNull(2), row.TextOrNull(3), row.TextOrNull(4), row.TextOrNull(5) is { } role ? Roles.Parse(role) : null,
        row.TextOrNull(6), row.Text(7), row.Time(8), row.Time(9));

    /// <inheritdoc/>
    public Task<FirstLinkAnswer> OfferFirstAdministratorAsync(string linkSha256, TimeSpan lifetime, bool replace, CancellationToken cancel) => WriteAsync<FirstLinkAnswer>(db =>
    {
        if (AnyUser(db)) return new FirstLinkAnswer.NotNeeded();
        var now = Now();
        var standing = db.First($"select {LinkColumns} from one_time_links l where l.purpose = 'first_administrator' and l.ended_at is null", ReadLink);
        if (standing is not null && standing.ExpiresAt > now && !replace) return new FirstLinkAnswer.AlreadyOffered(standing.ExpiresAt);
        if (standing is not null) db.Run("update one_time_links set ended_at = ?2 where link_sha256 = ?1", standing.Sha256, now);
        var link = new OneTimeLink(linkSha256, LinkPurpose.FirstAdministrator, null, null, null, null, null, "first start", now, SqliteTime.Truncate(now + lifetime));
        AddLink(db, link);
        db.Proof = later => later.Any("select 1 from one_time_links where link_sha256 = ?1", linkSha256);
        return new FirstLinkAnswer.Offered(link.ExpiresAt);
    }, cancel);

    /// <inheritdoc/>
    public Task<LinkAnswer> AcceptFirstAdministratorAsync(string linkSha256, NewUser user, string? organisationId, string actor, CancellationToken cancel) => WriteAsync<LinkAnswer>(db =>
    {
        if (ReadCountingLink(db, linkSha256, LinkPurpose.FirstAdministrator) is null || AnyUser(db)) return new LinkAnswer.NotValid();
        UseUp(db, linkSha256);
        TryAddUser(db, user, user.Email, isOperator: true);
        db.Proof = later => later.Any("select 1 from users where user_id = ?1", user.UserId);
        if (organisationId is not null) SetMembership(db, new Membership(organisationId, user.UserId, Role.Administrator, null), invitation: null, actor);
        return new LinkAnswer.Granted(RequireUser(db, user.UserId));
    }, cancel);

    /// <inheritdoc/>
    public Task<OneTimeLink> InviteAsync(string organisationId, Invitation invitation, string actor, CancellationToken cancel)
    {
        AccessRules.RequireClaimant(invitation.Role, invitation.ClaimantId);
        return WriteAsync(db =>
        {
            var now = Now();
            db.Run("update one_time_links set ended_at = ?3 where organisation_id = ?1 and email_key = ?2 and purpose = 'invitation' and ended_at is null",
                organisationId, User.EmailKey(invitation.Email), now);
            var link = new OneTimeLink(invitation.Sha256, LinkPurpose.Invitation, invitation.Email, null, organisationId, invitation.Role, invitation.ClaimantId, actor, now, SqliteTime.Truncate(now + invitation.Lifetime));
            AddLink(db, link);
            Tell(db, organisationId, now, AuditEntries.InvitationMade(link, actor));
            return link;
        }, cancel);
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<OneTimeLink>> ListInvitationsAsync(string organisationId, CancellationToken cancel) => ReadAsync<IReadOnlyList<OneTimeLink>>(db => db.All(
        $"select {LinkColumns} from one_time_links l where l.organisation_id = ?1 and l.ended_at is null and l.expires_at > ?2 order by l.created_at desc, l.link_sha256", ReadLink, organisationId, Now()), cancel);

    /// <inheritdoc/>
    public Task<bool> WithdrawInvitationAsync(string organisationId, string linkSha256, string actor, CancellationToken cancel) => WriteAsync(db =>
    {
        var now = Now();
        if (db.Run("update one_time_links set ended_at = ?3 where link_sha256 = ?2 and organisation_id = ?1 and ended_at is null and expires_at > ?3", organisationId, linkSha256, now) == 0) return false;
        Tell(db, organisationId, now, AuditEntries.InvitationWithdrawn(linkSha256, actor));
        return true;
    }, cancel);

    /// <inheritdoc/>
    public Task<LinkAnswer> AcceptInvitationAsync(string linkSha256, NewUser user, string actor, CancellationToken cancel) => WriteAsync<LinkAnswer>(db =>
    {
        if (ReadCountingLink(db, linkSha256, LinkPurpose.Invitation) is not { } link) return new LinkAnswer.NotValid();
        // Asked before anything is written: what is refused leaves the link as it is.
        if (FindClaimant(db, link.OrganisationId!, link.ClaimantId, user.UserId) is { } holder) return new LinkAnswer.ClaimantTaken(holder);
        return TryAddUser(db, user, link.Email!, isOperator: false) ? GrantInvitation(db, link, user.UserId, actor) : new LinkAnswer.EmailTaken();
    }, cancel);

    /// <inheritdoc/>
    public Task<LinkAnswer> AcceptInvitationAsync(string linkSha256, string userId, string actor, CancellationToken cancel) => WriteAsync(db =>
        ReadCountingLink(db, linkSha256, LinkPurpose.Invitation) is { } link ? GrantInvitation(db, link, userId, actor) : new LinkAnswer.NotValid(), cancel);

    private LinkAnswer GrantInvitation(SqliteSession db, OneTimeLink link, string userId, string actor)
    {
        var answer = SetMembership(db, new Membership(link.OrganisationId!, userId, link.Role!.Value, link.ClaimantId), link.Sha256, actor);
        if (answer is not MembershipAnswer.Done) return AccessRules.Refused(answer);
        UseUp(db, link.Sha256);
        return new LinkAnswer.Granted(RequireUser(db, userId));
    }

    /// <inheritdoc/>
    public Task<bool> OfferPasswordResetAsync(string linkSha256, string userId, TimeSpan lifetime, string actor, CancellationToken cancel) => WriteAsync(db =>
    {
        if (ReadUser(db, userId) is not { Disabled: false }) return false;
        var now = Now();
        EndResets(db, userId);
        AddLink(db, new OneTimeLink(linkSha256, LinkPurpose.PasswordReset, null, userId, null, null, null, actor, now, SqliteTime.Truncate(now + lifetime)));
        db.Proof = later => later.Any("select 1 from one_time_links where link_sha256 = ?1", linkSha256);
        return true;
    }, cancel);

    /// <inheritdoc/>
    public Task<LinkAnswer> ResetPasswordAsync(string linkSha256, string passwordHash, string securityStamp, CancellationToken cancel) => WriteAsync<LinkAnswer>(db =>
    {
        if (ReadCountingLink(db, linkSha256, LinkPurpose.PasswordReset) is not { UserId: { } userId } || ReadUser(db, userId) is not { Disabled: false }) return new LinkAnswer.NotValid();
        // Ends this link too, with whatever else would reset the password.
        SetPassword(db, userId, passwordHash, securityStamp, exceptSession: null);
        db.Proof = later => later.Any("select 1 from user_credentials where user_id = ?1 and security_stamp = ?2", userId, securityStamp);
        return new LinkAnswer.Granted(RequireUser(db, userId));
    }, cancel);

    /// <inheritdoc/>
    public Task<OneTimeLink?> FindLinkAsync(string linkSha256, CancellationToken cancel) => ReadAsync(db =>
    {
        var link = db.First($"select {LinkColumns} from one_time_links l where l.link_sha256 = ?1 and l.ended_at is null and l.expires_at > ?2", ReadLink, linkSha256, Now());
        return link is { Purpose: LinkPurpose.FirstAdministrator } && AnyUser(db) ? null : link;
    }, cancel);

    private static void AddLink(SqliteSession db, OneTimeLink link) => db.Run(
        """
        insert into one_time_links (link_sha256, purpose, email, email_key, user_id, organisation_id, role, claimant_id, created_by, created_at, expires_at)
        values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)
        """,
        link.Sha256, link.Purpose.Text(), link.Email, link.Email is null ? null : User.EmailKey(link.Email), link.UserId, link.OrganisationId, link.Role?.Text(), link.ClaimantId, link.CreatedBy, link.CreatedAt, link.ExpiresAt);

    /// <summary>The link if it still counts. Nobody can use it before this transaction, which holds the write lock, has ended.</summary>
    private OneTimeLink? ReadCountingLink(SqliteSession db, string linkSha256, LinkPurpose purpose) => db.First(
        $"select {LinkColumns} from one_time_links l where l.link_sha256 = ?1 and l.purpose = ?2 and l.ended_at is null and l.expires_at > ?3", ReadLink, linkSha256, purpose.Text(), Now());

    private void UseUp(SqliteSession db, string linkSha256)
    {
        if (db.Run("update one_time_links set ended_at = ?2 where link_sha256 = ?1 and ended_at is null", linkSha256, Now()) != 1)
            throw new InvalidOperationException("The link was used up by somebody else inside this transaction.");
    }
}
