using Npgsql;
using PayOnce.Access;
using PayOnce.Audit;

namespace PayOnce.Stores.Postgres;

public sealed partial class PostgresStore
{
    private const string LinkColumns = "l.link_sha256, l.purpose, l.email, l.user_id, l.organisation_id, l.role, l.claimant_id, l.created_by, l.created_at, l.expires_at";

    private static OneTimeLink ReadLink(NpgsqlDataReader reader) => new(
        reader.GetString(0), LinkPurposes.Parse(reader.GetString(1)), reader.Text(2), reader.Text(3), reader.Text(4), reader.Text(5) is { } role ? Roles.Parse(role) : null,
        reader.Text(6), reader.GetString(7), reader.Time(8), reader.Time(9));

    public Task<FirstLinkAnswer> OfferFirstAdministratorAsync(string linkSha256, TimeSpan lifetime, bool replace, CancellationToken cancel) =>
        StepAsync<FirstLinkAnswer>(Installation, async work =>
        {
            // Alone: no user, and no other link, may come before the commit.
            var at = await work.LockInstallationAsync(alone: true);
            if (await work.FirstAsync(reader => reader.GetBoolean(0), AnyUser())) return new FirstLinkAnswer.NotNeeded();
            var standing = await work.FirstAsync(ReadLink, Sql.Of($"select {LinkColumns} from payonce.one_time_links l where l.purpose = 'first_administrator' and l.ended_at is null"));
            if (standing is not null && standing.ExpiresAt > at && !replace) return new FirstLinkAnswer.AlreadyOffered(standing.ExpiresAt);
            if (standing is not null) await work.ExecuteAsync(UseUp(standing.Sha256, LinkPurpose.FirstAdministrator, at, evenExpired: true));
            var link = new OneTimeLink(linkSha256, LinkPurpose.FirstAdministrator, null, null, null, null, null, "first start", at, Whole(at + lifetime));
            await work.ExecuteAsync(AddLink(link));
            work.ProvedForInstallationBy(() => Sql.Of("select 1 from payonce.one_time_links where link_sha256 = $1", linkSha256));
            return new FirstLinkAnswer.Offered(link.ExpiresAt);
        }, cancel);

    public Task<LinkAnswer> AcceptFirstAdministratorAsync(string linkSha256, NewUser user, string? organisationId, string actor, CancellationToken cancel) =>
        StepAsync<LinkAnswer>(organisationId ?? Installation, async work =>
        {
            var trail = organisationId is null ? default((AuditHead Head, DateTimeOffset At)?) : await work.LockHeadAsync();
            var first = await work.ForInstallationAsync(async () =>
            {
                var at = await work.LockInstallationAsync(alone: true);
                if ((await work.ExecuteAsync(UseUp(linkSha256, LinkPurpose.FirstAdministrator, at)))[0] == 0 || await work.FirstAsync(reader => reader.GetBoolean(0), AnyUser())) return null;
                await TryAddUserAsync(work, user, user.Email, isOperator: true);
                return await RequireUserAsync(work, user.UserId);
            });
            if (first is null) return new LinkAnswer.NotValid();
            if (trail is { } own) await SetMembershipAsync(work, own.Head, own.At, new Membership(organisationId!, user.UserId, Role.Administrator, null), invitation: null, actor);
            else work.ProvedForInstallationBy(() => Sql.Of("select 1 from payonce.users where user_id = $1", user.UserId));
            return new LinkAnswer.Granted(first);
        }, cancel);

    public Task<OneTimeLink> InviteAsync(string organisationId, Invitation invitation, string actor, CancellationToken cancel)
    {
        AccessRules.RequireClaimant(invitation.Role, invitation.ClaimantId);
        return StepAsync(organisationId, async work =>
        {
            var (head, at) = await work.LockHeadAsync();
            var link = new OneTimeLink(invitation.Sha256, LinkPurpose.Invitation, invitation.Email, null, organisationId, invitation.Role, invitation.ClaimantId, actor, at, Whole(at + invitation.Lifetime));
            await work.AppendAsync(
                head, at, AuditEntries.InvitationMade(link, actor),
                Sql.Of("update payonce.one_time_links set ended_at = $3 where organisation_id = $1 and email_key = $2 and purpose = 'invitation' and ended_at is null", organisationId, User.EmailKey(invitation.Email), at),
                AddLink(link));
            return link;
        }, cancel);
    }

    public async Task<IReadOnlyList<OneTimeLink>> ListInvitationsAsync(string organisationId, CancellationToken cancel) => await AskListAsync(organisationId, ReadLink, cancel, Sql.Of(
        $"select {LinkColumns} from payonce.one_time_links l where l.organisation_id = $1 and l.ended_at is null and l.expires_at > clock_timestamp() order by l.created_at desc, l.link_sha256", organisationId));

    public Task<bool> WithdrawInvitationAsync(string organisationId, string linkSha256, string actor, CancellationToken cancel) =>
        StepAsync(organisationId, async work =>
        {
            var (head, at) = await work.LockHeadAsync();
            if ((await work.ExecuteAsync(UseUp(linkSha256, LinkPurpose.Invitation, at)))[0] == 0) return false;
            await work.AppendAsync(head, at, AuditEntries.InvitationWithdrawn(linkSha256, actor));
            return true;
        }, cancel);

    public Task<LinkAnswer> AcceptInvitationAsync(string linkSha256, NewUser user, string actor, CancellationToken cancel) =>
        AcceptInvitationAsync(linkSha256, async (work, link) => await TryAddUserAsync(work, user, link.Email!, isOperator: false) ? user.UserId : null, actor, cancel);

    public Task<LinkAnswer> AcceptInvitationAsync(string linkSha256, string userId, string actor, CancellationToken cancel) =>
        AcceptInvitationAsync(linkSha256, (_, _) => Task.FromResult<string?>(userId), actor, cancel);

    /// <param name="person">For the installation: who accepts; null if the address is another user's. What is refused leaves no proof, and so is undone.</param>
    private async Task<LinkAnswer> AcceptInvitationAsync(string linkSha256, Func<PostgresTransaction, OneTimeLink, Task<string?>> person, string actor, CancellationToken cancel)
    {
        if (await FindLinkAsync(linkSha256, cancel) is not { Purpose: LinkPurpose.Invitation } link) return new LinkAnswer.NotValid();
        return await StepAsync(link.OrganisationId!, async work =>
        {
            var (head, at) = await work.LockHeadAsync();
            if ((await work.ExecuteAsync(UseUp(linkSha256, LinkPurpose.Invitation, at)))[0] == 0) return new LinkAnswer.NotValid();
            if (await work.ForInstallationAsync(() => person(work, link)) is not { } userId) return new LinkAnswer.EmailTaken();
            var answer = await SetMembershipAsync(work, head, at, new Membership(link.OrganisationId!, userId, link.Role!.Value, link.ClaimantId), linkSha256, actor);
            return answer is MembershipAnswer.Done
                ? new LinkAnswer.Granted(await work.ForInstallationAsync(() => RequireUserAsync(work, userId)))
                : AccessRules.Refused(answer);
        }, cancel, nameof(AcceptInvitationAsync));
    }

    public Task<bool> OfferPasswordResetAsync(string linkSha256, string userId, TimeSpan lifetime, string actor, CancellationToken cancel) =>
        StepAsync(Installation, async work =>
        {
            var at = await work.LockInstallationAsync(alone: true);
            if (await work.FirstAsync(ReadUser, UserOf(userId)) is not { Disabled: false }) return false;
            await work.ExecuteAsync(
                EndResets(userId, at),
                AddLink(new OneTimeLink(linkSha256, LinkPurpose.PasswordReset, null, userId, null, null, null, actor, at, Whole(at + lifetime))));
            work.ProvedForInstallationBy(() => Sql.Of("select 1 from payonce.one_time_links where link_sha256 = $1", linkSha256));
            return true;
        }, cancel);

    public Task<LinkAnswer> ResetPasswordAsync(string linkSha256, string passwordHash, string securityStamp, CancellationToken cancel) =>
        StepAsync<LinkAnswer>(Installation, async work =>
        {
            var at = await work.LockInstallationAsync(alone: true);
            var userId = await work.FirstAsync(reader => reader.GetString(0), UseUp(linkSha256, LinkPurpose.PasswordReset, at));
            if (userId is null || await work.FirstAsync(ReadUser, UserOf(userId)) is not { Disabled: false }) return new LinkAnswer.NotValid();
            await work.ExecuteAsync(SetPassword(userId, passwordHash, securityStamp, null, at));
            work.ProvedForInstallationBy(() => Sql.Of("select 1 from payonce.user_credentials where user_id = $1 and security_stamp = $2", userId, securityStamp));
            return new LinkAnswer.Granted(await RequireUserAsync(work, userId));
        }, cancel);

    public async Task<OneTimeLink?> FindLinkAsync(string linkSha256, CancellationToken cancel) => await AskFirstAsync(Installation, ReadLink, cancel, Sql.Of(
        $"""
        select {LinkColumns} from payonce.one_time_links l where l.link_sha256 = $1 and l.ended_at is null and l.expires_at > clock_timestamp()
        and (l.purpose <> 'first_administrator' or not exists (select 1 from payonce.users))
        """, linkSha256));

    private static NpgsqlBatchCommand AddLink(OneTimeLink link) => Sql.Of(
        """
        insert into payonce.one_time_links (link_sha256, purpose, email, email_key, user_id, organisation_id, role, claimant_id, created_by, created_at, expires_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
        """,
        link.Sha256, link.Purpose.Text(), link.Email, link.Email is null ? null : User.EmailKey(link.Email), link.UserId, link.OrganisationId, link.Role?.Text(), link.ClaimantId, link.CreatedBy, link.CreatedAt, link.ExpiresAt);

    /// <summary>Uses up a link that counts; its user, if it is of one.</summary>
    private static NpgsqlBatchCommand UseUp(string linkSha256, LinkPurpose purpose, DateTimeOffset at, bool evenExpired = false) => Sql.Of(
        "update payonce.one_time_links set ended_at = $3 where link_sha256 = $1 and purpose = $2 and ended_at is null and (expires_at > $3 or $4) returning user_id",
        linkSha256, purpose.Text(), at, evenExpired);

    /// <summary>As it reads back: whole microseconds.</summary>
    private static DateTimeOffset Whole(DateTimeOffset time) => new(time.UtcTicks - time.UtcTicks % TimeSpan.TicksPerMicrosecond, TimeSpan.Zero);
}
