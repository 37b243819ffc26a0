using System.Net;
using System.Text;
using PayOnce.Access;
using PayOnce.App.Dashboard.Parts;
using PayOnce.App.Tests.Support;
using PayOnce.Guard;
using PayOnce.Runs;
using PayOnce.Stores;
using PayOnce.Tests.Support;

namespace PayOnce.App.Tests.Dashboard;

/// <summary>The first day: claims come in, earlier exports are registered, what would be sent is looked at, and one claim goes.</summary>
public sealed class StartPagesTests(PostgresCluster cluster)
{
    private const string Import = "/o/hlf/import";
    private const string Adopt = "/o/hlf/start/adopt";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task From_an_empty_organisation_to_the_first_exported_claim(StoreKind kind)
    {
        await using var world = await ServerWorld.StartAsync(kind, cluster);
        using var client = await world.SignedInAsync(Role.Administrator);
        Assert.Contains("Ingenting blir sendt til regnskapet før du starter første eksport.", Pages.Words(await client.ReadAsync("/o/hlf/start")), StringComparison.Ordinal);
        Assert.Contains("No claims wait to be exported.", Pages.Words(await client.ReadAsync("/o/hlf/start/first-export", language: "en")), StringComparison.Ordinal);

        using (var brought = await client.UploadAsync(Import, Import + "/file", "krav.csv", Csv("A-1", "A-2", "A-3")))
            Assert.Contains("krav.csv: 3 nye krav, 0 endret, 0 uendret, 0 ikke lagt inn.", Pages.Words(await brought.ReadAsync()), StringComparison.Ordinal);

        using var upload = await client.UploadAsync(Adopt, Adopt + "/check", "old.csv", "claim_id,reference\nA-1,V-1\nOLD-1,V-2\n");
        var check = await upload.ReadAsync();
        Assert.Contains("old.csv har 2 krav.", Pages.Words(check), StringComparison.Ordinal);
        Assert.Contains("Registrer 2 krav", Pages.Words(check), StringComparison.Ordinal);
        using var registered = await RegisterAsync(client, check, "Fra gammelt system");
        Assert.Equal(Adopt + "?run=1&claims=2", world.Here(registered));
        Assert.Contains("2 krav er registrert som eksportert, i kjøring 1.", Pages.Words(await client.ReadAsync(world.Here(registered))), StringComparison.Ordinal);
        using (var twice = await RegisterAsync(client, check, "Fra gammelt system"))
            Assert.Contains("Det er ingenting å gjøre.", Pages.Words(await twice.ReadAsync()), StringComparison.Ordinal);

        var preview = Pages.Words(await client.ReadAsync("/o/hlf/preview", language: "en"));
        Assert.Contains("2 claims, NOK 246.00 in total, would be sent to the accounting system. Nothing has been sent.", preview, StringComparison.Ordinal);
        Assert.Contains("A-2", preview, StringComparison.Ordinal);

        Assert.Contains("Krav A-2 på 123,00 kr blir sendt", Pages.Words(await client.ReadAsync("/o/hlf/start/first-export")), StringComparison.Ordinal);
        var act = OnceOnly.Create();
        using var first = await client.SendFormAsync("/o/hlf/start/first-export", ("act", act));
        Assert.Equal("/o/hlf/requests/1", world.Here(first));
        while ((await world.Store.FindClaimAsync("hlf", "A-2", Cancel))!.Marks is not [{ State: MarkState.Exported }]) await Task.Delay(50, Cancel);
        Assert.Equal(1, await world.Store.CountWaitingAsync("hlf", Cancel));
        using var again = await client.SendFormAsync("/o/hlf/start/first-export", ("act", act));
        Assert.Equal("/o/hlf/requests/1", world.Here(again));
        Assert.DoesNotContain("Ingenting blir sendt til regnskapet", Pages.Words(await client.ReadAsync("/o/hlf/start")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_claim_with_an_error_is_named_by_line_field_value_and_rule_and_the_others_are_in()
    {
        await using var world = await ServerWorld.StartAsync(StoreKind.Sqlite, cluster);
        using var client = await world.SignedInAsync(Role.Coordinator);
        using var answer = await client.UploadAsync(Import, Import + "/file", "krav.csv", Csv("A-1", "A-2").Replace("123.00,,,oslo,p\nA-2", "12,3x,,oslo,p\nA-2", StringComparison.Ordinal));
        var words = Pages.Words(await answer.ReadAsync(HttpStatusCode.UnprocessableEntity));
        Assert.Contains("Noen krav ble ikke lagt inn", words, StringComparison.Ordinal);
        Assert.Equal(1, await world.Store.CountWaitingAsync("hlf", Cancel));
        using var same = await client.UploadAsync(Import, Import + "/file", "krav.csv", Csv("A-2"));
        Assert.Contains("0 nye krav, 0 endret, 1 uendret", Pages.Words(await same.ReadAsync()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_upload_without_a_file_or_its_token_or_from_one_who_may_not_takes_nothing_in()
    {
        await using var world = await ServerWorld.StartAsync(StoreKind.Sqlite, cluster);
        using var client = await world.SignedInAsync(Role.Administrator);
        using (var none = await client.UploadAsync(Import, Import + "/file", "", ""))
            Assert.Contains("Velg en fil.", Pages.Words(await none.ReadAsync(HttpStatusCode.UnprocessableEntity)), StringComparison.Ordinal);
        using (var forged = await client.PostAsync(Import + "/file", new MultipartFormDataContent { { new ByteArrayContent(Encoding.UTF8.GetBytes(Csv("A-1"))), "file", "x.csv" } }, Cancel))
            Assert.Equal(HttpStatusCode.BadRequest, forged.StatusCode);
        using (var plain = await client.PostAsync(Import + "/file", new StringContent(Csv("A-1")), Cancel))
            Assert.Equal(HttpStatusCode.BadRequest, plain.StatusCode);
        using var auditor = await world.SignedInAsync(Role.Auditor);
        using (var refused = await auditor.UploadAsync("/o/hlf/audit", Import + "/file", "x.csv", Csv("A-1"))) Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        Assert.Equal(0, await world.Store.CountWaitingAsync("hlf", Cancel));
    }

    [Fact]
    public async Task A_list_that_is_too_large_or_has_an_error_or_no_reason_registers_nothing()
    {
        await using var world = await ServerWorld.StartAsync(StoreKind.Sqlite, cluster);
        using var client = await world.SignedInAsync(Role.Administrator);
        using (var large = await client.UploadAsync(Adopt, Adopt + "/check", "old.csv", new byte[5_000_001]))
            Assert.Contains("Filen er større enn 5 MB.", Pages.Words(await large.ReadAsync(HttpStatusCode.RequestEntityTooLarge)), StringComparison.Ordinal);
        using (var broken = await client.UploadAsync(Adopt, Adopt + "/check", "old.csv", "claim_id,reference\nA-1,V-1\nA-1,V-2\n"))
            Assert.Contains("Ingenting ble registrert", Pages.Words(await broken.ReadAsync(HttpStatusCode.UnprocessableEntity)), StringComparison.Ordinal);
        using var upload = await client.UploadAsync(Adopt, Adopt + "/check", "old.csv", "claim_id,reference\nA-1,V-1\n");
        using (var unexplained = await RegisterAsync(client, await upload.ReadAsync(), " "))
            Assert.Contains("Begrunnelse må fylles ut.", Pages.Words(await unexplained.ReadAsync(HttpStatusCode.UnprocessableEntity)), StringComparison.Ordinal);
        Assert.Empty(await world.Store.ListRunsAsync("hlf", null, 10, Cancel));
    }

    [Fact]
    public async Task Without_settings_the_pages_say_what_is_missing()
    {
        await using var world = await ServerWorld.StartAsync(StoreKind.Sqlite, cluster, settings: RunScenes.Api);
        Assert.True(await world.Store.AddOrganisationAsync(new Organisation("bare", "Bare", "Europe/Oslo"), "test", Cancel));
        using var client = await world.SignedInAsync(Role.Administrator, "bare");
        Assert.Contains("Vi kan ikke vise hva som blir sendt ennå", Pages.Words(await client.ReadAsync("/o/bare/preview")), StringComparison.Ordinal);
        Assert.Contains("Dette må rettes først", Pages.Words(await client.ReadAsync("/o/bare/start/first-export")), StringComparison.Ordinal);
        Assert.Contains("Ikke startet", Pages.Words(await client.ReadAsync("/o/bare/start")), StringComparison.Ordinal);
    }

    private static async Task<HttpResponseMessage> RegisterAsync(HttpClient client, string check, string reason)
    {
        using var form = new MultipartFormDataContent();
        foreach (var name in new[] { "__RequestVerificationToken", "name", "list" })
            form.Add(new StringContent(WebUtility.HtmlDecode(System.Text.RegularExpressions.Regex.Match(check, $"name=\"{name}\"[^>]*value=\"([^\"]*)\"").Groups[1].Value)), name);
        form.Add(new StringContent(reason), "reason");
        return await client.PostAsync(Adopt + "/register", form, Cancel);
    }

    private static string Csv(params string[] ids) =>
        "claim_id,claimant_id,claimant_name,type,currency,approved_at,approved_by,line_date,category,description,amount,quantity,unit,dim_department,dim_project\n"
        + string.Concat(ids.Select(id => $"{id},4711,Kari,travel,NOK,2026-01-05T00:00:00Z,Ola,2026-01-02,mileage,Møte,123.00,,,oslo,p\n"));
}
