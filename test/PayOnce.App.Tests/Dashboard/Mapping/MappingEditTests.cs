using System.Net;
using PayOnce.Access;
using PayOnce.App.Tests.Api;
using PayOnce.App.Tests.Support;
using PayOnce.Exporters;
using PayOnce.Guard;
using PayOnce.Tests.Support;

namespace PayOnce.App.Tests.Dashboard.Mapping;

/// <summary>The mapping as a person edits it, by forms alone.</summary>
public sealed class MappingEditTests(PostgresCluster cluster)
{
    private const string Own = """{"exporter":"generic","transport":"file","format":"csv","mapping":{"columns":[{"name":"Krav","field":"claimId"},{"name":"Nøkkel","field":"exportKey"},{"name":"Beløp","field":"amount"}]}}""";
    private const string Gl02 = """{"exporter":"xledger","transport":"file","format":"gl02"}""";
    private const string Journal = """{"exporter":"dynamics","transport":"file","format":"journal"}""";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task Columns_are_added_moved_and_removed_and_nothing_is_kept_until_it_is_saved(StoreKind kind)
    {
        await using var world = await ServerWorld.StartAsync(kind, cluster, claims: 2, settings: Own);
        using var client = await world.SignedInAsync(Role.Administrator);
        var form = await MappingScene.OpenAsync(client);
        Assert.Contains("2 krav kontrollert. Alle er i orden.", form.Page, StringComparison.Ordinal);
        await form.PressAsync("add");
        await form.PressAsync("up-3", ("c3-name", "Dato"), ("c3-source", "field:lineDate"), ("c3-format", "dd.MM.yyyy"));
        Assert.Equal(["Krav", "Nøkkel", "Dato", "Beløp"], Names(form));
        Assert.Contains("id=\"c2\" tabindex=\"-1\" autofocus", form.Page, StringComparison.Ordinal);
        await form.PressAsync("remove-0");
        await form.PressAsync("down-0");
        Assert.Equal(["Dato", "Nøkkel", "Beløp"], Names(form));
        await form.PressAsync("preview");
        Assert.Contains("Dato;Nøkkel;Beløp", form.Page, StringComparison.Ordinal);
        Assert.Equal(1, (await world.Store.FindIntegrationAsync("hlf", Cancel))!.Version);

        await form.PressAsync("save");
        Assert.Equal(HttpStatusCode.Redirect, form.Status);
        var kept = await KeptAsync(world);
        Assert.Equal(["Dato", "Nøkkel", "Beløp"], kept.Mapping!.Columns!.Select(column => column.Name));
        Assert.Equal("dd.MM.yyyy", kept.Mapping.Columns![0].Source.Format);
        Assert.Equal("Administrator 1", (await world.Store.FindIntegrationVersionAsync("hlf", 2, Cancel))!.About.Actor);
    }

    [Theory]
    [InlineData("xledger gl02", 49)]
    [InlineData("xledger gl02b", 50)]
    [InlineData("dynamics journal", 13)]
    public async Task A_ready_mapping_is_the_exporters_own_written_out_and_makes_the_same_file(string start, int columns)
    {
        await using var world = await ServerWorld.StartAsync(StoreKind.Sqlite, cluster, claims: 3);
        using var client = await world.SignedInAsync(Role.Administrator);
        var form = await MappingScene.OpenAsync(client);
        await form.PressAsync("begin", ("begin", start));
        Assert.Equal(columns, Names(form).Count);
        await form.PressAsync("preview");
        var written = Rows(form.Page);
        await form.PressAsync("standard");
        await form.PressAsync("preview");
        Assert.Equal(Rows(form.Page), written);
        Assert.Contains("3 krav kontrollert.", form.Page, StringComparison.Ordinal);
        Assert.Equal(1, (await world.Store.FindIntegrationAsync("hlf", Cancel))!.Version);
    }

    public static TheoryData<string, string, string, string> Wrong { get; } = new()
    {
        { "c0-source", "field:colour", "c0-source", "Kolonne 1, verdi fra: har noe som ikke er et felt" },
        { "c0-source", "", "c0-source", "Kolonne 1, verdi fra må fylles ut." },
        { "c1-name", "Krav", "c1-name", "er navnet på to kolonner" },
        { "c0-name", "", "c0-name", "Kolonne 1, navn: må fylles ut." },
        { "c0-format", "yyyy", "c0-format", "må stå tomt: feltet er tekst" },
        { "c2-format", "rounded", "c2-format", "må være en av decimal, signed" },
        { "c0-width", "wide", "c0-width", "må være et helt tall" },
        { "c0-maxLength", "0", "c0-maxLength", "må være et helt tall fra 1 til 10000" },
        { "c1-maxLength", "15", "c1-name", "må ha plass til de 16 tegnene i en eksportnøkkel" },
        { "c2-onTooLong", "cut", "c2-onTooLong", "bare tekst kan kortes ned" },
        { "c0-align", "right", "c0-align", "har ingen virkning uten bredde" },
        { "c0-pad", "ø", "c0-pad", "må være ett synlig tegn fra ASCII" },
        { "c0-align", "middle", "c0-align", "må være en av" },
        { "c0-balance", "field:amount", "c0-balance", "en fil med slike rader har ingen motpost" },
        { "file-dateFormat", "soon", "file-dateFormat", "Datoformat: må være et datoformat av" },
        { "file-delimiter", "x", "file-delimiter", "Skilletegn: må være en av" },
        { "file-rows", "claims", "c2-source", "hører til en linje" },
        { "limit-0-from", "Nobody", "limit-0-to", "må fylles ut" },
        { "category-0-to", "7100", "category-0-from", "må fylles ut" },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public async Task What_is_wrong_stands_at_its_field_in_bokmal_and_nothing_is_kept(string field, string value, string place, string rule)
    {
        await using var world = await ServerWorld.StartAsync(StoreKind.Sqlite, cluster, settings: Own);
        using var client = await world.SignedInAsync(Role.Administrator);
        var form = await MappingScene.OpenAsync(client);
        await form.PressAsync("limit-add");
        await form.PressAsync("category-add");
        await form.PressAsync("save", (field, value), ("accounts-own", "own"), ("account-default", "7140"));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, form.Status);
        Assert.Contains(rule, form.ErrorOf(place), StringComparison.Ordinal);
        Assert.Contains($"href=\"#{place}\"", form.Page, StringComparison.Ordinal);
        Assert.Equal(value, form.Fields[field]);
        Assert.Equal(1, (await world.Store.FindIntegrationAsync("hlf", Cancel))!.Version);
    }

    [Fact]
    public async Task What_the_system_documents_stands_beside_the_field_and_is_held_to()
    {
        await using var world = await ServerWorld.StartAsync(StoreKind.Sqlite, cluster, settings: Journal);
        using var client = await world.SignedInAsync(Role.Administrator);
        var form = await MappingScene.OpenAsync(client);
        await form.PressAsync("begin", ("begin", "dynamics journal"));
        Assert.Contains("Microsoft Dynamics 365 Business Central tar høyst 35 tegn.", form.Page, StringComparison.Ordinal);
        await form.PressAsync("save", ("c8-maxLength", "101"), ("c0-text", "ELEVEN-MORE"));
        Assert.Contains("høyst 100", form.ErrorOf("c8-maxLength"), StringComparison.Ordinal);
        Assert.Contains("tar høyst 10 tegn", form.ErrorOf("c0-text"), StringComparison.Ordinal);
        await form.PressAsync("save", ("c3-text", new string('x', 300)));
        Assert.Contains("kan ha høyst 250 tegn", form.ErrorOf("c3-text"), StringComparison.Ordinal);
        Assert.Equal(1, (await world.Store.FindIntegrationAsync("hlf", Cancel))!.Version);
    }

    [Fact]
    public async Task A_file_without_columns_or_without_its_key_is_refused()
    {
        await using var world = await ServerWorld.StartAsync(StoreKind.Sqlite, cluster, settings: Gl02);
        using var client = await world.SignedInAsync(Role.Administrator);
        var form = await MappingScene.OpenAsync(client);
        await form.PressAsync("begin", ("begin", "xledger gl02"));
        await form.PressAsync("save", ("c15-source", "field:claimId"));
        Assert.Contains("må være en kolonne med feltet exportKey i hver rad: på den kjenner Xledger og PayOnce kravet igjen", form.ErrorOf("c15-name"), StringComparison.Ordinal);
        await form.PressAsync("save", ("columns", "0"));
        Assert.Contains("må ha fra 1 til 500 kolonner", form.ErrorOf("columns"), StringComparison.Ordinal);
        Assert.Equal(1, (await world.Store.FindIntegrationAsync("hlf", Cancel))!.Version);
    }

    [Theory]
    [InlineData("<script>alert(1)</script>")]
    [InlineData("\"><img src=x onerror=alert(1)>")]
    [InlineData("=cmd|' /C calc'!A0")]
    [InlineData("' or 1=1; drop table integrations --")]
    [InlineData("{0}{{claimId}")]
    public async Task Hostile_text_comes_back_as_text(string text)
    {
        await using var world = await ServerWorld.StartAsync(StoreKind.Sqlite, cluster, claims: 1, settings: Own);
        using var client = await world.SignedInAsync(Role.Administrator);
        var form = await MappingScene.OpenAsync(client);
        await form.PressAsync("category-add");
        await form.PressAsync("dimension-add");
        await form.PressAsync("preview", ("c0-name", text), ("c0-source", "template"), ("c0-text", text), ("category-0-from", text), ("category-0-to", text), ("dimension-0-name", text), ("accounts-own", "own"), ("system", text), ("begin", text));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, form.Status);
        Assert.Equal(text, form.Fields["c0-name"]);
        Assert.Equal(text, form.Fields["dimension-0-name"]);
        using var raw = await client.PostAsync(MappingScene.Editor, new FormUrlEncodedContent(form.Fields.Append(new("do", text))), Cancel);
        Assert.DoesNotContain("<script>alert", await raw.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
        Assert.DoesNotContain("<img src=x", await raw.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Control_characters_and_a_form_that_counts_wrong_are_no_trouble()
    {
        await using var world = await ServerWorld.StartAsync(StoreKind.Sqlite, cluster, settings: Own);
        using var client = await world.SignedInAsync(Role.Administrator);
        var form = await MappingScene.OpenAsync(client);
        await form.PressAsync("save", ("c0-name", "a\u0007b"));
        Assert.Contains("kan ikke ha kontrolltegn", form.ErrorOf("c0-name"), StringComparison.Ordinal);
        foreach (var (act, columns) in new[] { ("up-99", "3"), ("remove--1", "3"), ("value-7-add", "3"), ("preview", "-1"), ("preview", "99999999999"), ("down-x", "x"), ("category-remove-5", "3") })
        {
            form = await MappingScene.OpenAsync(client);
            await form.PressAsync(act, ("columns", columns));
            Assert.True(form.Status is HttpStatusCode.OK or HttpStatusCode.UnprocessableEntity, $"{act} {columns}: {form.Status}");
        }
        Assert.Equal(1, (await world.Store.FindIntegrationAsync("hlf", Cancel))!.Version);
    }

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task The_second_of_two_administrators_is_told_who_saved_what_and_keeps_what_they_typed(StoreKind kind)
    {
        await using var world = await ServerWorld.StartAsync(kind, cluster, settings: Own);
        using var client = await world.SignedInAsync(Role.Administrator);
        var late = await MappingScene.OpenAsync(client);
        await world.Store.SaveIntegrationAsync("hlf", IntegrationSettings.FromStored(Own.Replace("Krav", "Claim", StringComparison.Ordinal)).ToJson(), "Ola", Cancel);
        await late.PressAsync("save", ("c0-name", "Kravnummer"));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, late.Status);
        Assert.Contains("endret av Ola", late.Page, StringComparison.Ordinal);
        Assert.Contains("mapping.columns[Claim].name", late.Page, StringComparison.Ordinal);
        Assert.Equal("Kravnummer", late.Fields["c0-name"]);
        Assert.Equal(2, (await world.Store.FindIntegrationAsync("hlf", Cancel))!.Version);
        // Having seen it they may save over it.
        await late.PressAsync("save");
        Assert.Equal(HttpStatusCode.Redirect, late.Status);
        Assert.Equal("Kravnummer", (await KeptAsync(world)).Mapping!.Columns![0].Name);
    }

    [Fact]
    public async Task Accounts_and_dimensions_are_looked_up_as_the_form_says()
    {
        await using var world = await ServerWorld.StartAsync(StoreKind.Sqlite, cluster, claims: 5, settings: Gl02);
        using var client = await world.SignedInAsync(Role.Administrator);
        var form = await MappingScene.OpenAsync(client);
        foreach (var act in new[] { "category-add", "dimension-add", "value-0-add", "value-0-remove-1" }) await form.PressAsync(act);
        await form.PressAsync("save", ("accounts-own", "own"), ("account-default", "7140"), ("account-credit", "2910"), ("account-creditTo", "account"), ("category-0-from", "mileage"), ("category-0-to", "7100"),
            ("dimension-0-name", "department"), ("dimension-0-target", "posting1"), ("value-0-0-from", "oslo"), ("value-0-0-to", "301"));
        Assert.Equal(HttpStatusCode.Redirect, form.Status);
        var kept = await KeptAsync(world);
        Assert.Equal([new("mileage", "7100")], kept.Accounts!.Categories);
        Assert.Equal(("2910", "7140"), (kept.Accounts.Credit, kept.Accounts.Default));
        Assert.Equal([new("oslo", "301")], Assert.Single(kept.Dimensions).Values);
        Assert.Null(kept.Mapping);
    }

    [Fact]
    public async Task A_look_up_of_thousands_is_kept_whole_and_a_form_too_long_is_refused_whole()
    {
        const int many = 2_500;
        var whole = IntegrationSettings.FromStored(Own) with { Accounts = new() { Default = "7140", Categories = [.. Enumerable.Range(1000, many).Select(each => KeyValuePair.Create($"c{each}", "7100"))] } };
        await using var world = await ServerWorld.StartAsync(StoreKind.Sqlite, cluster, settings: whole.ToJson());
        using var client = await world.SignedInAsync(Role.Administrator);
        var form = await MappingScene.OpenAsync(client);
        await form.PressAsync("save", ("c0-name", "Kravnummer"));
        Assert.Equal(HttpStatusCode.Redirect, form.Status);
        Assert.Equal(many, (await KeptAsync(world)).Accounts!.Categories.Count);

        form = await MappingScene.OpenAsync(client);
        for (var i = 0; i < 20_000; i++) form.Fields[$"x{i}"] = "";
        await form.PressAsync("save", ("c0-name", "Nummer"));
        Assert.Equal(HttpStatusCode.BadRequest, form.Status);
        Assert.Equal(2, (await world.Store.FindIntegrationAsync("hlf", Cancel))!.Version);
    }

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task A_mistake_that_rejects_every_claim_marks_none_as_exported(StoreKind kind)
    {
        await using var world = await ServerWorld.StartAsync(kind, cluster, claims: 4, settings: Own);
        using var client = await world.SignedInAsync(Role.Administrator);
        var form = await MappingScene.OpenAsync(client);
        await form.PressAsync("preview", ("c0-maxLength", "1"));
        Assert.Contains("4 krav kontrollert. 0 i orden. 4 ville blitt avvist.", form.Page, StringComparison.Ordinal);
        Assert.Contains("har 9 tegn; her er det plass til høyst 1", form.Page, StringComparison.Ordinal);
        Assert.DoesNotContain("are taken here", form.Page, StringComparison.Ordinal);
        await form.PressAsync("save");
        Assert.Equal(HttpStatusCode.Redirect, form.Status);
        var run = (await ApiCaller.RunAsync(world.Store)).Run;
        Assert.Equal((0, 4), (run.Counters.Exported, run.Counters.Rejected));
        Assert.Equal(2, run.IntegrationVersion);
        Assert.Equal(4, await world.Store.CountWaitingAsync("hlf", Cancel));
        Assert.DoesNotContain(await world.Store.ListRunMarksAsync("hlf", run.RunId, null, 100, Cancel), mark => mark.State is MarkState.Exported);

        // Gone back to what was right, the same claims go.
        using (var back = await client.SendFormAsync("/o/hlf/settings/integration/versions/1/go-back", ("version", "2"))) Assert.Equal("/o/hlf/settings/integration", world.Here(back));
        Assert.Equal(4, (await ApiCaller.RunAsync(world.Store)).Run.Counters.Exported);
        Assert.Contains("/settings/integration/versions/2", await client.PageAsync($"/o/hlf/runs/{run.RunId}"), StringComparison.Ordinal);
    }

    private static async Task<IntegrationSettings> KeptAsync(ServerWorld world) => IntegrationSettings.FromStored((await world.Store.FindIntegrationAsync("hlf", Cancel))!.SettingsJson);

    private static List<string> Names(MappingScene form) => [.. Enumerable.Range(0, int.Parse(form.Fields["columns"], System.Globalization.CultureInfo.InvariantCulture)).Select(column => form.Fields[$"c{column}-name"])];

    private static string Rows(string page) => System.Text.RegularExpressions.Regex.Match(page, "<pre>(.*?)</pre>", System.Text.RegularExpressions.RegexOptions.Singleline).Groups[1].Value;
}
