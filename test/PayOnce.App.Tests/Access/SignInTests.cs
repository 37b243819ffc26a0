using System.Buffers.Binary;
using System.Net;
using PayOnce.Access;
using PayOnce.App.Access;
using PayOnce.App.Server;
using PayOnce.App.Tests.Support;
using PayOnce.Tests.Support;

namespace PayOnce.App.Tests.Access;

/// <summary>Who gets in, who does not, and for how long.</summary>
public sealed class SignInTests(PostgresCluster cluster)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task The_first_link_makes_the_first_user_once(StoreKind kind)
    {
        await using var world = await ServerWorld.StartAsync(kind, cluster);
        var (path, needed) = await FirstAdministrator.OfferAsync(world.Store, replace: false, Cancel);
        Assert.True(needed);
        Assert.Equal((null, true), await FirstAdministrator.OfferAsync(world.Store, replace: false, Cancel));

        using var client = world.NewClient();
        using var weak = await client.SendFormAsync(path!, ("name", "Kari"), ("email", "kari"), ("password", "short"));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, weak.StatusCode);
        var page = await weak.Content.ReadAsStringAsync(Cancel);
        Assert.Contains("E-post m", page, StringComparison.Ordinal);
        Assert.Contains("minst 12 tegn", page, StringComparison.Ordinal);

        using var made = await client.SendFormAsync(path!, ("name", "Kari Nordmann"), ("email", "kari@example.org"), ("password", ServerWorld.Password));
        Assert.Equal(HttpStatusCode.Redirect, made.StatusCode);
        using var again = await client.GetAsync(path, Cancel);
        Assert.Equal(HttpStatusCode.NotFound, again.StatusCode);
        Assert.Equal((null, false), await FirstAdministrator.OfferAsync(world.Store, replace: true, Cancel));
        Assert.True((await world.Store.FindUserByEmailAsync("KARI@example.org", Cancel))!.Operator);
    }

    [Fact]
    public async Task A_stranger_is_asked_to_sign_in_and_comes_back_to_where_he_was_going()
    {
        await using var world = await ServerWorld.StartAsync(StoreKind.Sqlite, cluster);
        var email = await world.AddUserAsync(Role.Auditor);
        using var client = world.NewClient();
        // Whatever the address names: a stranger does not learn which organisations there are.
        foreach (var address in new[] { "/?x=1", "/account", "/o/hlf", "/o/nobody" })
        {
            using var sent = await client.GetAsync(address, Cancel);
            Assert.Equal(HttpStatusCode.Redirect, sent.StatusCode);
            Assert.Equal($"/sign-in?to={Uri.EscapeDataString(address)}", sent.Headers.Location!.PathAndQuery);
        }
        using var back = await client.SendFormAsync("/sign-in?to=%2F%3Fx%3D1", ("email", email), ("password", ServerWorld.Password));
        Assert.Equal("/?x=1", world.Here(back));
    }

    [Theory]
    [InlineData("https://evil.example")]
    [InlineData("//evil.example")]
    [InlineData("/\\evil.example")]
    [InlineData("javascript:alert(1)")]
    public async Task Nobody_is_sent_to_somebody_elses_page(string to)
    {
        await using var world = await ServerWorld.StartAsync(StoreKind.Sqlite, cluster);
        var email = await world.AddUserAsync(Role.Auditor);
        using var client = world.NewClient();
        using var answer = await client.SendFormAsync($"/sign-in?to={Uri.EscapeDataString(to)}", ("email", email), ("password", ServerWorld.Password));
        Assert.Equal("/", world.Here(answer));
        using var language = await client.GetAsync($"/language?to=en&back={Uri.EscapeDataString(to)}", Cancel);
        Assert.Equal("/", world.Here(language));
    }

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task A_wrong_password_and_an_unknown_address_are_the_same_and_ten_lock_the_account(StoreKind kind)
    {
        await using var world = await ServerWorld.StartAsync(kind, cluster);
        var email = await world.AddUserAsync(Role.Administrator);
        using var client = world.NewClient();
        using var unknown = await client.SendFormAsync("/sign-in", ("email", "nobody@example.org"), ("password", "x"));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, unknown.StatusCode);
        for (var i = 0; i < LockOut.Default.Failures; i++)
        {
            using var wrong = await client.SendFormAsync("/sign-in", ("email", email), ("password", "x"));
            Assert.Equal(HttpStatusCode.UnprocessableEntity, wrong.StatusCode);
            Assert.Contains("E-post eller passord er feil", await wrong.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
        }
        using var locked = await client.SendFormAsync("/sign-in", ("email", email), ("password", ServerWorld.Password));
        Assert.Equal(HttpStatusCode.TooManyRequests, locked.StatusCode);
        Assert.Contains("For mange fors", await locked.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_password_hashed_in_few_rounds_is_hashed_at_the_next_sign_in_in_as_many_as_OWASP_asks_for()
    {
        await using var world = await ServerWorld.CreateAsync(StoreKind.Sqlite, cluster);
        await world.AddOrganisationAsync("hlf", claims: 0);
        var usual = await world.StartServerAsync(parts => new ServerParts(parts.Store, parts.Engine, parts.Vault, parts.Connector, parts.Rules, parts.Surroundings, parts.Steps) { Options = parts.Options });
        var email = await world.AddUserAsync(Role.Auditor);
        Assert.Equal(1000, await RoundsAsync());
        using var client = world.NewClient(usual);
        await client.SignInAsync(email, ServerWorld.Password);
        Assert.Equal(210_000, await RoundsAsync());

        // ASP.NET Core Identity, version 3 of its format: a byte, the function, the rounds, each of four bytes, the highest first.
        async Task<int> RoundsAsync()
        {
            var known = Assert.IsType<SignInTry.Compare>(await world.Store.TrySignInAsync(email, LockOut.Default, Cancel)).PasswordHash;
            return BinaryPrimitives.ReadInt32BigEndian(Convert.FromBase64String(known).AsSpan(5));
        }
    }

    [Fact]
    public async Task A_session_that_is_ended_is_over_at_once_on_every_node()
    {
        await using var world = await ServerWorld.StartAsync(StoreKind.Postgres, cluster);
        var other = await world.StartServerAsync();
        using var client = await world.SignedInAsync(Role.Auditor);
        using (var there = await client.GetAsync(new Uri(other, "/"), Cancel)) Assert.EndsWith("/o/hlf", there.Headers.Location!.ToString(), StringComparison.Ordinal);

        using (var left = await client.SendFormAsync("/not-found", ("__RequestVerificationToken", ""))) Assert.Equal(HttpStatusCode.BadRequest, left.StatusCode);
        var user = (await world.Store.FindUserByEmailAsync("user1@example.org", Cancel))!;
        await world.Store.EndSessionsAsync(user.UserId, exceptSession: null, Cancel);
        foreach (var node in new[] { world.Address, other })
        {
            using var over = await client.GetAsync(new Uri(node, "/"), Cancel);
            Assert.StartsWith("/sign-in", over.Headers.Location!.PathAndQuery, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Signing_out_ends_the_session_and_not_only_its_cookie()
    {
        await using var world = await ServerWorld.StartAsync(StoreKind.Sqlite, cluster);
        using var client = await world.SignedInAsync(Role.Auditor);
        var user = (await world.Store.FindUserByEmailAsync("user1@example.org", Cancel))!;
        Assert.Single(await world.Store.ListSessionsAsync(user.UserId, Session.DefaultIdle, Cancel));
        using var answer = await client.SendFormAsync("/not-found");
        Assert.Equal("/sign-in", answer.Headers.Location!.ToString());
        Assert.Empty(await world.Store.ListSessionsAsync(user.UserId, Session.DefaultIdle, Cancel));
    }

    [Theory]
    [InlineData("Bearer po_token1_forged")]
    [InlineData("Bearer po__")]
    [InlineData("Bearer ../../etc/passwd")]
    [InlineData("Basic dXNlcjpwYXNz")]
    [InlineData("Bearer ")]
    public async Task A_forged_key_opens_nothing(string header)
    {
        await using var world = await ServerWorld.StartAsync(StoreKind.Sqlite, cluster);
        using var known = await world.WithTokenAsync(Permission.Read);
        using var client = world.NewClient();
        client.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", header);
        using var answer = await client.GetAsync("/account", Cancel);
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.Equal("Bearer", answer.Headers.WwwAuthenticate.ToString());
    }
}
