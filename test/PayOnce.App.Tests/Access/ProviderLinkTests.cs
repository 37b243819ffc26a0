using System.Net;
using PayOnce.Access;
using PayOnce.App.Tests.Dashboard;
using PayOnce.App.Tests.Support;
using PayOnce.Audit;
using PayOnce.Tests.Support;

namespace PayOnce.App.Tests.Access;

/// <summary>How a provider's account comes to sign a user in, and stops; and what a person may do whom a provider vouched for.</summary>
public sealed class ProviderLinkTests(PostgresCluster cluster)
{
    private const string Start = "/sign-in/with/hlf";

    private static readonly string[] Fields = ["name", "issuer", "client", "secret", "scopes"];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Nothing_is_linked_before_the_person_said_so_and_to_nobody_else()
    {
        await using var provider = await StandInProvider.StartAsync();
        await using var world = await ServerWorld.StartAsync(StoreKind.Sqlite, cluster);
        using var administrator = await world.SetUpAsync(provider);
        using var other = await world.SignedInAsync(Role.Auditor);
        Assert.Contains("Koble til Bedriften (HLF)", await administrator.ReadAsync("/account"), StringComparison.Ordinal);
        using var back = await administrator.ThroughAsync("/account/link/hlf");
        var page = world.Here(back);
        // The page names the account, so that nobody links one that is not theirs.
        Assert.Contains("kari@bedrift.example", await administrator.ReadAsync(page), StringComparison.Ordinal);
        Assert.Empty(await world.Store.ListIdentitiesAsync("user1", Cancel));
        // What one person was asked is no other's to answer.
        await other.ReadAsync(page, HttpStatusCode.Forbidden);
        await administrator.ReadAsync("/account/link/hlf?with=forged", HttpStatusCode.Forbidden);

        using (var linked = await administrator.SendFormAsync(page, ("_handler", "link"))) Assert.Equal("/account?Saved=1", world.Here(linked));
        Assert.Equal("user1", Assert.Single(await world.Store.ListIdentitiesAsync("user1", Cancel)).UserId);
        using (var taken = await other.ThroughAsync("/account/link/hlf"))
        using (var refused = await other.SendFormAsync(world.Here(taken), ("_handler", "link"))) Assert.Contains("logger inn en annen bruker", Pages.Words(await refused.ReadAsync(HttpStatusCode.UnprocessableEntity)), StringComparison.Ordinal);

        // Another's link cannot be taken away, one's own can.
        var token = await other.ReadAsync("/account");
        using (var stolen = await other.SendFormOfAsync("/account", token.Replace("action=\"/sign-out\"", "action=\"/account/unlink\"", StringComparison.Ordinal).Replace("</form>", Hidden(provider) + "</form>", StringComparison.Ordinal), ("organisation", "hlf")))
            Assert.Equal("/account?Saved=1", world.Here(stolen));
        Assert.Single(await world.Store.ListIdentitiesAsync("user1", Cancel));
        using (var unlinked = await administrator.SendFormAsync("/account", ("subject", "subject-1"))) Assert.Equal("/account?Saved=1", world.Here(unlinked));
        Assert.Empty(await world.Store.ListIdentitiesAsync("user1", Cancel));
        Assert.Equal([AuditActions.IdentityLinked, AuditActions.IdentityUnlinked], (await world.ToldAsync()).TakeLast(2));
        using var client = world.NewClient();
        using var unknown = await client.ThroughAsync(Start);
        await unknown.RefusedAsync(HttpStatusCode.Forbidden);

        static string Hidden(StandInProvider provider) =>
            $"<input type=\"hidden\" name=\"organisation\" value=\"hlf\" /><input type=\"hidden\" name=\"issuer\" value=\"{provider.Issuer}\" /><input type=\"hidden\" name=\"subject\" value=\"subject-1\" />";
    }

    [Fact]
    public async Task Whom_a_provider_vouched_for_changes_nothing_of_the_account_itself()
    {
        await using var provider = await StandInProvider.StartAsync();
        await using var world = await ServerWorld.StartAsync(StoreKind.Sqlite, cluster);
        using var administrator = await world.SetUpAsync(provider);
        await administrator.LinkAsync(world);
        using var client = world.NewClient();
        using (var back = await client.ThroughAsync(Start)) Assert.Equal("/o/hlf", world.Here(back));
        var page = await client.ReadAsync("/account");
        Assert.Contains("gjennom innloggingen til HLF", Pages.Words(page), StringComparison.Ordinal);
        Assert.DoesNotContain("name=\"Name\"", page, StringComparison.Ordinal);

        // What the page does not offer is refused all the same: the forms of the page as the person with the password gets it, with this session's token.
        foreach (var (handler, field) in new[] { ("profile", "Name"), ("sessions", "x") })
        {
            using var sent = await client.SendFormOfAsync("/account", Renamed(page, handler), (field, "Eve"));
            Assert.Equal(HttpStatusCode.BadRequest, sent.StatusCode);
        }
        using (var unlinked = await client.SendFormOfAsync("/account", page.Replace("action=\"/sign-out\"", "action=\"/account/unlink\"", StringComparison.Ordinal))) Assert.Equal(HttpStatusCode.Forbidden, unlinked.StatusCode);
        await client.ReadAsync("/account/link/hlf", HttpStatusCode.Forbidden);
        Assert.Equal("Administrator 1", (await world.Store.FindUserAsync("user1", Cancel))!.Name);
        Assert.Equal(2, (await world.Store.ListSessionsAsync("user1", Session.DefaultIdle, Cancel)).Count);

        // An invitation of another organisation is not accepted in the person's name.
        await world.AddOrganisationAsync("other", claims: 0);
        await world.Store.InviteAsync("other", new Invitation(PayOnce.App.Access.Secret.Sha256("link"), "kari@example.org", Role.Auditor, null, TimeSpan.FromDays(1)), "test", Cancel);
        Assert.Contains("gjelder bare én organisasjon", Pages.Words(await client.ReadAsync("/invitation/link")), StringComparison.Ordinal);

        await world.Store.SetDisabledAsync("user1", disabled: true, Cancel);
        await client.ReadAsync("/o/hlf", HttpStatusCode.Redirect);
        using var shutOut = await client.ThroughAsync(Start);
        Assert.Contains("stengt ute", await shutOut.RefusedAsync(HttpStatusCode.Forbidden), StringComparison.Ordinal);

        static string Renamed(string page, string handler) => page.Replace("action=\"/sign-out\"", "", StringComparison.Ordinal)
            .Replace("</form>", $"<input type=\"hidden\" name=\"_handler\" value=\"{handler}\" /><input name=\"Name\" /><input name=\"x\" /></form>", StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_invitation_is_accepted_through_the_provider_without_a_password()
    {
        await using var provider = await StandInProvider.StartAsync();
        await using var world = await ServerWorld.StartAsync(StoreKind.Sqlite, cluster);
        using var administrator = await world.SetUpAsync(provider);
        await world.Store.InviteAsync("hlf", new Invitation(PayOnce.App.Access.Secret.Sha256("link"), "ola@example.org", Role.Auditor, null, TimeSpan.FromDays(1)), "test", Cancel);
        using var client = world.NewClient();
        Assert.Contains("Bli med gjennom Bedriften", await client.ReadAsync("/invitation/link"), StringComparison.Ordinal);
        using var back = await client.ThroughAsync(Start + "?invitation=link");
        var page = world.Here(back);
        Assert.Null(await world.Store.FindUserByEmailAsync("ola@example.org", Cancel));
        using (var nameless = await client.SendFormAsync(page, ("VouchedName", " "))) Assert.Contains("Navnet ditt må fylles ut", Pages.Words(await nameless.ReadAsync(HttpStatusCode.UnprocessableEntity)), StringComparison.Ordinal);
        using (var joined = await client.SendFormAsync(page, ("VouchedName", "Ola Hansen"))) Assert.Equal("/o/hlf", world.Here(joined));
        await client.ReadAsync("/o/hlf");

        var user = (await world.Store.FindUserByEmailAsync("ola@example.org", Cancel))!;
        Assert.False(user.HasPassword);
        Assert.Equal(Role.Auditor, (await world.Store.FindMembershipAsync("hlf", user.UserId, Cancel))!.Role);
        using var again = world.NewClient();
        using (var second = await again.ThroughAsync(Start)) Assert.Equal("/o/hlf", world.Here(second));
        // Their only way in, so the name is theirs to change here, and the link is not to be cut.
        using (var renamed = await again.SendFormAsync("/account", ("Name", "Ola Nordmann"), ("Language", "nb"))) Assert.Equal("/account?Saved=1", world.Here(renamed));
        Assert.DoesNotContain("/account/unlink", await again.ReadAsync("/account"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_provider_is_refused_field_by_field_and_its_secret_goes_to_no_other_house()
    {
        await using var world = await ServerWorld.StartAsync(StoreKind.Sqlite, cluster);
        using var administrator = await world.SignedInAsync(Role.Administrator);
        const string change = "/o/hlf/settings/sign-in/change";
        using (var wrong = await administrator.SendFormAsync(change, ("name", ""), ("issuer", "http://id.example.org"), ("client", ""), ("secret", "short"), ("scopes", "")))
        {
            var page = await wrong.ReadAsync(HttpStatusCode.UnprocessableEntity);
            foreach (var field in Fields) Assert.Contains($"id=\"{field}-e\"", page, StringComparison.Ordinal);
            Assert.Contains("http://id.example.org", page, StringComparison.Ordinal);
            Assert.DoesNotContain("\"short\"", page, StringComparison.Ordinal);
        }
        Assert.Null(await world.Store.FindSignInProviderAsync("hlf", Cancel));
        await administrator.SetProviderAsync(world, "https://id.example.org");
        var shown = await administrator.ReadAsync("/o/hlf/settings/sign-in", language: "en");
        Assert.DoesNotContain(StandInProvider.ClientSecret, shown, StringComparison.Ordinal);
        Assert.Contains($"{world.Address.GetLeftPart(UriPartial.Authority)}/sign-in/callback", shown, StringComparison.Ordinal);
        Assert.Contains("/o/hlf/settings/sign-in/change", await administrator.ReadAsync("/o/hlf/settings/secrets"), StringComparison.Ordinal);
        Assert.Contains("Brukere kan logge inn med Bedriften.", await administrator.ReadAsync("/o/hlf/settings"), StringComparison.Ordinal);

        // Two at once: the second is told, and changes nothing.
        var stale = await administrator.ReadAsync(change);
        using (var first = await administrator.SendFormAsync(change, ("name", "Entra"), ("issuer", "https://id.example.org"), ("client", "c"), ("scopes", "openid"))) Assert.Equal("/o/hlf/settings/sign-in", world.Here(first));
        using (var second = await administrator.SendFormOfAsync(change, stale, ("name", "Okta"), ("issuer", "https://id.example.org"), ("client", "c"), ("scopes", "openid")))
            Assert.Contains("Noen andre endret innloggingen", Pages.Words(await second.ReadAsync(HttpStatusCode.UnprocessableEntity)), StringComparison.Ordinal);
        var kept = (await world.Store.FindSignInProviderAsync("hlf", Cancel))!.Provider;
        Assert.Equal(("Entra", "sign-in"), (kept.Name, kept.SecretName));
        using (var moved = await administrator.SendFormAsync(change, ("name", "Entra"), ("issuer", "https://elsewhere.example.org"), ("client", "c"), ("scopes", "openid"))) Assert.Equal("/o/hlf/settings/sign-in", world.Here(moved));
        Assert.Null((await world.Store.FindSignInProviderAsync("hlf", Cancel))!.Provider.SecretName);
    }
}
