using System.Net;
using System.Text.RegularExpressions;
using PayOnce.Access;
using PayOnce.App.Tests.Support;
using PayOnce.Tests.Support;

namespace PayOnce.App.Tests.Access;

/// <summary>How people and programs are let in and shut out, by the pages.</summary>
public sealed partial class AccessPageTests(PostgresCluster cluster)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task An_invitation_makes_a_user_once_with_the_role_it_says(StoreKind kind)
    {
        await using var world = await ServerWorld.StartAsync(kind, cluster);
        using var administrator = await world.SignedInAsync(Role.Administrator);
        using var made = await administrator.SendFormAsync("/o/hlf/settings/users", ("Email", "ola@example.org"), ("Role", "auditor"));
        var link = Shown(await made.Content.ReadAsStringAsync(Cancel), "link");
        var path = new Uri(link).PathAndQuery;

        using var stranger = world.NewClient();
        using var opened = await stranger.GetAsync(path, Cancel);
        Assert.Equal(HttpStatusCode.OK, opened.StatusCode);
        using var joined = await stranger.SendFormAsync(path, ("Name", "Ola Hansen"), ("Password", ServerWorld.Password));
        Assert.Equal("/o/hlf", world.Here(joined));
        using var settings = await stranger.GetAsync("/o/hlf/settings/users", Cancel);
        Assert.Equal(HttpStatusCode.Forbidden, settings.StatusCode);

        using var again = await world.NewClient().GetAsync(path, Cancel);
        Assert.Equal(HttpStatusCode.NotFound, again.StatusCode);
    }

    [Fact]
    public async Task A_withdrawn_invitation_opens_nothing()
    {
        await using var world = await ServerWorld.StartAsync(StoreKind.Sqlite, cluster);
        using var administrator = await world.SignedInAsync(Role.Administrator);
        using var made = await administrator.SendFormAsync("/o/hlf/settings/users", ("Email", "ola@example.org"), ("Role", "auditor"));
        var path = new Uri(Shown(await made.Content.ReadAsStringAsync(Cancel), "link")).PathAndQuery;
        var invitation = Assert.Single(await world.Store.ListInvitationsAsync("hlf", Cancel));
        using (var withdrawn = await administrator.SendFormAsync("/o/hlf/settings/users", ("invitation", invitation.Sha256))) Assert.Equal("/o/hlf/settings/users", world.Here(withdrawn));
        using var opened = await world.NewClient().GetAsync(path, Cancel);
        Assert.Equal(HttpStatusCode.NotFound, opened.StatusCode);
    }

    [Theory]
    [InlineData("not an address", "auditor", "", "E-post m")]
    [InlineData("ola@example.org", "claimant", "", "Mottakernummer m")]
    public async Task A_bad_invitation_is_sent_back_with_what_was_typed(string email, string role, string claimant, string said)
    {
        await using var world = await ServerWorld.StartAsync(StoreKind.Sqlite, cluster);
        using var administrator = await world.SignedInAsync(Role.Administrator);
        using var answer = await administrator.SendFormAsync("/o/hlf/settings/users", ("Email", email), ("Role", role), ("ClaimantId", claimant));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        var page = await answer.Content.ReadAsStringAsync(Cancel);
        Assert.Contains(said, page, StringComparison.Ordinal);
        Assert.Contains($"value=\"{email}\"", page, StringComparison.Ordinal);
        Assert.Empty(await world.Store.ListInvitationsAsync("hlf", Cancel));
    }

    [Fact]
    public async Task The_last_administrator_keeps_the_role_and_is_told_why()
    {
        await using var world = await ServerWorld.StartAsync(StoreKind.Sqlite, cluster);
        using var administrator = await world.SignedInAsync(Role.Administrator);
        using var answer = await administrator.SendFormAsync("/o/hlf/settings/users/user1", ("Role", "auditor"));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        Assert.Contains("minst n administrator", NotAscii().Replace(WebUtility.HtmlDecode(await answer.Content.ReadAsStringAsync(Cancel)), ""), StringComparison.Ordinal);
        Assert.Equal(Role.Administrator, (await world.Store.FindMembershipAsync("hlf", "user1", Cancel))!.Role);
    }

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task A_key_is_shown_once_works_and_ends_when_it_is_revoked(StoreKind kind)
    {
        await using var world = await ServerWorld.StartAsync(kind, cluster);
        using var administrator = await world.SignedInAsync(Role.Administrator);
        using var made = await administrator.SendFormAsync("/o/hlf/settings/tokens", ("Name", "Expense app"), ("Scope", "read"), ("Days", "30"));
        var key = Shown(await made.Content.ReadAsStringAsync(Cancel), "key");
        Assert.DoesNotContain(key, await administrator.GetStringAsync("/o/hlf/settings/tokens", Cancel), StringComparison.Ordinal);

        using var program = world.NewClient();
        program.DefaultRequestHeaders.Authorization = new("Bearer", key);
        using (var right = await program.GetAsync("/o/hlf/runs", Cancel)) Assert.Equal(HttpStatusCode.OK, right.StatusCode);
        using (var other = await program.GetAsync("/o/hlf/settings/tokens", Cancel)) Assert.Equal(HttpStatusCode.Forbidden, other.StatusCode);

        var token = Assert.Single(await world.Store.ListTokensAsync("hlf", Cancel));
        using (var revoked = await administrator.SendFormAsync($"/o/hlf/settings/tokens/{token.TokenId}/revoke", ("_handler", "confirm"))) Assert.Equal("/o/hlf/settings/tokens", world.Here(revoked));
        using (var over = await program.GetAsync("/o/hlf/runs", Cancel)) Assert.Equal(HttpStatusCode.Unauthorized, over.StatusCode);
    }

    [Fact]
    public async Task A_new_password_ends_every_other_session()
    {
        await using var world = await ServerWorld.StartAsync(StoreKind.Sqlite, cluster);
        var email = await world.AddUserAsync(Role.Auditor);
        using var here = world.NewClient();
        using var there = world.NewClient();
        await here.SignInAsync(email, ServerWorld.Password);
        await there.SignInAsync(email, ServerWorld.Password);
        using (var wrong = await here.SendFormAsync("/account", ("Old", "wrong"), ("New", "another long password"))) Assert.Equal(HttpStatusCode.UnprocessableEntity, wrong.StatusCode);
        using (var changed = await here.SendFormAsync("/account", ("Old", ServerWorld.Password), ("New", "another long password"))) Assert.Equal("/account?Saved=1", world.Here(changed));
        using (var still = await here.GetAsync("/account", Cancel)) Assert.Equal(HttpStatusCode.OK, still.StatusCode);
        using (var over = await there.GetAsync("/account", Cancel)) Assert.StartsWith("/sign-in", world.Here(over), StringComparison.Ordinal);
        using var again = world.NewClient();
        await again.SignInAsync(email, "another long password");
    }

    private static string Shown(string page, string id) => WebUtility.HtmlDecode(Regex.Match(page, $"<input[^>]*id=\"{id}\"[^>]*value=\"([^\"]*)\"").Groups[1].Value);

    [GeneratedRegex("[^ -~]")]
    private static partial Regex NotAscii();
}
