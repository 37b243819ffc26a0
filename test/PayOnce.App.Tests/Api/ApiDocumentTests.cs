using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using PayOnce.App.Api;
using PayOnce.App.Tests.Support;
using PayOnce.Tests.Support;

namespace PayOnce.App.Tests.Api;

/// <summary>The API's document, its page, and docs/http-api.md say the same as the program.</summary>
public sealed class ApiDocumentTests(PostgresCluster cluster, Browser browser)
{
    /// <summary>Set to write docs/openapi.json anew.</summary>
    private const string Rewrite = "PAYONCE_REWRITE_OPENAPI";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_committed_document_is_the_servers()
    {
        await using var world = await ServerWorld.StartAsync(StoreKind.Sqlite, cluster);
        using var api = await ApiCaller.OfAsync(world);
        var served = JsonNode.Parse((await api.GetAsync("/openapi/v1.json")).Is(HttpStatusCode.OK).Bytes)!.ToJsonString(new() { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }) + "\n";
        var file = Path.Combine(Root(), "docs", "openapi.json");
        if (Environment.GetEnvironmentVariable(Rewrite) is { Length: > 0 }) await File.WriteAllTextAsync(file, served, Cancel);
        Assert.True(served == await File.ReadAllTextAsync(file, Cancel), $"docs/openapi.json is not the server's. Look at the difference, then run this test with {Rewrite}=1.");
        Assert.Contains("\"openapi\": \"3.1", served, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_operation_and_field_is_described_and_every_operation_says_what_it_refuses()
    {
        await using var world = await ServerWorld.StartAsync(StoreKind.Sqlite, cluster);
        using var api = await ApiCaller.OfAsync(world);
        var document = JsonNode.Parse((await api.GetAsync("/openapi/v1.json")).Bytes)!;
        foreach (var (path, item) in document["paths"]!.AsObject())
        {
            foreach (var (method, operation) in item!.AsObject())
            {
                Assert.False(string.IsNullOrEmpty(operation!["summary"]?.GetValue<string>()), $"{method} {path} has no summary");
                foreach (var status in (string[])["401", "403", "429", "500", "503"]) Assert.NotNull(operation["responses"]![status]);
                foreach (var parameter in operation["parameters"]?.AsArray() ?? [])
                {
                    if (parameter!["in"]!.GetValue<string>() != "path") Assert.False(string.IsNullOrEmpty(parameter["description"]?.GetValue<string>()), $"{method} {path}: {parameter["name"]} is not described");
                }
            }
        }
        Assert.NotNull(document["components"]!["schemas"]!["Problem"]);
        Assert.NotNull(document["components"]!["securitySchemes"]!["token"]);
    }

    [Fact]
    public async Task The_guide_lists_every_kind_of_problem_with_its_status()
    {
        var guide = await File.ReadAllTextAsync(Path.Combine(Root(), "docs", "http-api.md"), Cancel);
        var listed = Regex.Matches(guide, @"^\| `(?<name>[a-z-]+)` \| (?<status>\d{3}) \|", RegexOptions.Multiline).Select(row => (row.Groups["name"].Value, int.Parse(row.Groups["status"].Value, System.Globalization.CultureInfo.InvariantCulture))).Order();
        Assert.Equal(Problems.All.Select(kind => (kind.Name, kind.Status)).Order(), listed);
    }

    [Fact(Timeout = Hang.Limit)]
    public async Task The_page_shows_the_api_under_the_strict_policy_and_axe_finds_nothing()
    {
        await using var world = await ServerWorld.StartAsync(StoreKind.Sqlite, cluster);
        var context = await browser.NewContextAsync(new() { BaseURL = world.Address.ToString() });
        await using var closing = context;
        var page = await context.NewPageAsync();
        var complaints = new List<string>();
        page.Console += (_, message) => { if (message.Type == "error") complaints.Add(message.Text); };
        page.PageError += (_, error) => complaints.Add(error);
        page.Request += (_, request) => { if (!request.Url.StartsWith(world.Address.ToString(), StringComparison.Ordinal) && !request.Url.StartsWith("data:", StringComparison.Ordinal)) complaints.Add(request.Url); };
        await page.GotoAsync("/api");
        await page.Locator("#operations-Runs-startSync .opblock-summary-control").ClickAsync();
        await page.Locator("#operations-Runs-startSync .try-out__btn").ClickAsync();
        await page.Locator("#operations-Runs-startSync textarea").WaitForAsync();
        Assert.Empty(complaints);
        await page.IsCleanAsync();
    }

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder!.FullName, "PayOnce.slnx"))) folder = folder.Parent;
        return folder.FullName;
    }
}
