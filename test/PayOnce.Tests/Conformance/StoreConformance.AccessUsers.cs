using PayOnce.Access;
using PayOnce.Stores;
using PayOnce.Tests.Support;

namespace PayOnce.Tests.Conformance;

public abstract partial class StoreConformance
{
    private static readonly TimeSpan Idle = TimeSpan.FromHours(20);

    [Fact]
    public async Task Two_users_addresses_may_not_differ_in_case_alone()
    {
        await AddUserAsync("kari");
        await AddUserAsync("ÅSE");

        Assert.IsType<UserAnswer.EmailTaken>(await Access.AddUserAsync(A.NewUser("x") with { Email = "KARI@Example.org" }, isOperator: false, Cancel));
        Assert.IsType<UserAnswer.EmailTaken>(await Access.AddUserAsync(A.NewUser("x") with { Email = "åse@example.org" }, isOperator: false, Cancel));
        Assert.IsType<UserAnswer.EmailTaken>(await Access.ChangeEmailAsync("kari", "åse@EXAMPLE.ORG", Cancel));
        Assert.IsType<UserAnswer.Done>(await Access.ChangeEmailAsync("kari", "Kari@example.org", Cancel));
        Assert.Equal("kari", (await Access.FindUserByEmailAsync("KARI@EXAMPLE.ORG", Cancel))!.UserId);
        Assert.Equal("Kari@example.org", (await UserAsync("kari")).Email);
        Assert.Null(await Access.FindUserAsync("x", Cancel));
    }

    [Fact]
    public async Task Users_are_listed_page_by_page_in_the_order_of_their_addresses()
    {
        foreach (var id in new[] { "c", "B", "a", "D" }) await AddUserAsync(id);

        var first = await Access.ListUsersAsync(null, 3, Cancel);
        var second = await Access.ListUsersAsync(first[^1].Email, 3, Cancel);

        Assert.Equal(["a", "B", "c", "D"], first.Concat(second).Select(user => user.UserId));
    }

    [Fact]
    public async Task A_user_changes_name_language_and_live_updates()
    {
        await AddUserAsync("kari");
        var done = Assert.IsType<UserAnswer.Done>(await Access.ChangeProfileAsync("kari", "Kari N.", null, liveUpdates: false, Cancel));

        Assert.Equal(("Kari N.", null, false), (done.User.Name, done.User.Language, done.User.LiveUpdates));
        Assert.Equal(done.User, await UserAsync("kari"));
        Assert.IsType<UserAnswer.NoSuchUser>(await Access.ChangeProfileAsync("nobody", "N", "nb", liveUpdates: true, Cancel));
    }

    [Fact]
    public async Task The_last_operator_who_can_sign_in_stays_one()
    {
        await AddUserAsync("kari", isOperator: true);
        await AddUserAsync("ola", isOperator: true);
        Assert.IsType<UserAnswer.Done>(await Access.SetDisabledAsync("ola", disabled: true, Cancel));

        Assert.IsType<UserAnswer.LastOperator>(await Access.SetOperatorAsync("kari", isOperator: false, Cancel));
        Assert.IsType<UserAnswer.LastOperator>(await Access.SetDisabledAsync("kari", disabled: true, Cancel));
        Assert.True((await UserAsync("kari")) is { Operator: true, Disabled: false });

        await Access.SetDisabledAsync("ola", disabled: false, Cancel);
        Assert.IsType<UserAnswer.Done>(await Access.SetOperatorAsync("kari", isOperator: false, Cancel));
    }

    [Fact]
    public async Task After_so_many_failures_the_password_is_not_looked_at_until_the_time_is_over()
    {
        await AddUserAsync("kari");
        var rule = new LockOut(3, TimeSpan.FromHours(1));
        for (var n = 0; n < 3; n++) Assert.Equal("hash of kari", Assert.IsType<SignInTry.Compare>(await TryAsync(rule)).PasswordHash);

        var locked = Assert.IsType<SignInTry.Locked>(await TryAsync(rule));
        Assert.IsType<SignInTry.Locked>(await TryAsync(rule));

        Assert.InRange(locked.Until - (await UserAsync("kari")).CreatedAt, TimeSpan.FromMinutes(59), TimeSpan.FromMinutes(61));
    }

    [Fact]
    public async Task When_the_lock_out_is_over_the_counting_starts_anew()
    {
        await AddUserAsync("kari");
        for (var n = 0; n < 2; n++) await TryAsync(new LockOut(2, TimeSpan.FromTicks(10)));
        await Database.LetTimePassAsync();

        var rule = new LockOut(2, TimeSpan.FromHours(1));
        Assert.IsType<SignInTry.Compare>(await TryAsync(rule));
        Assert.IsType<SignInTry.Compare>(await TryAsync(rule));
        Assert.IsType<SignInTry.Locked>(await TryAsync(rule));
    }

    [Fact]
    public async Task Signing_in_or_a_new_password_ends_the_counting()
    {
        await AddUserAsync("kari");
        var rule = new LockOut(2, TimeSpan.FromHours(1));
        await TryAsync(rule);
        await SignInAsync("kari");
        Assert.IsType<SignInTry.Compare>(await TryAsync(rule));
        Assert.IsType<SignInTry.Compare>(await TryAsync(rule));
        Assert.IsType<SignInTry.Locked>(await TryAsync(rule));

        await Access.SetPasswordAsync("kari", "new hash", "new stamp", null, Cancel);
        Assert.Equal("new hash", Assert.IsType<SignInTry.Compare>(await TryAsync(rule)).PasswordHash);
    }

    [Fact]
    public async Task There_is_no_password_to_try_of_who_is_unknown_disabled_or_has_none()
    {
        await AddUserAsync("kari");
        await AddUserAsync("ola");
        await Access.SetDisabledAsync("kari", disabled: true, Cancel);
        await Access.SetPasswordAsync("ola", null, "new stamp", null, Cancel);

        foreach (var who in new[] { "kari", "ola", "nobody" }) Assert.IsType<SignInTry.Nobody>(await Access.TrySignInAsync($"{who}@example.org", LockOut.Default, Cancel));
        Assert.False((await UserAsync("ola")).HasPassword);
    }

    [Fact]
    public async Task Nobody_signs_in_with_an_older_stamp_or_when_disabled()
    {
        await AddUserAsync("kari");
        await Access.SetPasswordAsync("kari", "new hash", "new stamp", null, Cancel);
        Assert.False(await Access.SignInAsync("kari", "stamp of kari", new NewSession(A.Sha256("cookie"), TimeSpan.FromDays(1)), Cancel));

        await Access.SetDisabledAsync("kari", disabled: true, Cancel);
        Assert.False(await Access.SignInAsync("kari", "new stamp", new NewSession(A.Sha256("cookie"), TimeSpan.FromDays(1)), Cancel));
        Assert.Null(await Access.FindSessionAsync(A.Sha256("cookie"), Idle, Cancel));
        Assert.Null((await UserAsync("kari")).LastSignedInAt);
    }

    [Fact]
    public async Task A_password_is_hashed_anew_only_if_it_is_still_the_same()
    {
        await AddUserAsync("kari");
        Assert.True(await Access.RehashPasswordAsync("kari", "hash of kari", "harder hash", Cancel));
        Assert.False(await Access.RehashPasswordAsync("kari", "hash of kari", "another", Cancel));
        Assert.Equal("harder hash", Assert.IsType<SignInTry.Compare>(await TryAsync(LockOut.Default)).PasswordHash);
        Assert.Equal("stamp of kari", (await UserAsync("kari")).SecurityStamp);
    }

    [Fact]
    public async Task Data_protection_keys_come_back_in_their_order_and_none_is_replaced()
    {
        foreach (var key in new[] { "b", "a", "b" })
        {
            await Access.AddDataProtectionKeyAsync(key, $"<key id='{key}'/>", Cancel);
            await Database.LetTimePassAsync();
        }
        await Access.AddDataProtectionKeyAsync("b", "<forged/>", Cancel);

        Assert.Equal(["<key id='b'/>", "<key id='a'/>"], await Access.ListDataProtectionKeysAsync(Cancel));
    }

    [Fact]
    public async Task Of_two_who_edit_the_same_version_of_a_setting_one_is_told()
    {
        Assert.Null(await Access.FindInstallationSettingAsync("paused", Cancel));
        Assert.Equal(1, Assert.IsType<SaveAnswer.Saved>(await Access.SaveInstallationSettingAsync("paused", "yes", 0, "kari", Cancel)).Version);

        Assert.Equal(1, Assert.IsType<SaveAnswer.Changed>(await Access.SaveInstallationSettingAsync("paused", "no", 0, "ola", Cancel)).Version);
        var setting = (await Access.FindInstallationSettingAsync("paused", Cancel))!;
        Assert.Equal(("yes", 1, "kari"), (setting.Value, setting.Version, setting.ChangedBy));
        Assert.Equal(2, Assert.IsType<SaveAnswer.Saved>(await Access.SaveInstallationSettingAsync("paused", "no", null, "ola", Cancel)).Version);
    }

    private async Task AddUserAsync(string userId, bool isOperator = false) => Assert.IsType<UserAnswer.Done>(await Access.AddUserAsync(A.NewUser(userId), isOperator, Cancel));

    private async Task<User> UserAsync(string userId)
    {
        var user = await Access.FindUserAsync(userId, Cancel);
        Assert.NotNull(user);
        return user;
    }

    private Task<SignInTry> TryAsync(LockOut rule) => Access.TrySignInAsync("Kari@example.org", rule, Cancel);

    /// <summary>Signs the user in with a cookie of the given secret.</summary>
    private async Task SignInAsync(string userId, string cookie = "cookie", TimeSpan? duration = null, string? onlyOrganisation = null) =>
        Assert.True(await Access.SignInAsync(userId, (await UserAsync(userId)).SecurityStamp, new NewSession(A.Sha256(cookie), duration ?? TimeSpan.FromDays(14), onlyOrganisation), Cancel));
}
