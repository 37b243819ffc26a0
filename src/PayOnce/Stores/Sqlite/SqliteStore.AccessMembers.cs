using PayOnce.Access;
using PayOnce.Audit;

namespace PayOnce.Stores.Sqlite;

public sealed partial class SqliteStore
{
    /// <inheritdoc/>
    public Task<IReadOnlyList<Member>> ListMembersAsync(string organisationId, CancellationToken cancel) => ReadAsync<IReadOnlyList<Member>>(db => db.All(
        """
        select u.user_id, u.email, u.name, u.disabled, u.last_signed_in_at, m.role, m.claimant_id, m.since
        from memberships m join users u on u.user_id = m.user_id where m.organisation_id = ?1 order by u.email_key
        """,
        row => new Member(row.Text(0), row.Text(1), row.Text(2), row.Int(3) != 0, row.TimeOrNull(4), Roles.Parse(row.Text(5)), row.TextOrNull(6), row.Time(7)), organisationId), cancel);

    /// <inheritdoc/>
    public Task<Membership?> FindMembershipAsync(string organisationId, string userId, CancellationToken cancel) => ReadAsync(db => ReadMembership(db, organisationId, userId), cancel);

    private static Membership? ReadMembership(SqliteSession db, string organisationId, string userId) => db.First(
        "select role, claimant_id from memberships where organisation_id = ?1 and user_id = ?2",
        row => new Membership(organisationId, userId, Roles.Parse(row.Text(0)), row.TextOrNull(1)), organisationId, userId);

    /// <inheritdoc/>
    public Task<IReadOnlyList<UserMembership>> ListMembershipsAsync(string userId, CancellationToken cancel) => ReadAsync<IReadOnlyList<UserMembership>>(db => ReadMemberships(db, userId), cancel);

    private static List<UserMembership> ReadMemberships(SqliteSession db, string userId) => db.All(
        """
        select m.organisation_id, o.name, m.role, m.claimant_id
        from memberships m join organisations o on o.organisation_id = m.organisation_id where m.user_id = ?1 order by m.organisation_id
        """,
        row => new UserMembership(row.Text(0), row.Text(1), Roles.Parse(row.Text(2)), row.TextOrNull(3)), userId);

    /// <inheritdoc/>
    public Task<MembershipAnswer> SetMembershipAsync(Membership membership, string actor, CancellationToken cancel)
    {
        AccessRules.RequireClaimant(membership.Role, membership.ClaimantId);
        return WriteAsync(db => SetMembership(db, membership, invitation: null, actor), cancel);
    }

    private MembershipAnswer SetMembership(SqliteSession db, Membership now, string? invitation, string actor)
    {
        if (ReadUser(db, now.UserId) is null) return new MembershipAnswer.NoSuchUser();
        var before = ReadMembership(db, now.OrganisationId, now.UserId);
        if (before == now && invitation is null) return new MembershipAnswer.Done(before, now);
        if (now.Role != Role.Administrator && IsLastAdministrator(db, now.OrganisationId, now.UserId)) return new MembershipAnswer.LastAdministrator();
        if (FindClaimant(db, now.OrganisationId, now.ClaimantId, now.UserId) is { } holder) return new MembershipAnswer.ClaimantTaken(holder);
        var at = Now();
        db.Run("""
            insert into memberships (organisation_id, user_id, role, claimant_id, since) values (?1, ?2, ?3, ?4, ?5)
            on conflict (organisation_id, user_id) do update set role = excluded.role, claimant_id = excluded.claimant_id
            """, now.OrganisationId, now.UserId, now.Role.Text(), now.ClaimantId, at);
        Tell(db, now.OrganisationId, at, AuditEntries.MembershipChanged(before, now, invitation, actor));
        return new MembershipAnswer.Done(before, now);
    }

    /// <inheritdoc/>
    public Task<MembershipAnswer> RemoveMembershipAsync(string organisationId, string userId, string actor, CancellationToken cancel) => WriteAsync<MembershipAnswer>(db =>
    {
        if (ReadMembership(db, organisationId, userId) is not { } before) return new MembershipAnswer.NoSuchUser();
        if (IsLastAdministrator(db, organisationId, userId)) return new MembershipAnswer.LastAdministrator();
        db.Run("delete from memberships where organisation_id = ?1 and user_id = ?2", organisationId, userId);
        db.Run("delete from external_identities where organisation_id = ?1 and user_id = ?2", organisationId, userId);
        Tell(db, organisationId, Now(), AuditEntries.MembershipRemoved(before, actor));
        return new MembershipAnswer.Done(before, null);
    }, cancel);

    /// <summary>Who else is this claimant.</summary>
    private static string? FindClaimant(SqliteSession db, string organisationId, string? claimantId, string exceptUserId) =>
        db.First("select user_id from memberships where organisation_id = ?1 and claimant_id = ?2 and user_id <> ?3", row => row.Text(0), organisationId, claimantId, exceptUserId);

    private static bool IsLastAdministrator(SqliteSession db, string organisationId, string userId)
    {
        const string Administrators = "select 1 from memberships m join users u on u.user_id = m.user_id where m.organisation_id = ?1 and m.role = 'administrator' and u.disabled = 0";
        return db.Any($"{Administrators} and m.user_id = ?2", organisationId, userId) && !db.Any($"{Administrators} and m.user_id <> ?2", organisationId, userId);
    }
}
