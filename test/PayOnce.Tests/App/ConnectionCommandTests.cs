using System.Net;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using PayOnce.Exporters.Api;
using PayOnce.Sandbox;
using PayOnce.Tests.Support;

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
    public async Task Whatever_the_other_side_echoes_no_secret_reaches_the_screen_or_the_disk()
    {
        var echo = new Echo(seed: 20260302);
        await using var host = await StartAsync(echo);
        using var cli = await SetUpAsync(host.Address, Secret);
        for (var round = 0; round < 60; round++)
        {
            var (_, output, error) = await cli.RunAsync(round % 2 == 0 ? "integrations test hlf" : "integrations test hlf --json");
            foreach (var spelling in echo.Spelt) Assert.False((output + error).Contains(spelling, StringComparison.Ordinal), $"Round {round}: {spelling} in {output}{error}");
        }
        Assert.True(echo.Spelt.Count > 5);
        SecretsCommandTests.AssertNowhere(cli.Folder, Secret);
    }

    private static string Settings(Uri address) => $$$"""{"exporter":"xledger","transport":"api","format":"json","api":{"endpoint":"{{{address}}}graphql"}}""";

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

    /// <summary>Answers everything with the request's own token, spelt in one way or another, in one place or another.</summary>
    private sealed class Echo(int seed) : IStandIn
    {
        private static readonly Func<string, string>[] Spellings =
        [
            text => text,
            Uri.EscapeDataString,
            text => WebUtility.UrlEncode(text),
            text => JsonEncodedText.Encode(text).ToString(),
            text => JsonEncodedText.Encode(text, JavaScriptEncoder.UnsafeRelaxedJsonEscaping).ToString(),
            text => Convert.ToBase64String(Encoding.UTF8.GetBytes("api:" + text)),
            text => string.Concat(text.Select(c => $"&#{(int)c};")),
            text => text.ToLowerInvariant(),
        ];

        private readonly Random random = new(seed);
        private readonly HashSet<string> spelt = [];

        public string Name => "echo";

        public IReadOnlyCollection<string> Spelt
        {
            get
            {
                lock (spelt) return [.. spelt];
            }
        }

        public IReadOnlyList<Booking> Bookings => [];

        public JsonNode State() => new JsonObject();

        public async Task HandleAsync(HttpContext context, FaultContext faults)
        {
            var token = context.Request.Headers.Authorization.ToString()["token ".Length..];
            int status;
            string echo;
            lock (spelt)
            {
                echo = Spellings[random.Next(Spellings.Length)](token);
                spelt.Add(echo);
                status = random.Next(4) switch { 0 => 400, 1 => 500, 2 => 401, _ => 200 };
            }
            context.Response.StatusCode = status;
            var message = JsonEncodedText.Encode($"who are you, {echo}? See /?t={echo}&a=1", JavaScriptEncoder.UnsafeRelaxedJsonEscaping);
            context.Response.Headers["X-Echo"] = Uri.EscapeDataString(echo);
            await context.Response.WriteAsync($$$"""{"errors":[{"message":"{{{message}}}","code":"{{{message}}}","extensions":{"code":"{{{message}}}"}}],"data":null}""", context.RequestAborted);
        }
    }
}
