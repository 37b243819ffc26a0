using Npgsql;
using PayOnce.Access;
using PayOnce.Audit;

namespace PayOnce.Stores.Postgres;

public sealed partial class PostgresStore
{
    public async Task<IReadOnlyList<Member>> ListMembersAsync(string organisationId, CancellationToken cancel) => await AskListAsync(
        organisationId,
        reader => new Member(
            reader.GetString(0), reader.GetString(1), reader.GetString(2), reader.GetBoolean(3), reader.TimeOrNull(4), Roles.Parse(reader.GetString(5)), reader.Text(6), reader.Time(7)),
        cancel,
        Sql.Of(
            """
            select u.user_id, u.email, u.name, u.disabled, u.last_signed_in_at, m.role, m.claimant_id, m.since
            from payonce.memberships m join payonce.users u on u.user_id = m.user_id where m.organisation_id = $1 order by u.email_key
            """, organisationId));

    public Task<Membership?> FindMembershipAsync(string organisationId, string userId, CancellationToken cancel) =>
        AskFirstAsync(organisationId, ReadMembership, cancel, MembershipOf(organisationId, userId));

    private static NpgsqlBatchCommand MembershipOf(string organisationId, string userId) => Sql.Of(
        "select m.organisation_id, m.user_id, m.role, m.claimant_id from payonce.memberships m where m.organisation_id = $1 and m.user_id = $2", organisationId, userId);

    private static Membership ReadMembership(NpgsqlDataReader reader) => new(reader.GetString(0), reader.GetString(1), Roles.Parse(reader.GetString(2)), reader.Text(3));

    public async Task<IReadOnlyList<UserMembership>> ListMembershipsAsync(string userId, CancellationToken cancel) =>
        await AskAsync(Installation, async reader =>
        {
            await reader.NextResultAsync(cancel);
            return await reader.ListAsync(ReadMembershipOfUser, cancel);
        }, cancel, InstallationStatements.Of(userId), MembershipsOfUser());

    /// <summary>Of the user that the transaction says (policy <c>of_user</c>), with the names of the organisations.</summary>
    private static NpgsqlBatchCommand MembershipsOfUser() => Sql.Of(
        """
        select m.organisation_id, o.name, m.role, m.claimant_id
        from payonce.memberships m join payonce.organisations o on o.organisation_id = m.organisation_id
        where m.user_id = (select current_setting('payonce.user', true)) order by m.organisation_id
        """);

    private static UserMembership ReadMembershipOfUser(NpgsqlDataReader reader) => new(reader.GetString(0), reader.GetString(1), Roles.Parse(reader.GetString(2)), reader.Text(3));

    public Task<MembershipAnswer> SetMembershipAsync(Membership membership, string actor, CancellationToken cancel)
    {
        AccessRules.RequireClaimant(membership.Role, membership.ClaimantId);
        return StepAsync(membership.OrganisationId, async work =>
        {
            var (head, at) = await work.LockHeadAsync();
            return await SetMembershipAsync(work, head, at, membership, invitation: null, actor);
        }, cancel);
    }

    /// <summary>The lock of the trail's head makes changes of an organisation's members come one after the other.</summary>
    private static async Task<MembershipAnswer> SetMembershipAsync(PostgresTransaction work, AuditHead head, DateTimeOffset at, Membership now, string? invitation, string actor)
    {
        var known = await work.ForInstallationAsync(() => work.AnyAsync(Sql.Of("select 1 from payonce.users where user_id = $1", now.UserId)));
        if (!known) return new MembershipAnswer.NoSuchUser();
        var before = await work.FirstAsync(ReadMembership, MembershipOf(now.OrganisationId, now.UserId));
        if (before == now && invitation is null) return new MembershipAnswer.Done(before, now);
        if (now.Role != Role.Administrator && await work.AnyAsync(IsLastAdministrator(now.OrganisationId, now.UserId))) return new MembershipAnswer.LastAdministrator();
        var holder = await work.FirstAsync(reader => reader.GetString(0), Sql.Of(
            "select user_id from payonce.memberships where organisation_id = $1 and claimant_id = $2 and user_id <> $3", now.OrganisationId, now.ClaimantId, now.UserId));
        if (holder is not null) return new MembershipAnswer.ClaimantTaken(holder);
        await work.AppendAsync(head, at, AuditEntries.MembershipChanged(before, now, invitation, actor), Sql.Of(
            """
            insert into payonce.memberships (organisation_id, user_id, role, claimant_id, since) values ($1, $2, $3, $4, $5)
            on conflict (organisation_id, user_id) do update set role = excluded.role, claimant_id = excluded.claimant_id
            """, now.OrganisationId, now.UserId, now.Role.Text(), now.ClaimantId, at));
        return new MembershipAnswer.Done(before, now);
    }

    public Task<MembershipAnswer> RemoveMembershipAsync(string organisationId, string userId, string actor, CancellationToken cancel) =>
        StepAsync<MembershipAnswer>(organisationId, async work =>
        {
            var (head, at) = await work.LockHeadAsync();
            if (await work.FirstAsync(ReadMembership, MembershipOf(organisationId, userId)) is not { } before) return new MembershipAnswer.NoSuchUser();
            if (await work.AnyAsync(IsLastAdministrator(organisationId, userId))) return new MembershipAnswer.LastAdministrator();
            await work.AppendAsync(
                head, at, AuditEntries.MembershipRemoved(before, actor),
                Sql.Of("delete from payonce.memberships where organisation_id = $1 and user_id = $2", organisationId, userId),
                Sql.Of("delete from payonce.external_identities where organisation_id = $1 and user_id = $2", organisationId, userId));
            return new MembershipAnswer.Done(before, null);
        }, cancel);

    private static NpgsqlBatchCommand IsLastAdministrator(string organisationId, string userId) => Sql.Of(
        """
        with administrators as (
            select m.user_id from payonce.memberships m join payonce.users u on u.user_id = m.user_id
            where m.organisation_id = $1 and m.role = 'administrator' and not u.disabled
        )
        select 1 where exists (select 1 from administrators where user_id = $2) and not exists (select 1 from administrators where user_id <> $2)
        """, organisationId, userId);
}
