using PayOnce.Access;
using PayOnce.Audit;
using PayOnce.Stores;
using PayOnce.Tests.Support;

namespace PayOnce.Tests.Conformance;

public abstract partial class StoreConformance
{
    private static string Link => A.Sha256("link");

    [Fact]
    public async Task The_first_administrators_link_works_once_and_never_again_once_there_is_a_user()
    {
        Assert.IsType<FirstLinkAnswer.Offered>(await OfferFirstAsync("link"));
        Assert.IsType<FirstLinkAnswer.AlreadyOffered>(await OfferFirstAsync("link 2"));
        Assert.Equal(LinkPurpose.FirstAdministrator, (await Access.FindLinkAsync(Link, Cancel))!.Purpose);
        Assert.IsType<LinkAnswer.NotValid>(await Access.AcceptFirstAdministratorAsync(A.Sha256("link 2"), A.NewUser("eve"), null, "eve", Cancel));
        Assert.False(await Access.AnyUserAsync(Cancel));

        var granted = Assert.IsType<LinkAnswer.Granted>(await Access.AcceptFirstAdministratorAsync(Link, A.NewUser("kari"), A.Org, "kari", Cancel));

        Assert.True(granted.User.Operator);
        Assert.Equal(Role.Administrator, (await Access.FindMembershipAsync(A.Org, "kari", Cancel))!.Role);
        Assert.IsType<LinkAnswer.NotValid>(await Access.AcceptFirstAdministratorAsync(Link, A.NewUser("eve"), null, "eve", Cancel));
        Assert.IsType<FirstLinkAnswer.NotNeeded>(await OfferFirstAsync("link 2"));
        Assert.True(await Access.AnyUserAsync(Cancel));
    }

    [Fact]
    public async Task A_first_link_that_stands_is_good_for_nothing_once_a_user_was_made_otherwise()
    {
        await OfferFirstAsync("link");
        await AddUserAsync("kari");

        Assert.Null(await Access.FindLinkAsync(Link, Cancel));
        Assert.IsType<LinkAnswer.NotValid>(await Access.AcceptFirstAdministratorAsync(Link, A.NewUser("eve"), A.Org, "eve", Cancel));
        Assert.Null(await Access.FindUserAsync("eve", Cancel));
    }

    [Fact]
    public async Task A_first_link_that_expired_or_got_lost_is_replaced()
    {
        await OfferFirstAsync("link", TimeSpan.FromTicks(10));
        await Database.LetTimePassAsync();
        Assert.Null(await Access.FindLinkAsync(Link, Cancel));
        Assert.IsType<FirstLinkAnswer.Offered>(await OfferFirstAsync("link 2"));
        Assert.IsType<FirstLinkAnswer.Offered>(await OfferFirstAsync("link 3", replace: true));

        foreach (var old in new[] { "link", "link 2" }) Assert.IsType<LinkAnswer.NotValid>(await Access.AcceptFirstAdministratorAsync(A.Sha256(old), A.NewUser("eve"), null, "eve", Cancel));
        Assert.IsType<LinkAnswer.Granted>(await Access.AcceptFirstAdministratorAsync(A.Sha256("link 3"), A.NewUser("kari"), null, "kari", Cancel));
    }

    [Fact]
    public async Task An_invitation_makes_its_address_a_user_and_a_member_once()
    {
        var invited = await Access.InviteAsync(A.Org, A.Invitation(Role.Claimant, "4711"), "ola", Cancel);
        Assert.Equal(invited, await Access.FindLinkAsync(Link, Cancel));
        Assert.Equal(invited, Assert.Single(await Access.ListInvitationsAsync(A.Org, Cancel)));

        var granted = Assert.IsType<LinkAnswer.Granted>(await Access.AcceptInvitationAsync(Link, A.NewUser("k1") with { Email = "eve@example.org" }, "k1", Cancel));

        Assert.Equal(("kari@example.org", false), (granted.User.Email, granted.User.Operator));
        Assert.Equal(new Membership(A.Org, "k1", Role.Claimant, "4711"), await Access.FindMembershipAsync(A.Org, "k1", Cancel));
        Assert.IsType<LinkAnswer.NotValid>(await Access.AcceptInvitationAsync(Link, A.NewUser("k2"), "k2", Cancel));
        Assert.Empty(await Access.ListInvitationsAsync(A.Org, Cancel));
        var told = (await AssertChainIsWholeAsync(Store, A.Org)).Skip(1).ToList();
        Assert.Equal([AuditActions.InvitationMade, AuditActions.MembershipChanged], told.Select(each => each.Action));
        Assert.Contains($"\"invitation\":\"{Link[..16]}\"", told[1].Details, StringComparison.Ordinal);
        Assert.DoesNotContain(told, each => (each.Subject + each.Details).Contains('@', StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_invitation_that_cannot_be_granted_changes_nothing_and_can_still_be_used()
    {
        await AddUserAsync("kari");
        await AddUserAsync("ola");
        await JoinAsync(A.Org, "ola", Role.Coordinator, "4711");
        await JoinAsync(A.Org, "kari", Role.Administrator);
        await Access.InviteAsync(A.Org, A.Invitation(Role.Claimant, "4711"), "ola", Cancel);
        var before = await DumpAsync();

        Assert.IsType<LinkAnswer.LastAdministrator>(await Access.AcceptInvitationAsync(Link, "kari", "kari", Cancel));
        await Access.ChangeEmailAsync("kari", "other@example.org", Cancel);
        Assert.IsType<LinkAnswer.ClaimantTaken>(await Access.AcceptInvitationAsync(Link, A.NewUser("k1"), "k1", Cancel));
        Assert.Null(await Access.FindUserAsync("k1", Cancel));
        await Access.ChangeEmailAsync("kari", "kari@example.org", Cancel);
        await AssertUnchangedAsync(before);

        await JoinAsync(A.Org, "ola", Role.Administrator);
        Assert.IsType<LinkAnswer.EmailTaken>(await Access.AcceptInvitationAsync(Link, A.NewUser("k1"), "k1", Cancel));
        Assert.IsType<LinkAnswer.Granted>(await Access.AcceptInvitationAsync(Link, "kari", "kari", Cancel));
        Assert.Equal(Role.Claimant, (await Access.FindMembershipAsync(A.Org, "kari", Cancel))!.Role);
    }

    [Fact]
    public async Task An_invitation_that_was_withdrawn_replaced_or_expired_grants_nothing()
    {
        await Access.InviteAsync(A.Org, A.Invitation(secret: "1"), "ola", Cancel);
        await Access.InviteAsync(A.Org, A.Invitation(secret: "2"), "ola", Cancel);
        Assert.False(await Access.WithdrawInvitationAsync(A.OtherOrg, A.Sha256("2"), "eve", Cancel));
        Assert.True(await Access.WithdrawInvitationAsync(A.Org, A.Sha256("2"), "ola", Cancel));
        Assert.False(await Access.WithdrawInvitationAsync(A.Org, A.Sha256("2"), "ola", Cancel));
        await Access.InviteAsync(A.Org, A.Invitation(secret: "3", lifetime: TimeSpan.FromTicks(10)), "ola", Cancel);
        await Database.LetTimePassAsync();

        foreach (var secret in new[] { "1", "2", "3", "never" })
        {
            Assert.Null(await Access.FindLinkAsync(A.Sha256(secret), Cancel));
            Assert.IsType<LinkAnswer.NotValid>(await Access.AcceptInvitationAsync(A.Sha256(secret), A.NewUser("kari"), "kari", Cancel));
        }
        Assert.False(await Access.AnyUserAsync(Cancel));
        await Access.InviteAsync(A.Org, A.Invitation(), "ola", Cancel);
        Assert.IsType<LinkAnswer.NotValid>(await Access.ResetPasswordAsync(Link, "hash", "stamp", Cancel));
        Assert.IsType<LinkAnswer.NotValid>(await Access.AcceptFirstAdministratorAsync(Link, A.NewUser("eve"), null, "eve", Cancel));
    }

    [Fact]
    public async Task A_link_to_reset_the_password_sets_it_once_and_ends_every_session()
    {
        await AddUserAsync("kari");
        await SignInAsync("kari");
        Assert.False(await Access.OfferPasswordResetAsync(Link, "nobody", TimeSpan.FromHours(1), "kari", Cancel));
        Assert.True(await Access.OfferPasswordResetAsync(Link, "kari", TimeSpan.FromHours(1), "kari", Cancel));
        Assert.True(await Access.OfferPasswordResetAsync(A.Sha256("link 2"), "kari", TimeSpan.FromHours(1), "kari", Cancel));
        Assert.IsType<LinkAnswer.NotValid>(await Access.ResetPasswordAsync(Link, "new hash", "new stamp", Cancel));

        var granted = Assert.IsType<LinkAnswer.Granted>(await Access.ResetPasswordAsync(A.Sha256("link 2"), "new hash", "new stamp", Cancel));

        Assert.Equal("new stamp", granted.User.SecurityStamp);
        Assert.Null(await SessionAsync());
        Assert.IsType<LinkAnswer.NotValid>(await Access.ResetPasswordAsync(A.Sha256("link 2"), "third hash", "third stamp", Cancel));
        Assert.Equal("new hash", Assert.IsType<SignInTry.Compare>(await TryAsync(LockOut.Default)).PasswordHash);
    }

    [Theory, InlineData("password"), InlineData("address"), InlineData("disabled")]
    public async Task A_link_to_reset_the_password_counts_no_more_after_a_change_of(string what)
    {
        await AddUserAsync("kari");
        await Access.OfferPasswordResetAsync(Link, "kari", TimeSpan.FromHours(1), "kari", Cancel);

        Assert.IsType<UserAnswer.Done>(what switch
        {
            "password" => await Access.SetPasswordAsync("kari", "new hash", "new stamp", null, Cancel),
            "address" => await Access.ChangeEmailAsync("kari", "new@example.org", Cancel),
            _ => await Access.SetDisabledAsync("kari", disabled: true, Cancel),
        });

        Assert.Null(await Access.FindLinkAsync(Link, Cancel));
        Assert.IsType<LinkAnswer.NotValid>(await Access.ResetPasswordAsync(Link, "eve's hash", "eve's stamp", Cancel));
    }

    [Fact]
    public async Task A_token_is_worth_something_until_it_expires_or_is_taken_back()
    {
        var added = Assert.IsType<AddTokenAnswer.Added>(await Access.AddTokenAsync(A.Org, A.NewToken(), "ola", Cancel)).Token;
        Assert.Equal(("API key payroll", Permission.Read | Permission.Sync, TimeSpan.FromDays(90)), (added.Actor, added.Permissions, added.ExpiresAt - added.CreatedAt));
        Assert.IsType<AddTokenAnswer.NameTaken>(await Access.AddTokenAsync(A.Org, A.NewToken("t2"), "ola", Cancel));
        await Access.AddTokenAsync(A.Org, A.NewToken("short", "short", TimeSpan.FromTicks(10)), "ola", Cancel);
        // The same id elsewhere, were it ever given twice: the secret decides.
        await Access.AddTokenAsync(A.OtherOrg, A.NewToken(secret: "another"), "eve", Cancel);
        await Database.LetTimePassAsync();

        Assert.Equal(A.Org, Assert.IsType<TokenAnswer.Valid>(await TokenAsync("t1", "secret")).Token.OrganisationId);
        Assert.Equal(A.OtherOrg, Assert.IsType<TokenAnswer.Valid>(await TokenAsync("t1", "another")).Token.OrganisationId);
        Assert.IsType<TokenAnswer.Unknown>(await TokenAsync("t1", "guess"));
        Assert.IsType<TokenAnswer.Unknown>(await TokenAsync("short", "another"));
        Assert.IsType<TokenAnswer.Unknown>(await TokenAsync("", "secret"));
        Assert.IsType<TokenAnswer.Expired>(await TokenAsync("short", "secret"));

        Assert.False(await Access.RevokeTokenAsync(A.OtherOrg, "short", "eve", Cancel));
        Assert.True(await Access.RevokeTokenAsync(A.Org, "t1", "ola", Cancel));
        Assert.False(await Access.RevokeTokenAsync(A.Org, "t1", "ola", Cancel));
        Assert.IsType<TokenAnswer.Revoked>(await TokenAsync("t1", "secret"));
        Assert.IsType<TokenAnswer.Valid>(await TokenAsync("t1", "another"));
        Assert.IsType<AddTokenAnswer.Added>(await Access.AddTokenAsync(A.Org, A.NewToken("t2"), "ola", Cancel));
        Assert.Equal(["short", "t1", "t2"], (await Access.ListTokensAsync(A.Org, Cancel)).Select(token => token.TokenId).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task That_a_token_was_used_is_written_once_an_hour()
    {
        await Access.AddTokenAsync(A.Org, A.NewToken(), "ola", Cancel);
        await TokenAsync("t1", "guess");
        Assert.Null(Assert.Single(await Access.ListTokensAsync(A.Org, Cancel)).LastUsedAt);

        await TokenAsync("t1", "secret");
        var first = Assert.Single(await Access.ListTokensAsync(A.Org, Cancel)).LastUsedAt;
        Assert.NotNull(first);
        await Database.LetTimePassAsync();
        await TokenAsync("t1", "secret");
        Assert.Equal(first, Assert.Single(await Access.ListTokensAsync(A.Org, Cancel)).LastUsedAt);
        await AgeAsync("api_tokens", "last_used_at", TimeSpan.FromMinutes(61));
        await TokenAsync("t1", "secret");
        Assert.True(Assert.Single(await Access.ListTokensAsync(A.Org, Cancel)).LastUsedAt > first);
    }

    [Theory, InlineData(Permission.None), InlineData(Permission.ManageAccess), InlineData(Permission.Read | Permission.Operate), InlineData(Permission.Own)]
    public async Task No_token_is_made_that_could_do_nothing_or_make_others(Permission permissions)
    {
        await Assert.ThrowsAsync<ArgumentException>(() => Access.AddTokenAsync(A.Org, A.NewToken() with { Permissions = permissions }, "ola", Cancel));
        Assert.Empty(await Access.ListTokensAsync(A.Org, Cancel));
    }

    private Task<TokenAnswer> TokenAsync(string tokenId, string secret) => Access.FindTokenAsync(tokenId, A.Sha256(secret), Cancel);

    private Task<FirstLinkAnswer> OfferFirstAsync(string secret, TimeSpan? lifetime = null, bool replace = false) =>
        Access.OfferFirstAdministratorAsync(A.Sha256(secret), lifetime ?? TimeSpan.FromDays(1), replace, Cancel);
}
