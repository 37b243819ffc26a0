using PayOnce.Access;
using PayOnce.Audit;
using PayOnce.Stores;
using PayOnce.Tests.Support;

namespace PayOnce.Tests.Conformance;

public abstract partial class StoreConformance
{
    [Fact]
    public async Task Members_are_listed_with_what_they_are()
    {
        await AddUserAsync("ola");
        await AddUserAsync("kari");
        await AddUserAsync("stranger");
        await JoinAsync(A.Org, "ola", Role.Administrator);
        await JoinAsync(A.Org, "kari", Role.Claimant, "4711");
        await JoinAsync(A.OtherOrg, "stranger", Role.Administrator);

        Assert.Equal([("kari", Role.Claimant, "4711"), ("ola", Role.Administrator, null)], (await Access.ListMembersAsync(A.Org, Cancel)).Select(member => (member.UserId, member.Role, member.ClaimantId)));
        Assert.Equal(new Membership(A.Org, "kari", Role.Claimant, "4711"), await Access.FindMembershipAsync(A.Org, "kari", Cancel));
        Assert.Null(await Access.FindMembershipAsync(A.OtherOrg, "kari", Cancel));
        Assert.Equal(A.Org, Assert.Single(await Access.ListMembershipsAsync("kari", Cancel)).OrganisationId);
    }

    [Fact]
    public async Task An_organisations_last_administrator_can_be_neither_removed_nor_made_less()
    {
        await AddUserAsync("kari");
        await AddUserAsync("ola");
        await JoinAsync(A.Org, "kari", Role.Administrator);
        await JoinAsync(A.Org, "ola", Role.Coordinator);
        await JoinAsync(A.OtherOrg, "ola", Role.Administrator);

        Assert.IsType<MembershipAnswer.LastAdministrator>(await Access.RemoveMembershipAsync(A.Org, "kari", "kari", Cancel));
        Assert.IsType<MembershipAnswer.LastAdministrator>(await Access.SetMembershipAsync(new Membership(A.Org, "kari", Role.Auditor, null), "kari", Cancel));
        Assert.Equal(Role.Administrator, (await Access.FindMembershipAsync(A.Org, "kari", Cancel))!.Role);

        // An administrator who cannot sign in manages nothing.
        await JoinAsync(A.Org, "ola", Role.Administrator);
        await Access.SetDisabledAsync("ola", disabled: true, Cancel);
        Assert.IsType<MembershipAnswer.LastAdministrator>(await Access.RemoveMembershipAsync(A.Org, "kari", "kari", Cancel));

        await Access.SetDisabledAsync("ola", disabled: false, Cancel);
        Assert.IsType<MembershipAnswer.Done>(await Access.RemoveMembershipAsync(A.Org, "kari", "kari", Cancel));
        Assert.Empty(await Access.ListMembershipsAsync("kari", Cancel));
    }

    [Fact]
    public async Task A_claimant_is_one_member_and_has_an_id()
    {
        await AddUserAsync("kari");
        await AddUserAsync("ola");
        await JoinAsync(A.Org, "kari", Role.Coordinator, "4711");

        Assert.Equal("kari", Assert.IsType<MembershipAnswer.ClaimantTaken>(await Access.SetMembershipAsync(new Membership(A.Org, "ola", Role.Claimant, "4711"), "kari", Cancel)).UserId);
        await Assert.ThrowsAsync<ArgumentException>(() => Access.SetMembershipAsync(new Membership(A.Org, "ola", Role.Claimant, null), "kari", Cancel));
        await JoinAsync(A.OtherOrg, "ola", Role.Claimant, "4711");
        Assert.Null(await Access.FindMembershipAsync(A.Org, "ola", Cancel));
    }

    [Fact]
    public async Task The_trail_tells_of_members_by_their_ids_and_says_nothing_when_nothing_changes()
    {
        await AddUserAsync("kari");
        await AddUserAsync("ola");
        await JoinAsync(A.Org, "ola", Role.Administrator);
        await JoinAsync(A.Org, "kari", Role.Coordinator);
        await JoinAsync(A.Org, "kari", Role.Coordinator);
        await JoinAsync(A.Org, "kari", Role.Claimant, "4711");
        await Access.RemoveMembershipAsync(A.Org, "kari", "ola", Cancel);
        Assert.IsType<MembershipAnswer.NoSuchUser>(await Access.RemoveMembershipAsync(A.Org, "kari", "ola", Cancel));
        Assert.IsType<MembershipAnswer.NoSuchUser>(await Access.SetMembershipAsync(new Membership(A.Org, "nobody", Role.Auditor, null), "ola", Cancel));

        Assert.Equal(
            [
                (AuditActions.MembershipChanged, "user ola", """{"role":"administrator"}"""),
                (AuditActions.MembershipChanged, "user kari", """{"role":"coordinator"}"""),
                (AuditActions.MembershipChanged, "user kari", """{"before":"coordinator","role":"claimant","claimantId":"4711"}"""),
                (AuditActions.MembershipRemoved, "user kari", """{"before":"claimant"}"""),
            ],
            (await AssertChainIsWholeAsync(Store, A.Org)).Skip(1).Select(told => (told.Action, told.Subject, told.Details)));
    }

    [Fact]
    public async Task A_provider_is_kept_in_versions_that_only_rise()
    {
        var first = Assert.IsType<SaveAnswer.Saved>(await Access.SaveSignInProviderAsync(A.Org, A.Provider(), 0, "kari", Cancel)).Version;
        Assert.Equal(first, Assert.IsType<SaveAnswer.Saved>(await Access.SaveSignInProviderAsync(A.Org, A.Provider(), first, "kari", Cancel)).Version);
        Assert.Equal(first, Assert.IsType<SaveAnswer.Changed>(await Access.SaveSignInProviderAsync(A.Org, A.Provider("other"), 0, "kari", Cancel)).Version);
        var second = Assert.IsType<SaveAnswer.Saved>(await Access.SaveSignInProviderAsync(A.Org, A.Provider("other"), first, "kari", Cancel)).Version;
        Assert.Equal(new StoredSignInProvider(A.Org, A.Provider("other"), second), await Access.FindSignInProviderAsync(A.Org, Cancel));

        Assert.True(await Access.RemoveSignInProviderAsync(A.Org, "kari", Cancel));
        Assert.False(await Access.RemoveSignInProviderAsync(A.Org, "kari", Cancel));
        Assert.Null(await Access.FindSignInProviderAsync(A.Org, Cancel));
        var third = Assert.IsType<SaveAnswer.Saved>(await Access.SaveSignInProviderAsync(A.Org, A.Provider("other"), 0, "kari", Cancel)).Version;
        Assert.True(first < second && second < third);
    }

    [Fact]
    public async Task A_providers_account_signs_in_whom_it_was_linked_to_and_only_to_its_organisation()
    {
        var issuer = A.Provider().Issuer;
        foreach (var user in new[] { "kari", "ola" }) await AddUserAsync(user);
        foreach (var user in new[] { "kari", "ola" }) await JoinAsync(A.Org, user, Role.Administrator);
        Assert.IsType<LinkIdentityAnswer.NotAMember>(await Access.LinkIdentityAsync(A.OtherOrg, issuer, "s-1", "kari", "kari", Cancel));
        Assert.IsType<LinkIdentityAnswer.Linked>(await Access.LinkIdentityAsync(A.Org, issuer, "s-1", "kari", "kari", Cancel));
        Assert.IsType<LinkIdentityAnswer.Taken>(await Access.LinkIdentityAsync(A.Org, issuer, "s-1", "ola", "ola", Cancel));

        Assert.Equal("kari", Assert.IsType<IdentityAnswer.Known>(await IdentityAsync(A.Org)).User.UserId);
        Assert.IsType<IdentityAnswer.Nobody>(await IdentityAsync(A.OtherOrg));
        Assert.IsType<IdentityAnswer.Nobody>(await Access.FindUserByIdentityAsync(A.Org, new Uri("https://elsewhere.example.org"), "s-1", Cancel));
        Assert.Equal(("s-1", A.Org), Assert.Single(await Access.ListIdentitiesAsync("kari", Cancel)) is var linked ? (linked.Subject, linked.OrganisationId) : default);

        await Access.SetDisabledAsync("kari", disabled: true, Cancel);
        Assert.Equal(new IdentityAnswer.ShutOut("kari"), await IdentityAsync(A.Org));
        await Access.SetDisabledAsync("kari", disabled: false, Cancel);
        await Access.RemoveMembershipAsync(A.Org, "kari", "ola", Cancel);
        await JoinAsync(A.Org, "kari", Role.Auditor);
        Assert.IsType<IdentityAnswer.Nobody>(await IdentityAsync(A.Org));
        Assert.False(await Access.UnlinkIdentityAsync(A.Org, issuer, "s-1", "kari", Cancel));

        Task<IdentityAnswer> IdentityAsync(string organisationId) => Access.FindUserByIdentityAsync(organisationId, issuer, "s-1", Cancel);
    }
}
