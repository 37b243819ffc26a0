using System.Net;
using PayOnce.Access;
using PayOnce.App.Server;
using PayOnce.App.Tests.Dashboard;
using PayOnce.App.Tests.Support;
using PayOnce.Audit;
using PayOnce.Tests.Support;

namespace PayOnce.App.Tests.Access;

/// <summary>Signing in at an organisation's own provider: who gets in by it, where to, and who does not.</summary>
public sealed class ProviderSignInTests(PostgresCluster cluster)
{
    private const string Start = "/sign-in/with/hlf";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task Whoever_linked_their_account_signs_in_with_it_to_that_organisation_and_nothing_else(StoreKind kind)
    {
        await using var provider = await StandInProvider.StartAsync();
        await using var world = await ServerWorld.StartAsync(kind, cluster);
        await world.AddOrganisationAsync("other", claims: 0);
        using var administrator = await world.SetUpAsync(provider);
        await world.Store.SetMembershipAsync(new Membership("other", "user1", Role.Administrator, null), "test", Cancel);
        await world.Store.SetOperatorAsync("user1", isOperator: true, Cancel);
        await administrator.LinkAsync(world);

        using var client = world.NewClient();
        Assert.Contains("Logg inn med Bedriften", await client.ReadAsync("/sign-in?to=%2Fo%2Fhlf%2Fruns"), StringComparison.Ordinal);
        using (var back = await client.ThroughAsync(Start + "?to=%2Fo%2Fhlf%2Fruns")) Assert.Equal("/o/hlf/runs", world.Here(back));
        await client.ReadAsync("/o/hlf/runs");
        await client.ReadAsync("/o/hlf/settings/users");
        foreach (var elsewhere in new[] { "/o/other", "/o/other/settings", "/api/v1/organisations/other/runs" }) await client.ReadAsync(elsewhere, HttpStatusCode.NotFound);
        await client.ReadAsync("/installation", HttpStatusCode.Forbidden);
        await administrator.ReadAsync("/installation");
        await administrator.ReadAsync("/o/other");

        // The trail tells of the link, and nothing of the sign-in, as for passwords.
        Assert.Equal([AuditActions.SignInProviderChanged, AuditActions.IdentityLinked], (await world.ToldAsync()).Where(action => action is AuditActions.SignInProviderChanged or AuditActions.IdentityLinked or AuditActions.IdentityUnlinked));
        var session = Assert.Single(await world.Store.ListSessionsAsync("user1", Session.DefaultIdle, Cancel), session => session.OnlyOrganisation == "hlf");
        await world.Store.EndSessionAsync("user1", session.Sha256, Cancel);
        await client.ReadAsync("/o/hlf/runs", HttpStatusCode.Redirect);
    }

    [Fact]
    public async Task An_account_that_is_linked_to_nobody_is_refused_whatever_its_address_and_told_what_to_do()
    {
        await using var provider = await StandInProvider.StartAsync();
        await using var world = await ServerWorld.StartAsync(StoreKind.Sqlite, cluster);
        using var administrator = await world.SetUpAsync(provider);
        // It vouches for user1@example.org, who exists and is administrator here.
        using var client = world.NewClient();
        using (var refused = await client.ThroughAsync(Start)) Assert.Contains("er ikke koblet til noen bruker", await refused.RefusedAsync(HttpStatusCode.Forbidden), StringComparison.Ordinal);
        using var english = world.NewClient();
        english.DefaultRequestHeaders.AcceptLanguage.ParseAdd("en");
        using (var refused = await english.ThroughAsync(Start)) Assert.Contains("is not linked to any user in this organisation", await refused.RefusedAsync(HttpStatusCode.Forbidden), StringComparison.Ordinal);
        Assert.Empty(await world.Store.ListIdentitiesAsync("user1", Cancel));

        // The same issuer and subject at another organisation: another key.
        await administrator.LinkAsync(world);
        await world.AddOrganisationAsync("other", claims: 0);
        var stored = (await world.Store.FindSignInProviderAsync("hlf", Cancel))!;
        await world.Store.SaveSignInProviderAsync("other", stored.Provider with { SecretName = null }, null, "test", Cancel);
        using var elsewhere = await client.GetAsync("/sign-in/with/nobody", Cancel);
        await elsewhere.RefusedAsync(HttpStatusCode.NotFound);
        Assert.IsType<PayOnce.Stores.IdentityAnswer.Nobody>(await world.Store.FindUserByIdentityAsync("other", stored.Provider.Issuer, provider.Subject, Cancel));
    }

    [Fact]
    public async Task Nothing_that_does_not_hold_signs_anybody_in()
    {
        await using var provider = await StandInProvider.StartAsync();
        await using var world = await ServerWorld.StartAsync(StoreKind.Sqlite, cluster);
        using var administrator = await world.SetUpAsync(provider);
        await administrator.LinkAsync(world);
        var past = DateTimeOffset.UtcNow.AddHours(-1).ToUnixTimeSeconds();
        foreach (var (what, claims, token) in new (string, Action<Dictionary<string, object>>?, Func<string, string>?)[]
        {
            ("another nonce", claims => claims["nonce"] = "another", null),
            ("no nonce", claims => claims.Remove("nonce"), null),
            ("another issuer", claims => claims["iss"] = "https://id.example.org", null),
            ("another audience", claims => claims["aud"] = "somebody else", null),
            ("expired", claims => (claims["nbf"], claims["iat"], claims["exp"]) = (past - 300, past - 300, past), null),
            ("no end", claims => claims.Remove("exp"), null),
            ("nobody", claims => claims.Remove("sub"), null),
            ("unsigned", null, StandInProvider.Unsigned),
            ("another's signature", null, StandInProvider.SignedByAnother),
            ("signed with the secret", null, StandInProvider.SignedWithSecret),
            ("changed", null, token => token[..^20] + "AAAA" + token[^16..]),
            ("no token", null, _ => ""),
            ("no token at all", null, _ => "not.a.token"),
        })
        {
            (provider.Claims, provider.Token) = (claims ?? (_ => { }), token ?? (each => each));
            using var client = world.NewClient();
            using var answer = await client.ThroughAsync(Start);
            Assert.True(answer.StatusCode is HttpStatusCode.BadGateway, $"{what}: {answer.StatusCode}");
            Assert.Matches("Feil-ID|feil-ID", await answer.RefusedAsync(HttpStatusCode.BadGateway));
            await client.ReadAsync("/o/hlf", HttpStatusCode.Redirect);
        }
        // And with everything as it must be, the same account does get in.
        (provider.Claims, provider.Token) = (_ => { }, each => each);
        using var right = world.NewClient();
        using var signedIn = await right.ThroughAsync(Start);
        Assert.Equal("/o/hlf", world.Here(signedIn));
    }

    [Fact]
    public async Task An_answer_counts_once_and_only_in_the_browser_that_asked()
    {
        await using var provider = await StandInProvider.StartAsync();
        await using var world = await ServerWorld.StartAsync(StoreKind.Sqlite, cluster);
        using var administrator = await world.SetUpAsync(provider);
        await administrator.LinkAsync(world);
        using var client = world.NewClient();
        var callback = await client.ToCallbackAsync(Start);
        using (var forced = world.NewClient())
        using (var elsewhere = await forced.GetAsync(callback, Cancel)) await elsewhere.RefusedAsync(HttpStatusCode.BadRequest);
        using (var once = await client.GetAsync(callback, Cancel)) Assert.Equal("/o/hlf", world.Here(once));
        using (var again = await client.GetAsync(callback, Cancel)) Assert.Contains("Begynn på nytt", await again.RefusedAsync(HttpStatusCode.BadRequest), StringComparison.Ordinal);

        using var stranger = world.NewClient();
        foreach (var forged in new[] { "", "?state=", "?code=x", "?code=x&state=forged", "?error=access_denied", "?state=a&state=b&code=c", callback.Query.Replace("state=", "state=A", StringComparison.Ordinal) })
        {
            using var answer = await stranger.GetAsync("/sign-in/callback" + forged, Cancel);
            await answer.RefusedAsync(HttpStatusCode.BadRequest);
        }
        // Another provider's answer in place of the asked one's, where providers say who they are (RFC 9207).
        using var mixed = world.NewClient();
        using var other = await mixed.GetAsync(await mixed.ToCallbackAsync(Start) + "&iss=https%3A%2F%2Fid.example.org", Cancel);
        await other.RefusedAsync(HttpStatusCode.BadGateway);
    }

    [Fact]
    public async Task A_provider_that_is_down_or_says_no_or_nonsense_gives_a_calm_page()
    {
        await using var provider = await StandInProvider.StartAsync();
        await using var world = await ServerWorld.StartAsync(StoreKind.Sqlite, cluster);
        using var administrator = await world.SetUpAsync(provider);
        using var client = world.NewClient();
        foreach (var (said, break_) in new (string, Action)[]
        {
            ("svarer ikke.", () => provider.Status = 503),
            ("svarer ikke som en OpenID Connect-tjeneste", () => provider.Metadata = "<html>Welcome</html>"),
            ("svarer ikke som en OpenID Connect-tjeneste", () => provider.Metadata = new string(' ', 600_000)),
            ("svarer ikke som en OpenID Connect-tjeneste", () => provider.Metadata = "[]"),
            ("en annen utsteder", () => provider.SaidIssuer = "https://id.example.org"),
            ("uten https", () => provider.Metadata = $$"""{"issuer":"{{provider.Issuer}}","authorization_endpoint":"http://id.example.org/a","token_endpoint":"{{provider.Issuer}}/token","jwks_uri":"{{provider.Issuer}}/keys"}"""),
            ("ingen nøkler", () => provider.Metadata = $$"""{"issuer":"{{provider.Issuer}}","authorization_endpoint":"{{provider.Issuer}}/a","token_endpoint":"{{provider.Issuer}}/token","jwks_uri":"{{provider.Issuer}}/.well-known/openid-configuration"}"""),
        })
        {
            break_();
            using (var answer = await client.GetAsync(Start, Cancel))
            {
                var page = await answer.RefusedAsync(HttpStatusCode.BadGateway);
                Assert.Contains(said, page, StringComparison.Ordinal);
                Assert.Contains("Feil-ID: ", page, StringComparison.Ordinal);
            }
            using (var test = await administrator.SendFormAsync("/o/hlf/settings/sign-in", ("_handler", "test"))) Assert.Contains(said, Pages.Words(await test.ReadAsync()), StringComparison.Ordinal);
            (provider.Status, provider.Metadata, provider.SaidIssuer) = (null, null, null);
        }
        using (var test = await administrator.SendFormAsync("/o/hlf/settings/sign-in", ("_handler", "test"))) Assert.Contains("svarer som den skal", Pages.Words(await test.ReadAsync()), StringComparison.Ordinal);

        provider.Error = "access_denied";
        using (var denied = await client.ThroughAsync(Start)) Assert.Contains("logget deg ikke inn", await denied.RefusedAsync(HttpStatusCode.Forbidden), StringComparison.Ordinal);
        provider.Error = null;
        var callback = await client.ToCallbackAsync(Start);
        provider.Status = 500;
        using (var broken = await client.GetAsync(callback, Cancel)) await broken.RefusedAsync(HttpStatusCode.BadGateway);
        provider.Status = null;
        callback = await client.ToCallbackAsync(Start);
        await provider.DisposeAsync();
        using (var gone = await client.GetAsync(callback, Cancel)) Assert.Contains("svarer ikke.", await gone.RefusedAsync(HttpStatusCode.BadGateway), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_provider_inside_the_operators_network_is_not_asked()
    {
        await using var world = await ServerWorld.StartAsync(StoreKind.Sqlite, cluster);
        using var administrator = await world.SignedInAsync(Role.Administrator);
        await administrator.SetProviderAsync(world, "https://10.0.0.1");
        using var client = world.NewClient();
        using var answer = await client.GetAsync(Start, Cancel);
        Assert.Contains("ikke en offentlig adresse", await answer.RefusedAsync(HttpStatusCode.BadGateway), StringComparison.Ordinal);
    }

    [Fact]
    public async Task New_keys_and_new_settings_count_at_once_on_every_node()
    {
        await using var provider = await StandInProvider.StartAsync();
        await using var next = await StandInProvider.StartAsync();
        await using var world = await ServerWorld.StartAsync(StoreKind.Sqlite, cluster);
        var node = await world.StartServerAsync();
        using var administrator = await world.SetUpAsync(provider);
        await administrator.LinkAsync(world);
        await SignsInAsync();
        var asked = provider.KeysAsked;
        await SignsInAsync();
        Assert.Equal(asked, provider.KeysAsked);
        provider.ChangeKey();
        await SignsInAsync();

        // Begun with one provider, ended when another is set up.
        using (var late = world.NewClient())
        {
            var callback = await late.ToCallbackAsync(Start);
            await administrator.SetProviderAsync(world, next.Issuer);
            using var answer = await late.GetAsync(callback, Cancel);
            Assert.Contains("endret innloggingen mens du logget inn", await answer.RefusedAsync(HttpStatusCode.Conflict), StringComparison.Ordinal);
        }
        // The other house knows the same subject: it is nobody here until it is linked.
        using (var other = world.NewClient(node))
        using (var unknown = await other.ThroughAsync(Start)) await unknown.RefusedAsync(HttpStatusCode.Forbidden);
        await administrator.LinkAsync(world);
        using (var other = world.NewClient(node))
        using (var back = await other.ThroughAsync(Start)) Assert.Equal("/o/hlf", new Uri(node, back.Headers.Location!).PathAndQuery);

        // Removed: whoever is in by it is out at once, on the other node too; whoever has a password stays.
        using var signedIn = world.NewClient(node);
        using (await signedIn.ThroughAsync(Start)) await signedIn.ReadAsync("/o/hlf/runs");
        Assert.Contains("blir logget ut med en gang", Pages.Words(await administrator.ReadAsync("/o/hlf/settings/sign-in/remove")), StringComparison.Ordinal);
        using (var removed = await administrator.SendFormAsync("/o/hlf/settings/sign-in/remove", ("_handler", "remove"))) Assert.Equal("/o/hlf/settings/sign-in", world.Here(removed));
        await signedIn.ReadAsync("/o/hlf/runs", HttpStatusCode.Redirect);
        Assert.Matches(@"Fjernet organisasjonens innlogging og logget ut \d+ økter", Pages.Words(await administrator.ReadAsync("/o/hlf/audit")));
        using var nobody = world.NewClient(node);
        using var none = await nobody.GetAsync(Start, Cancel);
        await none.RefusedAsync(HttpStatusCode.NotFound);

        async Task SignsInAsync()
        {
            using var client = world.NewClient();
            using var back = await client.ThroughAsync(Start);
            Assert.Equal("/o/hlf", world.Here(back));
        }
    }

    [Fact]
    public async Task Behind_a_proxy_people_come_back_to_the_address_they_know()
    {
        await using var provider = await StandInProvider.StartAsync();
        await using var world = await ServerWorld.StartAsync(StoreKind.Sqlite, cluster);
        using var administrator = await world.SetUpAsync(provider);
        var behind = await world.StartServerAsync(parts => parts with { Options = new ServerOptions { Urls = ["http://127.0.0.1:0"], PublicUrl = new Uri("https://pay.example.org") } });
        using var client = world.NewClient(behind);
        using var sent = await client.GetAsync(Start, Cancel);
        Assert.Contains("redirect_uri=https%3A%2F%2Fpay.example.org%2Fsign-in%2Fcallback", sent.Headers.Location!.Query, StringComparison.Ordinal);
    }
}
