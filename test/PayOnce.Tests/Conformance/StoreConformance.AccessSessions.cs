using PayOnce.Access;
using PayOnce.Stores;
using PayOnce.Tests.Support;

namespace PayOnce.Tests.Conformance;

public abstract partial class StoreConformance
{
    [Fact]
    public async Task A_session_tells_who_it_is_and_what_he_is_at_this_moment()
    {
        await AddUserAsync("kari", isOperator: true);
        await SignInAsync("kari");
        Assert.Empty((await SessionAsync())!.Memberships);

        await JoinAsync(A.Org, "kari", Role.Coordinator);
        await JoinAsync(A.OtherOrg, "kari", Role.Claimant, "4711");

        var person = (await SessionAsync())!;
        Assert.Equal(await UserAsync("kari"), person.User);
        Assert.Equal(
            [new UserMembership(A.OtherOrg, $"Organisation {A.OtherOrg}", Role.Claimant, "4711"), new UserMembership(A.Org, $"Organisation {A.Org}", Role.Coordinator, null)],
            person.Memberships);
        Assert.Equal(TimeSpan.FromDays(14), person.Session.EndsAt - person.Session.CreatedAt);
        Assert.Equal(person.Session.CreatedAt, person.User.LastSignedInAt);
    }

    /// <summary>An organisation decides whom its own provider vouches for: that must not open another organisation, or the installation.</summary>
    [Fact]
    public async Task A_sign_in_at_an_organisations_provider_reaches_that_organisation_alone()
    {
        await AddUserAsync("kari", isOperator: true);
        await JoinAsync(A.Org, "kari", Role.Coordinator);
        await JoinAsync(A.OtherOrg, "kari", Role.Administrator);
        await Access.SaveSignInProviderAsync(A.Org, A.Provider(), 0, "ola", Cancel);
        await SignInAsync("kari", onlyOrganisation: A.Org);

        var person = (await SessionAsync())!;

        Assert.Equal(A.Org, Assert.Single(person.Memberships).OrganisationId);
        Assert.Equal((A.Org, false), (person.Session.OnlyOrganisation, person.User.Operator));
    }

    [Fact]
    public async Task Removing_a_provider_ends_the_sessions_begun_by_it_and_no_others_and_the_trail_says_how_many()
    {
        foreach (var user in new[] { "kari", "ola" })
        {
            await AddUserAsync(user);
            foreach (var org in new[] { A.Org, A.OtherOrg }) await JoinAsync(org, user, Role.Coordinator);
            await SignInAsync(user, $"{user}'s password");
        }
        // Before there is a provider, nobody can have come from it.
        Assert.False(await Access.SignInAsync("kari", (await UserAsync("kari")).SecurityStamp, new NewSession(A.Sha256("too early"), TimeSpan.FromDays(1), A.Org), Cancel));
        foreach (var org in new[] { A.Org, A.OtherOrg }) await Access.SaveSignInProviderAsync(org, A.Provider(), 0, "ola", Cancel);
        foreach (var user in new[] { "kari", "ola" }) await SignInAsync(user, $"{user}'s provider", onlyOrganisation: A.Org);
        await SignInAsync("kari", "kari's other provider", onlyOrganisation: A.OtherOrg);
        await SignInAsync("kari", "signed out", onlyOrganisation: A.Org);
        await Access.EndSessionAsync("kari", A.Sha256("signed out"), Cancel);
        await SignInAsync("kari", "over", TimeSpan.FromTicks(10), onlyOrganisation: A.Org);
        await Database.LetTimePassAsync();

        Assert.True(await Access.RemoveSignInProviderAsync(A.Org, "ola", Cancel));

        foreach (var cookie in new[] { "kari's provider", "ola's provider", "over", "signed out", "too early" }) Assert.Null(await SessionAsync(cookie));
        foreach (var cookie in new[] { "kari's password", "ola's password", "kari's other provider" }) Assert.NotNull(await SessionAsync(cookie));
        var told = (await AssertChainIsWholeAsync(Store, A.Org))[^1];
        Assert.Equal((AuditActions.SignInProviderRemoved, "ola"), (told.Action, told.Actor));
        Assert.Equal($$"""{"issuer":"{{A.Provider().Issuer.OriginalString}}","endedSessions":2}""", told.Details);

        // The same provider set up again does not wake them.
        await Access.SaveSignInProviderAsync(A.Org, A.Provider(), 0, "ola", Cancel);
        Assert.Null(await SessionAsync("kari's provider"));
    }

    [Fact]
    public async Task A_session_is_over_when_it_is_ended_idle_at_its_end_or_its_user_disabled()
    {
        await AddUserAsync("kari");
        await SignInAsync("kari", "at its end", TimeSpan.FromTicks(10));
        await SignInAsync("kari", "idle");
        await SignInAsync("kari", "ended");
        await Database.LetTimePassAsync();

        Assert.Null(await SessionAsync("at its end"));
        Assert.Null(await Access.FindSessionAsync(A.Sha256("idle"), TimeSpan.FromTicks(10), Cancel));
        Assert.NotNull(await SessionAsync("idle"));
        Assert.False(await Access.EndSessionAsync("ola", A.Sha256("ended"), Cancel));
        Assert.NotNull(await SessionAsync("ended"));
        Assert.True(await Access.EndSessionAsync("kari", A.Sha256("ended"), Cancel));
        Assert.False(await Access.EndSessionAsync("kari", A.Sha256("ended"), Cancel));
        Assert.Null(await SessionAsync("ended"));
        Assert.Null(await SessionAsync("never was"));
        Assert.Equal(A.Sha256("idle"), Assert.Single(await Access.ListSessionsAsync("kari", Idle, Cancel)).Sha256);

        await Access.SetDisabledAsync("kari", disabled: true, Cancel);
        await Access.SetDisabledAsync("kari", disabled: false, Cancel);
        Assert.Null(await SessionAsync("idle"));
    }

    [Fact]
    public async Task A_new_password_ends_every_session_but_the_one_it_was_given_in()
    {
        await AddUserAsync("kari");
        await AddUserAsync("ola");
        foreach (var cookie in new[] { "1", "2", "3" }) await SignInAsync("kari", cookie);
        await SignInAsync("ola", "ola's");

        await Access.SetPasswordAsync("kari", "new hash", "new stamp", A.Sha256("2"), Cancel);

        Assert.Equal(A.Sha256("2"), Assert.Single(await Access.ListSessionsAsync("kari", Idle, Cancel)).Sha256);
        Assert.NotNull(await SessionAsync("ola's"));
        Assert.Equal(1, await Access.EndSessionsAsync("kari", null, Cancel));
        Assert.Equal(0, await Access.EndSessionsAsync("kari", null, Cancel));
        Assert.NotNull(await SessionAsync("ola's"));
    }

    [Fact]
    public async Task That_a_session_was_seen_is_written_once_in_five_minutes()
    {
        await AddUserAsync("kari");
        await SignInAsync("kari");
        await Database.LetTimePassAsync();
        var first = (await SessionAsync())!.Session;
        Assert.Equal(first.CreatedAt, first.LastSeenAt);

        await AgeAsync("sessions", "last_seen_at", TimeSpan.FromMinutes(6));
        var aged = Assert.Single(await Access.ListSessionsAsync("kari", Idle, Cancel));
        Assert.True(aged.LastSeenAt < aged.CreatedAt);

        var seen = (await SessionAsync())!.Session;
        Assert.True(seen.LastSeenAt > first.CreatedAt);
        Assert.Equal(seen, Assert.Single(await Access.ListSessionsAsync("kari", Idle, Cancel)));
    }

    [Fact]
    public async Task What_has_counted_for_nothing_for_long_enough_is_removed_and_nothing_else()
    {
        await AddUserAsync("kari");
        await SignInAsync("kari", "over", TimeSpan.FromTicks(10));
        await SignInAsync("kari", "ended");
        await SignInAsync("kari", "counts");
        await Access.EndSessionAsync("kari", A.Sha256("ended"), Cancel);
        await Access.InviteAsync(A.Org, A.Invitation(secret: "over", lifetime: TimeSpan.FromTicks(10)), "ola", Cancel);
        await Access.InviteAsync(A.OtherOrg, A.Invitation(), "ola", Cancel);
        await Database.LetTimePassAsync();

        Assert.Equal(0, await Access.RemoveExpiredAsync(TimeSpan.FromDays(1), Cancel));
        Assert.Equal(3, await Access.RemoveExpiredAsync(TimeSpan.Zero, Cancel));

        Assert.NotNull(await SessionAsync("counts"));
        Assert.NotNull(await Access.FindLinkAsync(A.Sha256("link"), Cancel));
    }

    private Task<SignedInPerson?> SessionAsync(string cookie = "cookie") => Access.FindSessionAsync(A.Sha256(cookie), Idle, Cancel);

    private async Task JoinAsync(string organisationId, string userId, Role role, string? claimantId = null) =>
        Assert.IsType<MembershipAnswer.Done>(await Access.SetMembershipAsync(new Membership(organisationId, userId, role, claimantId), "ola", Cancel));

    /// <summary>Puts a time back in every row, as if so much time had passed.</summary>
    private Task AgeAsync(string table, string column, TimeSpan by) => Database.ExecuteAsync(Store.Engine == "sqlite"
        ? FormattableString.Invariant($"update {table} set {column} = {column} - {by.Ticks / TimeSpan.TicksPerMicrosecond}")
        : FormattableString.Invariant($"update {table} set {column} = {column} - interval '{by.TotalSeconds} seconds'"));
}
