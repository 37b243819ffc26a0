using PayOnce.Access;
using PayOnce.Stores;
using PayOnce.Tests.Support;

namespace PayOnce.Tests.Conformance;

/// <summary>What people and nodes do at the same moment to who may do what.</summary>
public abstract partial class StoreProtocol
{
    [Theory, InlineData(2), InlineData(8)]
    public async Task Of_nodes_that_start_at_the_same_moment_one_shows_the_first_administrators_link(int nodes)
    {
        var answers = await RaceAsync(nodes, (store, node) => ((IAccessStore)store).OfferFirstAdministratorAsync(A.Sha256($"link {node}"), TimeSpan.FromDays(1), replace: false, Cancel));

        Assert.Single(answers, answer => answer is FirstLinkAnswer.Offered);
        Assert.All(answers, answer => Assert.IsNotType<FirstLinkAnswer.NotNeeded>(answer));
    }

    [Theory, InlineData(2), InlineData(8)]
    public async Task A_link_that_several_use_at_the_same_moment_grants_once(int processes)
    {
        // Users already, each with an address of their own: nothing but the link stands between them and the organisation.
        for (var n = 0; n < processes; n++) await Access.AddUserAsync(A.NewUser($"k{n}"), isOperator: false, Cancel);
        await Access.InviteAsync(A.Org, A.Invitation(), "ola", Cancel);

        var answers = await RaceAsync(processes, (store, n) => ((IAccessStore)store).AcceptInvitationAsync(A.Sha256("link"), $"k{n}", $"k{n}", Cancel));

        var granted = Assert.IsType<LinkAnswer.Granted>(Assert.Single(answers, answer => answer is LinkAnswer.Granted));
        Assert.Equal(granted.User.UserId, Assert.Single(await Access.ListMembersAsync(A.Org, Cancel)).UserId);
    }

    [Fact]
    public async Task Two_administrators_who_remove_each_other_at_the_same_moment_leave_one()
    {
        foreach (var user in new[] { "kari", "ola" }) await Access.AddUserAsync(A.NewUser(user), isOperator: true, Cancel);
        for (var round = 0; round < Rounds; round++)
        {
            foreach (var user in new[] { "kari", "ola" }) await Access.SetMembershipAsync(new Membership(A.Org, user, Role.Administrator, null), user, Cancel);

            var answers = await RaceAsync(2, (store, n) => n == 0
                ? ((IAccessStore)store).RemoveMembershipAsync(A.Org, "kari", "ola", Cancel)
                : ((IAccessStore)store).SetMembershipAsync(new Membership(A.Org, "ola", Role.Auditor, null), "kari", Cancel));

            Assert.Single(answers, answer => answer is MembershipAnswer.LastAdministrator);
            Assert.Single(await Access.ListMembersAsync(A.Org, Cancel), member => member.Role == Role.Administrator);
        }
    }

    /// <summary>A session that came between the removal's look and its commit would stay signed in by a provider that nobody trusts any more.</summary>
    [Fact]
    public async Task Whoever_signs_in_at_a_provider_while_it_is_removed_is_not_signed_in_afterwards()
    {
        await Access.AddUserAsync(A.NewUser("kari"), isOperator: false, Cancel);
        for (var round = 0; round < Rounds; round++)
        {
            await Access.SaveSignInProviderAsync(A.Org, A.Provider(), 0, "ola", Cancel);

            await RaceAsync(4, (store, n) => n == 0
                ? ((IAccessStore)store).RemoveSignInProviderAsync(A.Org, "ola", Cancel)
                : ((IAccessStore)store).SignInAsync("kari", "stamp of kari", new NewSession(A.Sha256($"{round} {n}"), TimeSpan.FromDays(1), A.Org), Cancel));

            Assert.Empty(await Access.ListSessionsAsync("kari", Session.DefaultIdle, Cancel));
        }
    }

    [Fact]
    public async Task Two_operators_who_take_it_from_each_other_at_the_same_moment_leave_one()
    {
        foreach (var user in new[] { "kari", "ola" }) await Access.AddUserAsync(A.NewUser(user), isOperator: true, Cancel);
        for (var round = 0; round < Rounds; round++)
        {
            foreach (var user in new[] { "kari", "ola" }) await Access.SetOperatorAsync(user, isOperator: true, Cancel);

            var answers = await RaceAsync(2, (store, n) => ((IAccessStore)store).SetOperatorAsync(n == 0 ? "kari" : "ola", isOperator: false, Cancel));

            Assert.Single(answers, answer => answer is UserAnswer.LastOperator);
            Assert.Single(await Access.ListUsersAsync(null, 100, Cancel), user => user.Operator);
        }
    }

    /// <summary>Many guesses at once are not more guesses than one after the other.</summary>
    [Fact]
    public async Task However_many_guess_at_the_same_moment_no_more_passwords_are_looked_at_than_the_rule_allows()
    {
        await Access.AddUserAsync(A.NewUser("kari"), isOperator: false, Cancel);
        var rule = new LockOut(10, TimeSpan.FromHours(1));

        var looked = await RaceAsync(8, async (store, _) =>
        {
            var mine = 0;
            for (var guess = 0; guess < 5; guess++) mine += await ((IAccessStore)store).TrySignInAsync("kari@example.org", rule, Cancel) is SignInTry.Compare ? 1 : 0;
            return mine;
        });

        Assert.Equal(10, looked.Sum());
    }

    [Fact]
    public async Task Of_users_made_with_one_address_at_the_same_moment_there_is_one()
    {
        var answers = await RaceAsync(8, (store, n) => ((IAccessStore)store).AddUserAsync(A.NewUser($"k{n}") with { Email = n % 2 == 0 ? "Kari@example.org" : "kari@example.org" }, isOperator: false, Cancel));

        Assert.Single(answers, answer => answer is UserAnswer.Done);
        Assert.Single(await Access.ListUsersAsync(null, 100, Cancel));
    }
}
