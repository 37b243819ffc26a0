using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Text;
using PayOnce.Exporters;
using PayOnce.Exporters.Api;
using PayOnce.Runs;

namespace PayOnce.Bench;

/// <summary>
/// An export over HTTP to an endpoint that answers in 5 ms, with everything on, beside an unguarded loop in the same language and run. Both
/// sides run in this process, warm, so that neither pays for its start.
/// </summary>
public static class ApiBench
{
    public const string Name = "api";

    public static async IAsyncEnumerable<Figure> RunAsync(BenchOptions options, [EnumeratorCancellation] CancellationToken cancel)
    {
        var claims = options.ClaimsOr(usual: 20_000, quick: 1_000);
        await using var server = await BenchServer.StartAsync(options, cancel);
        var database = await server.CreateAsync(cancel);
        Progress.Say($"filling {claims:N0} claims");
        await PostgresClaims.LoadAsync(database.Superuser, claims, cancel);
        await database.SqlAsync("vacuum analyze payonce.claims;", cancel);
        await database.SqlAsync(ApiLoops.Prepare, cancel);
        await using var endpoint = await Endpoint.StartAsync(cancel);
        await using var store = database.OpenStore();
        await store.SaveIntegrationAsync(SampleClaims.Organisation, Settings(endpoint.Address).ToJson(), "bench", cancel);
        var cpu = await database.CpuMeterAsync(cancel);
        var engine = new ExportEngine(store, new Outside(new PublishFolder(NoSteps.Instance), new Connector(), NoEpochWitness.Instance, () => 0), TimeProvider.System, new BenchNode(), NoSteps.Instance);

        // Once before the rounds: compilation, connections, statements.
        await PrepareAsync();
        await OursAsync();
        await ApiLoops.OrdinaryAsync(database.Superuser, endpoint.Address, claims, cancel);
        foreach (var (floorIs, goal, loop) in new (string, Goal, Func<string, Uri, int, CancellationToken, Task>)[]
        {
            ("the ordinary unguarded loop", new Goal(1.0, null, AtLeast: true), ApiLoops.OrdinaryAsync),
            ("the leanest unguarded loop there can be (the moonshot)", new Goal(0.98, null, AtLeast: true), ApiLoops.LeanestAsync),
        })
        {
            var measured = await Rounds.AlternateAsync(options.Rounds, cpu, PrepareAsync, OursAsync, () => loop(database.Superuser, endpoint.Address, claims, cancel), () => Task.CompletedTask, cancel);
            yield return new Figure(Name, $"{claims:N0} claims over HTTP beside {floorIs}", "s", measured.Ours, measured.Floor, goal) { FloorIs = floorIs, CpuRatio = measured.CpuRatio };
        }

        async Task PrepareAsync()
        {
            await database.SqlAsync(PostgresFloor.Reset, cancel);
            await database.SqlAsync(ApiLoops.Reset, cancel);
        }

        async Task OursAsync()
        {
            var outcome = await engine.RunAsync(new RunRequest(SampleClaims.Organisation, "bench"), progress: null, CancellationToken.None);
            if (outcome is not RunOutcome.Ended { Report.Run: { Status: "finished", Counters.Exported: var exported } } || exported != claims) throw new InvalidOperationException($"The run did not export: {outcome}");
        }
    }

    private static IntegrationSettings Settings(Uri endpoint)
    {
        var json = FormattableString.Invariant($$"""
            {"exporter":"generic","transport":"api","format":"json","api":{"endpoint":"{{endpoint}}","proofClass":"unique","claimsPerRequest":{{ApiLoops.ClaimsPerRequest}},"parallel":{{ApiLoops.Workers}} } }
            """);
        var (settings, problems) = IntegrationSettings.Parse("bench.json", Encoding.UTF8.GetBytes(json));
        return settings ?? throw new InvalidOperationException(string.Join("; ", problems));
    }

    private sealed class Connector : IApiConnector
    {
        public Task<(IAccountingApi? Api, IReadOnlyList<Problem> Problems)> OpenAsync(IntegrationSettings settings, RenderContext context, CancellationToken cancel)
        {
            var (rules, _) = EndpointRules.Parse(null, loopback: true);
            var client = new AccountingClient(new HttpMessageInvoker(AccountingHandler.Create(rules!)), TimeProvider.System);
            return Task.FromResult<(IAccountingApi?, IReadOnlyList<Problem>)>((ExporterCatalogue.Get(settings.Exporter).Api!.Open(settings, context, new Dictionary<string, string> { ["token"] = "sandbox-token" }, client), []));
        }
    }

    /// <summary>The endpoint's process.</summary>
    private sealed class Endpoint(Process process, Uri address) : IAsyncDisposable
    {
        public Uri Address => address;

        public static async Task<Endpoint> StartAsync(CancellationToken cancel)
        {
            var process = Process.Start(new ProcessStartInfo("dotnet", [typeof(Endpoint).Assembly.Location, "side", "endpoint"]) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
            return new Endpoint(process, new Uri(await process.StandardOutput.ReadLineAsync(cancel) ?? throw new InvalidOperationException("The endpoint did not start.")));
        }

        public async ValueTask DisposeAsync()
        {
            process.StandardInput.Close();
            await process.WaitForExitAsync();
            process.Dispose();
        }
    }
}
