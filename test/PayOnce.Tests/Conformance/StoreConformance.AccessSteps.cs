using PayOnce.Access;
using PayOnce.Audit;
using PayOnce.Stores;
using PayOnce.Tests.Support;

namespace PayOnce.Tests.Conformance;

public abstract partial class StoreConformance
{
    static StoreConformance()
    {
        foreach (var (name, step) in AccessSteps()) WritingSteps.Add(name, step);
        foreach (var (name, question) in AccessQuestions()) Questions.Add(name, question);
        foreach (var (name, step) in FormSteps()) WritingSteps.Add(name, step);
        foreach (var (name, question) in FormQuestions()) Questions.Add(name, question);
        foreach (var (name, step) in PrivacySteps()) WritingSteps.Add(name, step);
        foreach (var (name, question) in PrivacyQuestions()) Questions.Add(name, question);
    }

    private static Dictionary<string, WritingStep> AccessSteps() => new()
    {
        ["AddUserAsync"] = Step(null, NoUser, (store, cancel) => store.AddUserAsync(A.NewUser("ola"), isOperator: true, cancel)),
        ["ChangeProfileAsync"] = Step(null, Kari, (store, cancel) => store.ChangeProfileAsync("kari", "Kari N.", "en", liveUpdates: false, cancel)),
        ["ChangeEmailAsync"] = Step(null, Kari, (store, cancel) => store.ChangeEmailAsync("kari", "new@example.org", cancel)),
        ["SetOperatorAsync"] = Step(null, Kari, (store, cancel) => store.SetOperatorAsync("kari", isOperator: true, cancel)),
        ["SetDisabledAsync"] = Step(null, SignedIn, (store, cancel) => store.SetDisabledAsync("kari", disabled: true, cancel)),
        ["SetPasswordAsync"] = Step(null, SignedIn, (store, cancel) => store.SetPasswordAsync("kari", "new hash", "new stamp", null, cancel)),
        ["RehashPasswordAsync"] = Step(null, Kari, (store, cancel) => store.RehashPasswordAsync("kari", "hash of kari", "new hash", cancel)),
        ["TrySignInAsync"] = Step(null, Kari, (store, cancel) => store.TrySignInAsync("kari@example.org", new LockOut(1, TimeSpan.FromHours(1)), cancel)),
        ["SignInAsync"] = Step(null, Kari, (store, cancel) => store.SignInAsync("kari", "stamp of kari", new NewSession(A.Sha256("cookie"), TimeSpan.FromDays(1)), cancel)),
        ["EndSessionAsync"] = Step(null, SignedIn, (store, cancel) => store.EndSessionAsync("kari", A.Sha256("cookie"), cancel)),
        ["EndSessionsAsync"] = Step(null, SignedIn, (store, cancel) => store.EndSessionsAsync("kari", null, cancel)),
        ["RemoveExpiredAsync"] = Step(null, async store =>
        {
            await SignedIn(store);
            await store.EndSessionsAsync("kari", null, Cancel);
        }, (store, cancel) => store.RemoveExpiredAsync(TimeSpan.FromDays(-1), cancel)),
        ["SetMembershipAsync"] = Step(AuditActions.MembershipChanged, Kari, (store, cancel) => store.SetMembershipAsync(new Membership(A.Org, "kari", Role.Claimant, "4711"), "ola", cancel)),
        ["RemoveMembershipAsync"] = Step(AuditActions.MembershipRemoved, Linked, (store, cancel) => store.RemoveMembershipAsync(A.Org, "kari", "ola", cancel)),
        ["OfferFirstAdministratorAsync"] = Step(null, NoUser, (store, cancel) => store.OfferFirstAdministratorAsync(A.Sha256("link"), TimeSpan.FromDays(1), replace: false, cancel)),
        ["AcceptFirstAdministratorAsync"] = Step(null, FirstLink, (store, cancel) => store.AcceptFirstAdministratorAsync(A.Sha256("link"), A.NewUser("kari"), null, "kari", cancel)),
        ["AcceptFirstAdministratorAsync of an organisation"] = Step(AuditActions.MembershipChanged, FirstLink, (store, cancel) => store.AcceptFirstAdministratorAsync(A.Sha256("link"), A.NewUser("kari"), A.Org, "kari", cancel)),
        ["InviteAsync"] = Step(AuditActions.InvitationMade, Invited, (store, cancel) => store.InviteAsync(A.Org, A.Invitation(secret: "link 2"), "ola", cancel)),
        ["WithdrawInvitationAsync"] = Step(AuditActions.InvitationWithdrawn, Invited, (store, cancel) => store.WithdrawInvitationAsync(A.Org, A.Sha256("link"), "ola", cancel)),
        ["AcceptInvitationAsync as a new user"] = Step(AuditActions.MembershipChanged, Invited, (store, cancel) => store.AcceptInvitationAsync(A.Sha256("link"), A.NewUser("kari"), "kari", cancel)),
        ["AcceptInvitationAsync as a user"] = Step(AuditActions.MembershipChanged, async store =>
        {
            await Kari(store);
            await Invited(store);
        }, (store, cancel) => store.AcceptInvitationAsync(A.Sha256("link"), "kari", "kari", cancel)),
        ["OfferPasswordResetAsync"] = Step(null, Kari, (store, cancel) => store.OfferPasswordResetAsync(A.Sha256("link"), "kari", TimeSpan.FromHours(1), "ola", cancel)),
        ["ResetPasswordAsync"] = Step(null, async store =>
        {
            await SignedIn(store);
            await store.OfferPasswordResetAsync(A.Sha256("link"), "kari", TimeSpan.FromHours(1), "ola", Cancel);
        }, (store, cancel) => store.ResetPasswordAsync(A.Sha256("link"), "new hash", "new stamp", cancel)),
        ["AddTokenAsync"] = Step(AuditActions.TokenAdded, NoUser, (store, cancel) => store.AddTokenAsync(A.Org, A.NewToken(), "ola", cancel)),
        ["RevokeTokenAsync"] = Step(AuditActions.TokenRevoked, Token, (store, cancel) => store.RevokeTokenAsync(A.Org, "t1", "ola", cancel)),
        ["SaveSignInProviderAsync"] = Step(AuditActions.SignInProviderChanged, NoUser, (store, cancel) => store.SaveSignInProviderAsync(A.Org, A.Provider(), 0, "ola", cancel)),
        ["RemoveSignInProviderAsync"] = Step(AuditActions.SignInProviderRemoved, async store =>
        {
            await Kari(store);
            await store.SaveSignInProviderAsync(A.Org, A.Provider(), 0, "ola", Cancel);
            Assert.True(await store.SignInAsync("kari", "stamp of kari", new NewSession(A.Sha256("cookie"), TimeSpan.FromDays(1), A.Org), Cancel));
        }, (store, cancel) => store.RemoveSignInProviderAsync(A.Org, "ola", cancel)),
        ["LinkIdentityAsync"] = Step(AuditActions.IdentityLinked, Member, (store, cancel) => store.LinkIdentityAsync(A.Org, A.Provider().Issuer, "s-1", "kari", "kari", cancel)),
        ["UnlinkIdentityAsync"] = Step(AuditActions.IdentityUnlinked, Linked, (store, cancel) => store.UnlinkIdentityAsync(A.Org, A.Provider().Issuer, "s-1", "kari", cancel)),
        ["AddDataProtectionKeyAsync"] = Step(null, NoUser, async (store, cancel) =>
        {
            await store.AddDataProtectionKeyAsync("key-1", "<key/>", cancel);
            return true;
        }),
        ["SaveInstallationSettingAsync"] = Step(null, NoUser, (store, cancel) => store.SaveInstallationSettingAsync("paused", "{}", 0, "ola", cancel)),
    };

    private static Dictionary<string, Func<StoreConformance, string, long, string, Task<object?>>> AccessQuestions() => new()
    {
        ["ListMembersAsync"] = async (suite, org, _, _) => await suite.Access.ListMembersAsync(org, Cancel),
        ["FindMembershipAsync"] = async (suite, org, _, _) => await suite.Access.FindMembershipAsync(org, "both", Cancel),
        ["ListInvitationsAsync"] = async (suite, org, _, _) => await suite.Access.ListInvitationsAsync(org, Cancel),
        ["ListTokensAsync"] = async (suite, org, _, _) => await suite.Access.ListTokensAsync(org, Cancel),
        ["FindSignInProviderAsync"] = async (suite, org, _, _) => await suite.Access.FindSignInProviderAsync(org, Cancel),
        ["FindUserByIdentityAsync"] = async (suite, org, _, _) => await suite.Access.FindUserByIdentityAsync(org, A.Provider().Issuer, "s-1", Cancel),
    };

    /// <summary>Questions of the installation: they are nobody's, and each has its own tests.</summary>
    private static readonly string[] InstallationQuestions =
    [
        "AnyUserAsync", "FindUserAsync", "FindUserByEmailAsync", "ListUsersAsync", "FindSessionAsync", "ListSessionsAsync", "ListMembershipsAsync", "FindLinkAsync", "FindTokenAsync",
        "ListIdentitiesAsync", "ListDataProtectionKeysAsync", "FindInstallationSettingAsync",
    ];

    private static WritingStep Step<T>(string? told, Func<IAccessStore, Task> prepare, Func<IAccessStore, CancellationToken, Task<T>> act) =>
        new(told, async suite =>
        {
            await prepare(suite.Access);
            return async cancel => await act(suite.Access, cancel);
        });

    private static Task NoUser(IAccessStore store) => Task.CompletedTask;

    private static Task Kari(IAccessStore store) => store.AddUserAsync(A.NewUser("kari"), isOperator: false, Cancel);

    private static async Task SignedIn(IAccessStore store)
    {
        await Kari(store);
        Assert.True(await store.SignInAsync("kari", "stamp of kari", new NewSession(A.Sha256("cookie"), TimeSpan.FromDays(1), Client: "Firefox"), Cancel));
    }

    private static async Task Member(IAccessStore store)
    {
        await Kari(store);
        Assert.IsType<MembershipAnswer.Done>(await store.SetMembershipAsync(new Membership(A.Org, "kari", Role.Coordinator, null), "ola", Cancel));
    }

    private static async Task Linked(IAccessStore store)
    {
        await Member(store);
        Assert.IsType<LinkIdentityAnswer.Linked>(await store.LinkIdentityAsync(A.Org, A.Provider().Issuer, "s-1", "kari", "kari", Cancel));
    }

    private static Task FirstLink(IAccessStore store) => store.OfferFirstAdministratorAsync(A.Sha256("link"), TimeSpan.FromDays(1), replace: false, Cancel);

    private static Task Invited(IAccessStore store) => store.InviteAsync(A.Org, A.Invitation(), "ola", Cancel);

    private static Task Token(IAccessStore store) => store.AddTokenAsync(A.Org, A.NewToken(), "ola", Cancel);
}
