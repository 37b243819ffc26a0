using System.Net;
using PayOnce.Access;
using PayOnce.App.Tests.Support;
using PayOnce.Exporters;
using PayOnce.Tests.Support;

namespace PayOnce.App.Tests.Dashboard.Mapping;

/// <summary>A mapping out to a file and in again, and its versions.</summary>
public sealed class MappingFileTests(PostgresCluster cluster)
{
    private const string Whole = """
        {"exporter":"xledger","transport":"file","format":"gl02","accounts":{"default":"7140","categories":{"mileage":"7100"},"credit":"2910","creditTo":"account"},
        "dimensions":{"department":{"target":"posting1","values":{"oslo":"301"}}},"limits":{"text":60},"texts":{"line":"{description}"},"mapping":{"encoding":"windows-1252","decimalSign":","}}
        """;

    private const string Page = "/o/hlf/settings/mapping/import";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_goes_out_as_a_file_comes_in_again_as_it_was_and_is_kept_only_by_saving()
    {
        var was = IntegrationSettings.FromStored(Whole).ToJson();
        await using var world = await ServerWorld.StartAsync(StoreKind.Sqlite, cluster, settings: was);
        using var client = await world.SignedInAsync(Role.Administrator);
        var file = await client.GetByteArrayAsync("/o/hlf/settings/mapping.json", Cancel);
        Assert.DoesNotContain("texts", System.Text.Encoding.UTF8.GetString(file), StringComparison.Ordinal);
        await world.Store.SaveIntegrationAsync("hlf", IntegrationSettings.FromStored(ServerWorld.GenericFile).ToJson(), "Ola", Cancel);

        using var shown = await client.UploadAsync(Page, Page + "/read", "oppsett.json", file);
        Assert.Equal(HttpStatusCode.OK, shown.StatusCode);
        var form = await MappingScene.OfAsync(client, shown);
        Assert.Equal(2, (await world.Store.FindIntegrationAsync("hlf", Cancel))!.Version);
        await form.PressAsync("save");
        Assert.Equal(HttpStatusCode.Redirect, form.Status);
        Assert.Equal((IntegrationSettings.FromStored(was) with { Texts = null }).ToJson(), (await world.Store.FindIntegrationAsync("hlf", Cancel))!.SettingsJson);
    }

    [Theory]
    [InlineData("{\"mapping\":\n{", 2, null)]
    [InlineData("{\"mapping\":{\"colour\":1}}", null, "mapping.colour")]
    [InlineData("{\"mapping\":{\"columns\":[{\"name\":\"A\",\"field\":\"amount\",\"width\":\"x\"}]}}", null, "mapping.columns[0].width")]
    [InlineData("{\"folder\":\"/tmp\"}", null, "folder")]
    [InlineData("{\"api\":{\"endpoint\":\"https://evil.example\"}}", null, "api")]
    [InlineData("[]", null, null)]
    [InlineData("{\"limits\":{\"\\ud800\":1}}", null, null)]
    public async Task A_file_that_is_no_mapping_is_refused_by_line_and_field(string content, int? line, string? field)
    {
        await using var world = await ServerWorld.StartAsync(StoreKind.Sqlite, cluster);
        using var client = await world.SignedInAsync(Role.Administrator);
        using var answer = await client.UploadAsync(Page, Page + "/read", "feil.json", content);
        var page = await answer.SentBackAsync();
        if (line is not null) Assert.Contains($"feil.json {line}", page, StringComparison.Ordinal);
        if (field is not null) Assert.Contains(field, page, StringComparison.Ordinal);
        Assert.Equal(1, (await world.Store.FindIntegrationAsync("hlf", Cancel))!.Version);
    }

    [Fact]
    public async Task A_file_whose_mapping_cannot_be_used_here_is_shown_with_each_problem_at_its_field()
    {
        await using var world = await ServerWorld.StartAsync(StoreKind.Sqlite, cluster);
        using var client = await world.SignedInAsync(Role.Administrator);
        using var answer = await client.UploadAsync(Page, Page + "/read", "annet.json", """{"mapping":{"columns":[{"name":"A","field":"colour"},{"name":"N","field":"exportKey"}]}}""");
        var form = await MappingScene.OfAsync(client, answer);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, form.Status);
        Assert.Contains("har noe som ikke er et felt", form.ErrorOf("c0-source"), StringComparison.Ordinal);
        using var large = await client.UploadAsync(Page, Page + "/read", "stor.json", new byte[600_000]);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, large.StatusCode);
    }

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task Versions_are_listed_with_who_and_when_compared_place_by_place_and_gone_back_to(StoreKind kind)
    {
        const string first = """{"exporter":"generic","transport":"file","format":"csv","mapping":{"columns":[{"name":"Krav","field":"claimId"},{"name":"Nøkkel","field":"exportKey"}]}}""";
        await using var world = await ServerWorld.StartAsync(kind, cluster, settings: IntegrationSettings.FromStored(first).ToJson());
        var second = IntegrationSettings.FromStored(first.Replace("[{\"name\":\"Krav\",\"field\":\"claimId\"}", "[{\"name\":\"Type\",\"field\":\"type\"},{\"name\":\"Krav\",\"field\":\"claimantId\"}", StringComparison.Ordinal)).ToJson();
        await world.Store.SaveIntegrationAsync("hlf", second, "Ola", Cancel);
        using var client = await world.SignedInAsync(Role.Administrator);
        var list = System.Text.RegularExpressions.Regex.Replace(Pages.Words(await client.GetStringAsync("/o/hlf/settings/integration/versions?from=1&to=2", Cancel)), " +", " ");
        Assert.Contains("Innstillingene har 2 versjoner.", list, StringComparison.Ordinal);
        Assert.Contains("Ola", list, StringComparison.Ordinal);
        Assert.Contains("mapping.columns Krav, Nøkkel Type, Krav, Nøkkel", list, StringComparison.Ordinal);
        Assert.Contains("mapping.columns[Krav].field claimId claimantId", list, StringComparison.Ordinal);
        // A new column in front changes no other.
        Assert.DoesNotContain("[Nøkkel]", list, StringComparison.Ordinal);

        using (var back = await client.SendFormAsync("/o/hlf/settings/integration/versions/1/go-back", ("version", "1"))) Assert.Contains("endret av Ola", await back.SentBackAsync(), StringComparison.Ordinal);
        using (var back = await client.SendFormAsync("/o/hlf/settings/integration/versions/1/go-back", ("version", "2"))) Assert.Equal("/o/hlf/settings/integration", world.Here(back));
        Assert.Equal(IntegrationSettings.FromStored(first).ToJson(), (await world.Store.FindIntegrationAsync("hlf", Cancel))!.SettingsJson);
        Assert.Equal([3, 2, 1], (await world.Store.ListIntegrationVersionsAsync("hlf", null, 10, Cancel)).Select(each => each.Version));
        using var none = await client.GetAsync("/o/hlf/settings/integration/versions/9", Cancel);
        Assert.Equal(HttpStatusCode.NotFound, none.StatusCode);
    }

    [Fact]
    public async Task An_auditor_sees_versions_and_downloads_and_finds_nothing_to_press()
    {
        await using var world = await ServerWorld.StartAsync(StoreKind.Sqlite, cluster);
        await world.Store.SaveIntegrationAsync("hlf", IntegrationSettings.FromStored(Whole).ToJson(), "Ola", Cancel);
        using var auditor = await world.SignedInAsync(Role.Auditor);
        Assert.DoesNotContain("go-back", await auditor.PageAsync("/o/hlf/settings/integration/versions/1"), StringComparison.Ordinal);
        Assert.DoesNotContain("/mapping/edit", await auditor.PageAsync("/o/hlf/settings/mapping"), StringComparison.Ordinal);
        Assert.NotEmpty(await auditor.GetByteArrayAsync("/o/hlf/settings/mapping.json", Cancel));
        foreach (var path in new[] { "/o/hlf/settings/mapping/edit", "/o/hlf/settings/integration/versions/1/go-back" }) await auditor.RefusedAsync(path);
    }
}
