using System.Net;
using System.Text.Json;
using PayOnce.Access;
using PayOnce.App.Tests.Support;
using PayOnce.Stores;
using PayOnce.Tests.Support;

namespace PayOnce.App.Tests.Api;

/// <summary>What administrators change, two of them at a time.</summary>
public sealed class SettingsTests(PostgresCluster cluster)
{
    private const string OtherFormat = """{"settings":{"exporter":"generic","transport":"file","format":"json"}}""";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task Of_two_who_change_the_integration_the_second_is_told(StoreKind kind)
    {
        await using var world = await ServerWorld.StartAsync(kind, cluster);
        using var api = await ApiCaller.OfAsync(world);
        var read = (await api.GetAsync("integration")).Is(HttpStatusCode.OK);
        Assert.Equal("\"v1\"", read.ETag);
        (await api.PutAsync("integration", OtherFormat)).Is((HttpStatusCode)428).IsProblem("version-needed");
        (await api.PutAsync("integration", OtherFormat, ("If-None-Match", "*"))).Is(HttpStatusCode.PreconditionFailed).IsProblem("changed-meanwhile");
        var both = await Task.WhenAll(
            api.PutAsync("integration", OtherFormat, ("If-Match", read.ETag!)),
            api.PutAsync("integration", """{"settings":{"exporter":"generic","transport":"file","format":"csv","currencies":["NOK","SEK"]}}""", ("If-Match", read.ETag!)));
        Assert.Equal([HttpStatusCode.OK, HttpStatusCode.PreconditionFailed], both.Select(each => each.Status).Order());
        Assert.All(both, each => Assert.Equal("\"v2\"", each.ETag));
        Assert.Equal(2, (await world.Store.FindIntegrationAsync("hlf", Cancel))!.Version);
        var wrong = (await api.PutAsync("integration", """{"settings":{"exporter":"generic","transport":"file","format":"xml"}}""", ("If-Match", "\"v2\""))).Is(HttpStatusCode.BadRequest).IsProblem("bad-input");
        Assert.Equal(["settings.format"], wrong.Faults);
        Assert.True((await api.PutAsync("integration", OtherFormat, ("If-Match", "*"))).Is(HttpStatusCode.OK)["version"].GetInt32() >= 2);
    }

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task A_mapping_is_shown_over_the_latest_claims_and_nothing_is_kept(StoreKind kind)
    {
        await using var world = await ServerWorld.StartAsync(kind, cluster, claims: 8);
        using var api = await ApiCaller.OfAsync(world);
        var kept = (await api.PostAsync("integration/preview", "{}")).Is(HttpStatusCode.OK);
        Assert.Equal(5, kept["claims"].GetInt32());
        var tried = (await api.PostAsync("integration/preview", """{"settings":{"exporter":"xledger","transport":"file","format":"gl02","accounts":{"default":{"account":"7140"},"credit":"2910"}},"claims":2}"""));
        if (tried.Status == HttpStatusCode.OK) Assert.Equal(2, tried["claims"].GetInt32() + tried["rejections"].GetArrayLength());
        else tried.IsProblem("bad-input");
        (await api.PostAsync("integration/preview", """{"settings":{"exporter":"generic"}}""")).Is(HttpStatusCode.BadRequest).IsProblem("bad-input");
        Assert.Equal(1, (await world.Store.FindIntegrationAsync("hlf", Cancel))!.Version);
        (await api.PostAsync("integration/test", "{}")).Is(HttpStatusCode.Conflict).IsProblem("not-possible");
    }

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task Secrets_go_in_and_never_come_out(StoreKind kind)
    {
        await using var world = await ServerWorld.StartAsync(kind, cluster);
        using var api = await ApiCaller.OfAsync(world);
        const string secret = "s3cret-that-is-long";
        Assert.False((await api.PutAsync("integration/secrets/token", $$"""{"value":"{{secret}}"}""")).Is(HttpStatusCode.OK)["replaced"].GetBoolean());
        Assert.Equal("token", (await api.GetAsync("integration/secrets")).Is(HttpStatusCode.OK)["secrets"][0].GetProperty("name").GetString());
        (await api.PutAsync("integration/secrets/other", $$"""{"value":"{{secret}}"}""")).Is(HttpStatusCode.NotFound).IsProblem("not-found");
        Assert.DoesNotContain("x y", (await api.PutAsync("integration/secrets/token", """{"value":" x y "}""")).Is(HttpStatusCode.BadRequest).IsProblem("bad-input").Text, StringComparison.Ordinal);
        foreach (var path in new[] { "integration", "integration/secrets", "audit", "audit/export", "overview" }) Assert.DoesNotContain(secret, (await api.GetAsync(path)).Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task Flags_are_switched_within_the_integrations_settings(StoreKind kind)
    {
        await using var world = await ServerWorld.StartAsync(kind, cluster);
        using var api = await ApiCaller.OfAsync(world);
        var flags = (await api.GetAsync("flags")).Is(HttpStatusCode.OK);
        Assert.False(flags["flags"].GetProperty("dynamics-api").GetBoolean());
        var on = (await api.PutAsync("flags", """{"flags":{"dynamics-api":true}}""", ("If-Match", flags.ETag!))).Is(HttpStatusCode.OK);
        Assert.True(on["flags"].GetProperty("dynamics-api").GetBoolean());
        Assert.Equal("\"v2\"", on.ETag);
        (await api.PutAsync("flags", """{"flags":{"dynamics-api":false}}""", ("If-Match", flags.ETag!))).Is(HttpStatusCode.PreconditionFailed).IsProblem("changed-meanwhile");
        (await api.PutAsync("flags", """{"flags":{"pay-twice":true}}""", ("If-Match", on.ETag!))).Is(HttpStatusCode.BadRequest).IsProblem("bad-input");
    }

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task A_schedule_tells_its_next_three_times_in_the_organisations_zone(StoreKind kind)
    {
        await using var world = await ServerWorld.StartAsync(kind, cluster);
        using var api = await ApiCaller.OfAsync(world);
        (await api.GetAsync("schedule")).Is(HttpStatusCode.NotFound).IsProblem("not-found");
        var made = (await api.PutAsync("schedule", """{"cron":"0 6 * * 1-5","enabled":true}""", ("If-None-Match", "*"))).Is(HttpStatusCode.OK);
        Assert.Equal(3, made["next"].GetArrayLength());
        Assert.All(made["next"].EnumerateArray(), time => Assert.Matches("T06:00:00\\+0[12]:00$", time.GetString()));
        (await api.PutAsync("schedule", """{"cron":"0 6 * * *","enabled":true}""", ("If-None-Match", "*"))).Is(HttpStatusCode.PreconditionFailed).IsProblem("changed-meanwhile");
        (await api.PutAsync("schedule", """{"cron":"0 0 30 2 *","enabled":true}""", ("If-Match", made.ETag!))).Is(HttpStatusCode.BadRequest).IsProblem("bad-input");
        var off = (await api.PutAsync("schedule", """{"cron":"0 6 * * *","enabled":false}""", ("If-Match", made.ETag!))).Is(HttpStatusCode.OK);
        Assert.Equal(0, off["next"].GetArrayLength());
        Assert.Equal(0, (await api.GetAsync("schedule/fires")).Is(HttpStatusCode.OK)["items"].GetArrayLength());
    }

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task Notifications_keep_their_key_to_themselves_and_nobody_overwrites_another(StoreKind kind)
    {
        await using var world = await ServerWorld.StartAsync(kind, cluster);
        using var api = await ApiCaller.OfAsync(world);
        const string key = "whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=";
        const string settings = """{"webhookUrl":"https://hooks.example.org/payonce","emails":["ola@example.org"]}""";
        (await api.GetAsync("notifications/settings")).Is(HttpStatusCode.NotFound).IsProblem("not-found");
        // Nothing could sign them.
        Assert.Contains("webhookKey", (await api.PutAsync("notifications/settings", settings, ("If-None-Match", "*"))).Is(HttpStatusCode.BadRequest).IsProblem("bad-input").Text, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", (await api.PutAsync("notifications/settings", settings.Replace("}", ",\"webhookKey\":\"hunter2\"}", StringComparison.Ordinal), ("If-None-Match", "*"))).Is(HttpStatusCode.BadRequest).Text, StringComparison.Ordinal);
        (await api.PutAsync("notifications/settings", """{"emails":["nobody"]}""", ("If-None-Match", "*"))).Is(HttpStatusCode.BadRequest).IsProblem("bad-input");

        var saved = (await api.PutAsync("notifications/settings", settings.Replace("}", $",\"webhookKey\":\"{key}\"}}", StringComparison.Ordinal), ("If-None-Match", "*"))).Is(HttpStatusCode.OK);
        Assert.True(saved["hasWebhookKey"].GetBoolean());
        (await api.PutAsync("notifications/settings", settings, ("If-None-Match", "*"))).Is(HttpStatusCode.PreconditionFailed).IsProblem("changed-meanwhile");
        // Without a new key the old one stands.
        var changed = (await api.PutAsync("notifications/settings", settings.Replace("ola@", "kari@", StringComparison.Ordinal), ("If-Match", saved.ETag!))).Is(HttpStatusCode.OK);
        Assert.Equal((2, "kari@example.org"), (changed["version"].GetInt32(), changed["emails"][0].GetString()));
        Assert.DoesNotContain(key, (await api.GetAsync("notifications/settings")).Is(HttpStatusCode.OK).Text, StringComparison.Ordinal);
        Assert.Equal(0, (await api.GetAsync("notifications")).Is(HttpStatusCode.OK)["items"].GetArrayLength());
    }

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task A_new_organisations_first_administrator_gets_a_link_and_the_operator_no_way_in_later(StoreKind kind)
    {
        await using var world = await ServerWorld.StartAsync(kind, cluster);
        using var api = await ApiCaller.OfAsync(world);
        const string organisation = """{"organisationId":"nb","name":"Blindeforbundet","administrator":"per@example.org"}""";
        (await api.PostAsync("/api/v1/organisations", organisation.Replace("per@example.org", "per", StringComparison.Ordinal))).Is(HttpStatusCode.BadRequest).IsProblem("bad-input");
        var added = (await api.PostAsync("/api/v1/organisations", organisation)).Is(HttpStatusCode.Created);
        Assert.Equal("administrator", added["invitation"].GetProperty("invitation").GetProperty("role").GetString());
        // Its answer was lost: a new link, and the earlier one counts no more.
        var again = (await api.PostAsync("/api/v1/organisations", organisation)).Is(HttpStatusCode.OK);
        Assert.NotEqual(added["invitation"].GetProperty("link").GetString(), again["invitation"].GetProperty("link").GetString());
        Assert.Single(await world.Store.ListInvitationsAsync("nb", Cancel));

        await world.AddUserAsync(Role.Administrator, organisation: "nb");
        Assert.Equal(JsonValueKind.Null, (await api.PostAsync("/api/v1/organisations", organisation)).Is(HttpStatusCode.OK)["invitation"].ValueKind);
    }

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task Tokens_invitations_and_providers_show_their_secret_once_or_never(StoreKind kind)
    {
        await using var world = await ServerWorld.StartAsync(kind, cluster);
        using var api = await ApiCaller.OfAsync(world);
        var token = (await api.PostAsync("tokens", """{"name":"payroll","scopes":["read","bring-claims"],"days":30}""")).Is(HttpStatusCode.OK);
        Assert.Matches("^po_[0-9a-f]{32}_[A-Za-z0-9_-]{43}$", token["token"].GetString());
        Assert.Equal(["read", "bring-claims"], token["details"].GetProperty("scopes").EnumerateArray().Select(each => each.GetString()));
        (await api.PostAsync("tokens", """{"name":"payroll","scopes":["read"]}""")).Is(HttpStatusCode.Conflict).IsProblem("taken");
        var id = token["details"].GetProperty("tokenId").GetString();
        Assert.DoesNotContain(token["token"].GetString()!, (await api.GetAsync("tokens")).Is(HttpStatusCode.OK).Text, StringComparison.Ordinal);
        (await api.DeleteAsync($"tokens/{id}")).Is(HttpStatusCode.NoContent);
        (await api.DeleteAsync($"tokens/{id}")).Is(HttpStatusCode.NotFound).IsProblem("not-found");

        var invited = (await api.PostAsync("invitations", """{"email":"ola@example.org","role":"coordinator"}""")).Is(HttpStatusCode.OK);
        var secret = invited["link"].GetString()!.Split('/')[^1];
        Assert.DoesNotContain(secret, (await api.GetAsync("invitations")).Is(HttpStatusCode.OK).Text, StringComparison.Ordinal);
        (await api.DeleteAsync($"invitations/{invited["invitation"].GetProperty("invitationId").GetString()}")).Is(HttpStatusCode.NoContent);
        (await api.PostAsync("invitations", """{"email":"ola@example.org","role":"claimant"}""")).Is(HttpStatusCode.BadRequest).IsProblem("bad-input");

        const string provider = """{"name":"Entra","issuer":"https://login.example.org","clientId":"c","clientSecret":"hush-hush-hush"}""";
        var saved = (await api.PutAsync("sign-in-provider", provider, ("If-None-Match", "*"))).Is(HttpStatusCode.OK);
        Assert.True(saved["hasClientSecret"].GetBoolean());
        Assert.DoesNotContain("hush-hush", saved.Text, StringComparison.Ordinal);
        (await api.PutAsync("sign-in-provider", provider, ("If-Match", "\"v99999\""))).Is(HttpStatusCode.PreconditionFailed).IsProblem("changed-meanwhile");
        (await api.PutAsync("sign-in-provider", provider.Replace("https://login.example.org", "http://login.example.org", StringComparison.Ordinal), ("If-Match", saved.ETag!))).Is(HttpStatusCode.BadRequest).IsProblem("bad-input");
        (await api.DeleteAsync("sign-in-provider")).Is(HttpStatusCode.NoContent);
        (await api.GetAsync("sign-in-provider")).Is(HttpStatusCode.NotFound).IsProblem("not-found");
    }

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task Organisations_are_added_once_and_listed(StoreKind kind)
    {
        await using var world = await ServerWorld.StartAsync(kind, cluster);
        using var api = await ApiCaller.OfAsync(world);
        (await api.PostAsync("/api/v1/organisations", """{"organisationId":"blind","name":"Blindeforbundet"}""")).Is(HttpStatusCode.Created);
        (await api.PostAsync("/api/v1/organisations", """{"organisationId":"blind","name":"Blindeforbundet"}""")).Is(HttpStatusCode.OK);
        (await api.PostAsync("/api/v1/organisations", """{"organisationId":"blind","name":"Other"}""")).Is(HttpStatusCode.Conflict).IsProblem("taken");
        Assert.Equal(2, (await api.GetAsync("/api/v1/organisations")).Is(HttpStatusCode.OK)["organisations"].GetArrayLength());
        Assert.Equal(2, (await api.GetAsync("/api/v1/me")).Is(HttpStatusCode.OK)["organisations"].GetArrayLength());
        // Who operates the installation adds organisations, and sees nothing of what is in them.
        (await api.GetAsync("/api/v1/organisations/blind")).Is(HttpStatusCode.NotFound).IsProblem("not-found");
        Assert.IsType<MembershipAnswer.Done>(await world.Store.SetMembershipAsync(new Membership("blind", "user1", Role.Administrator, null), "test", Cancel));
        Assert.Equal("Blindeforbundet", (await api.GetAsync("/api/v1/organisations/blind")).Is(HttpStatusCode.OK)["name"].GetString());
        (await api.GetAsync("/api/v1/organisations/blind/integration")).Is(HttpStatusCode.NotFound).IsProblem("not-found");
        (await api.PostAsync("/api/v1/organisations/blind/sync", "{}")).Is(HttpStatusCode.Conflict).IsProblem("not-set-up");
        (await api.GetAsync("users")).Is(HttpStatusCode.OK);
        (await api.GetAsync("/api/v1/installation/users")).Is(HttpStatusCode.OK);
    }
}
