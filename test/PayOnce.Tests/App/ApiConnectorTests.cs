using PayOnce.App.Host;
using PayOnce.Exporters;
using PayOnce.Exporters.Api;
using PayOnce.Tests.Exporters;
using PayOnce.Tests.Exporters.Api;
using PayOnce.Tests.Support;

namespace PayOnce.Tests.App;

/// <summary>What the engine is given is an API that has its secrets and lets none of them out, whoever wrote the exporter.</summary>
public sealed class ApiConnectorTests
{
    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_exporter_is_given_the_secret_and_nobody_else_is()
    {
        using var cli = await CommandLine.WithClaimsAsync(0, """{"exporter":"xledger","transport":"api","format":"json"}""");
        await cli.DoneAsync("integrations secret set hlf token", LeakyApi.Secret);
        await using var store = cli.Store();
        var vault = new SecretVault(Path.Combine(cli.Folder, "payonce-data", "keys"));
        var exporter = new Leaky();
        var connector = new ApiConnector(store, vault, EndpointRules.Parse(null, loopback: true).Rules!, new ManualTime(), _ => exporter);

        var (api, problems) = await connector.OpenAsync(Settings, Examples.Context, Cancel);
        Assert.Empty(problems);
        Assert.Equal(LeakyApi.Secret, exporter.Given);
        Assert.Equal("bad format for api token [removed]", Assert.Single(await api!.TestConnectionAsync(Cancel)).Trouble);
        Assert.Equal("a [removed] b", exporter.Client!.Scrubber.Scrub($"a {LeakyApi.Secret} b"));

        await api.DisposeAsync();
        Assert.True(exporter.Api.Disposed);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => exporter.Client.SendAsync(new HttpRequestMessage(HttpMethod.Get, "http://127.0.0.1:1/"), TimeSpan.FromSeconds(1), Cancel));
    }

    [Fact]
    public async Task Without_keys_it_says_what_to_do()
    {
        using var cli = await CommandLine.WithClaimsAsync(0, """{"exporter":"xledger","transport":"api","format":"json"}""");
        await cli.DoneAsync("integrations secret set hlf token", LeakyApi.Secret);
        await using var store = cli.Store();
        var connector = new ApiConnector(store, vault: null, EndpointRules.Parse(null, loopback: true).Rules!, new ManualTime(), _ => new Leaky());
        var (api, problems) = await connector.OpenAsync(Settings, Examples.Context, Cancel);
        Assert.Null(api);
        Assert.Equal(["secret token: cannot be opened: say with --keys DIR or PAYONCE_KEYS where its keys are"], problems.Select(problem => problem.ToString()));
    }

    private static IntegrationSettings Settings => Examples.Settings("""{"exporter":"xledger","transport":"api","format":"json"}""");

    private sealed class Leaky : IExporter, IApiExporter
    {
        public LeakyApi Api { get; } = new();

        public string? Given { get; private set; }

        public AccountingClient? Client { get; private set; }

        public string Name => "leaky";

        public IReadOnlyList<string> Formats => ["json"];

        public IReadOnlyList<string> Secrets => ["token"];

        IApiExporter? IExporter.Api => this;

        public IReadOnlyList<Problem> Check(IntegrationSettings settings) => [];

        public IBatchRenderer CreateRenderer(IntegrationSettings settings, RenderContext context) => throw new NotSupportedException();

        public IAccountingApi Open(IntegrationSettings settings, RenderContext context, IReadOnlyDictionary<string, string> secrets, AccountingClient client)
        {
            (Given, Client) = (secrets["token"], client);
            return Api;
        }
    }
}
