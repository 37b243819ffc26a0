using PayOnce.Exporters.Api;
using PayOnce.Sandbox;

namespace PayOnce.Tests.App;

/// <summary><c>integrations test</c> against stand-ins behind a real socket.</summary>
public sealed class ConnectionCommandTests
{
    private const string Secret = "kJ8vQ2mZx7+w9RtYb4/c6HdP";

    [Fact]
    public async Task A_connection_that_is_well_is_told_line_by_line()
    {
        await using var xledger = await StartAsync(new StandInOptionsOf("token=sandbox").Xledger());
        using var cli = await SetUpAsync(xledger.Address, "sandbox");
        var output = await cli.DoneAsync("integrations test hlf");
        Assert.StartsWith("OK: sign-in\n", output, StringComparison.Ordinal);
        Assert.EndsWith("xledger answers as it should.\n", output, StringComparison.Ordinal);
        var (exit, document) = await cli.JsonAsync("integrations test hlf");
        Assert.Equal((0, true, "xledger", 1), (exit, document.GetProperty("connected").GetBoolean(), document.GetProperty("exporter").GetString(), document.GetProperty("version").GetInt32()));
        Assert.All(document.GetProperty("checks").EnumerateArray(), check => Assert.Equal("ok", check.GetProperty("result").GetString()));
    }

    [Fact]
    public async Task A_secret_that_is_not_taken_is_a_fault_and_is_not_shown()
    {
        await using var xledger = await StartAsync(new StandInOptionsOf("token=sandbox").Xledger());
        using var cli = await SetUpAsync(xledger.Address, Secret);
        var (exit, output, error) = await cli.RunAsync("integrations test hlf");
        Assert.Equal((1, ""), (exit, error));
        Assert.StartsWith("Fault: sign-in: ", output, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_missing_is_said_before_anything_is_sent()
    {
        using var cli = await CommandLine.WithClaimsAsync(0, Settings(new Uri("http://127.0.0.1:1/")));
        Assert.Equal(
            (2, "", "The connection was not tested.\n  secret token: was never set: `payonce integrations secret set hlf token`\n"),
            await cli.RunAsync("integrations test hlf"));
        await cli.DoneAsync("integrations secret set hlf token", Secret);
        Directory.Move(Path.Combine(cli.Folder, "payonce-data", "keys"), Path.Combine(cli.Folder, "keys-moved"));
        var (exit, _, error) = await cli.RunAsync("integrations test hlf");
        Assert.Equal(2, exit);
        Assert.Contains("secret token: cannot be opened with the keys in ", error, StringComparison.Ordinal);
        Assert.Equal(1, (await cli.RunAsync("integrations test hlf --keys ./keys-moved")).Exit);
    }

    [Fact]
    public async Task By_file_there_is_nothing_to_test()
    {
        using var cli = await CommandLine.WithClaimsAsync(0);
        Assert.Equal((2, "", "hlf exports by file: there is no connection to test.\n"), await cli.RunAsync("integrations test hlf"));
    }

    [Fact]
    public async Task A_mistake_in_the_operators_list_of_endpoints_stops_it()
    {
        using var cli = await SetUpAsync(new Uri("http://127.0.0.1:1/"), Secret);
        cli.Variables = name => name == EndpointRules.Variable ? "10.0.0.0/99" : null;
        var (exit, _, error) = await cli.RunAsync("integrations test hlf");
        Assert.Equal(2, exit);
        Assert.Contains("PAYONCE_ALLOW_ENDPOINTS \"10.0.0.0/99\": must be a host name", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whatever_the_other_side_echoes_no_secret_reaches_the_screen_the_store_or_the_trail()
    {
        var echo = new EchoStandIn(seed: 20260302);
        await using var host = await StartAsync(echo);
        using var cli = await SetUpAsync(host.Address, Secret);
        var printed = new List<string>();
        for (var round = 1; round <= 12; round++)
        {
            await cli.DoneAsync("claims import hlf -", CommandLine.Claims(round, round));
            foreach (var line in new[] { "integrations test hlf", "sync hlf", "reconcile hlf --json", $"claims show hlf A-{round} --json", $"claims show hlf A-{round}" }) printed.Add(await PrintedAsync(line));
        }
        foreach (var line in new[] { "runs list hlf --json", "runs show hlf 1", "runs show hlf 1 --json", "audit list hlf --json", "status hlf --json", "claims list hlf --json" }) printed.Add(await PrintedAsync(line));

        foreach (var line in new[] { "integrations test", "claims show" })
            Assert.Contains(printed, text => text.StartsWith(line, StringComparison.Ordinal) && text.Contains(Scrubber.Removed, StringComparison.Ordinal));
        Assert.True(echo.Spelt.Count >= 5);
        foreach (var spelling in echo.Spelt.Append(Secret))
        {
            Assert.All(printed, text => Assert.DoesNotContain(spelling, text, StringComparison.Ordinal));
            SecretsCommandTests.AssertNowhere(cli.Folder, spelling);
        }

        async Task<string> PrintedAsync(string line)
        {
            var (_, output, error) = await cli.RunAsync(line);
            return $"{line}: {output}{error}";
        }
    }

    private static string Settings(Uri address) => $$$$"""{"exporter":"xledger","transport":"api","format":"json","api":{"endpoint":"{{{{address}}}}graphql","quietSeconds":0,"timeoutSeconds":10,"retry":{"tries":2,"baseDelaySeconds":0.001}}}""";

    private static async Task<CommandLine> SetUpAsync(Uri address, string secret)
    {
        var cli = await CommandLine.WithClaimsAsync(0, Settings(address));
        await cli.DoneAsync("integrations secret set hlf token", secret);
        return cli;
    }

    private static Task<SandboxHost> StartAsync(IStandIn standIn) => SandboxServer.StartAsync(standIn, cancel: TestContext.Current.CancellationToken);

    private sealed record StandInOptionsOf(string Set)
    {
        public IStandIn Xledger() => SandboxCatalogue.Find("xledger")!.Create(StandInOptions.Parse(Set).Options!, TimeProvider.System);
    }
}
