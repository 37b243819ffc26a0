using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Text.Json;
using PayOnce.Exporters;
using PayOnce.Sandbox;
using PayOnce.Sandbox.Generic;

namespace PayOnce.Bench;

/// <summary>
/// The server's pages and lists with a million claims and ten thousand runs behind them, 50 requests at a time, beside the same with
/// a handful; its memory; and the time from a click to the first claim that arrives at the accounting system.
/// </summary>
/// <remarks>
/// A handful also fills no page, so that rows shown count as well. A third history, as small and with full pages, tells that apart.
/// </remarks>
public static class ServerBench
{
    public const string Name = "server";

    private const int AtOnce = 50;
    private const double MostTimes = 2;

    public static async IAsyncEnumerable<Figure> RunAsync(BenchOptions options, [EnumeratorCancellation] CancellationToken cancel)
    {
        var claims = options.ClaimsOr(usual: 1_000_000, quick: 5_000);
        var requests = options.Quick ? AtOnce : 2 * AtOnce;
        await using var server = await BenchServer.StartAsync(options, cancel);
        await using var system = await SandboxServer.StartAsync(new GenericStandIn(new GenericBehaviour { Proof = GenericProof.Unique }), cancel: cancel);
        await using var full = await SetUp.MakeAsync(server, system.Address, new ServerFacts(claims, Math.Max(100, claims / 100)), cancel);
        await using var handful = await SetUp.MakeAsync(server, system.Address, new ServerFacts(20, 4), cancel);
        await using var fullPages = await SetUp.MakeAsync(server, system.Address, new ServerFacts(2_000, 200), cancel);
        var atRest = full.Server.PeakMegabytes;

        SetUp[] sides = [full, handful, fullPages];
        var addresses = ServerAddresses.Of(full.Facts).Keys.Where(name => options.Only is not { } only || only.Split('|').Any(part => name.Contains(part, StringComparison.OrdinalIgnoreCase))).ToList();
        foreach (var name in addresses)
        {
            var times = sides.ToDictionary(side => side, _ => new List<(double Median, double High)>());
            // Once before the rounds: compiled, and in the caches.
            foreach (var side in sides) await side.AskAsync(name, AtOnce, cancel);
            for (var round = 0; round < options.Rounds; round++)
            {
                for (var turn = 0; turn < sides.Length; turn++)
                {
                    var side = sides[(turn + round) % sides.Length];
                    times[side].Add(await side.AskAsync(name, requests, cancel));
                }
            }
            yield return Compared($"{name}, median", each => each.Median);
            yield return Compared($"{name}, 99th percentile", each => each.High);

            Figure Compared(string what, Func<(double Median, double High), double> of) =>
                new(Name, what, "ms", [.. times[full].Select(of)], [.. times[handful].Select(of)], new Goal(MostTimes, null))
                {
                    FloorIs = FormattableString.Invariant($"with a handful; with full pages of a small history {Judgement.Median(times[fullPages].Select(of)):0.0} ms"),
                };
        }
        yield return new Figure(Name, "server's memory at rest, peak", "MB", [atRest], [], new Goal(250, null));
        yield return new Figure(Name, "server's memory under this load, peak", "MB", [full.Server.PeakMegabytes], [], new Goal(500, null));

        List<double> click = [], clickHandful = [];
        for (var round = 0; round < options.Rounds; round++)
        {
            click.Add(await full.ClickAsync(system, cancel));
            if (round == 0) await handful.ClickAsync(system, cancel);
            clickHandful.Add(await handful.ClickAsync(system, cancel));
        }
        yield return new Figure(Name, "from the click to the first claim received", "ms", click, clickHandful, new Goal(MostTimes, null)) { FloorIs = "with a handful" };
    }

    /// <summary>One history and a server over it.</summary>
    private sealed class SetUp(ServerFacts facts, ServeProcess server) : IAsyncDisposable
    {
        private readonly OrderedDictionary<string, string> addresses = ServerAddresses.Of(facts);

        public ServerFacts Facts => facts;

        public ServeProcess Server => server;

        public static async Task<SetUp> MakeAsync(BenchServer at, Uri system, ServerFacts facts, CancellationToken cancel)
        {
            Progress.Say($"filling {facts.Claims:N0} claims and {facts.Runs:N0} runs");
            var database = await at.CreateAsync(cancel);
            await PostgresClaims.LoadAsync(database.Superuser, facts.Claims, cancel);
            await database.SqlAsync("vacuum analyze payonce.claims;", cancel);
            await database.SqlAsync(facts.Fill, cancel);
            var keys = Path.Combine(at.Files, $"keys-{facts.Claims}");
            await using (var store = database.OpenStore()) await store.SaveIntegrationAsync(SampleClaims.Organisation, Settings(system), "bench", cancel);
            await ServeProcess.RunAsync("sandbox-token", cancel, "integrations", "secret", "set", SampleClaims.Organisation, "token", "--postgres", database.Superuser, "--keys", keys);
            return new SetUp(facts, await ServeProcess.StartAsync(database, keys, cancel));
        }

        /// <summary>Asks for an address so many times, <see cref="AtOnce"/> at a time.</summary>
        public async Task<(double Median, double High)> AskAsync(string name, int requests, CancellationToken cancel)
        {
            var times = new ConcurrentBag<double>();
            var path = addresses[name];
            await Task.WhenAll(Enumerable.Range(0, AtOnce).Select(async _ =>
            {
                for (var i = 0; i < requests / AtOnce; i++) times.Add(await server.AskAsync(path, cancel));
            }));
            var sorted = times.Order().ToList();
            return (Judgement.Median(sorted), sorted[(int)Math.Ceiling(0.99 * sorted.Count) - 1]);
        }

        /// <summary>Asks for one claim that waits to be exported; in milliseconds until it arrives at the accounting system.</summary>
        public async Task<double> ClickAsync(SandboxHost system, CancellationToken cancel)
        {
            const string Api = "/api/v1/organisations/bench";
            var before = system.StandIn.Bookings.Count;
            var start = Stopwatch.GetTimestamp();
            var asked = JsonDocument.Parse(await server.CallAsync(HttpMethod.Post, Api + "/sync", $$"""{"limit":1,"whenBusy":"queue"}""", cancel)).RootElement.GetProperty("requestId").GetInt64();
            while (system.StandIn.Bookings.Count == before) await Task.Delay(1, cancel);
            var time = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
            while (JsonDocument.Parse(await server.CallAsync(HttpMethod.Get, $"{Api}/requests/{asked}", json: null, cancel)).RootElement.GetProperty("endedAt").ValueKind == JsonValueKind.Null) await Task.Delay(20, cancel);
            return time;
        }

        public ValueTask DisposeAsync() => server.DisposeAsync();

        private static string Settings(Uri endpoint)
        {
            var (settings, problems) = IntegrationSettings.Parse("bench.json", System.Text.Encoding.UTF8.GetBytes(
                $$"""{"exporter":"generic","transport":"api","format":"json","api":{"endpoint":"{{endpoint}}","proofClass":"unique","claimsPerRequest":100} }"""));
            return settings?.ToJson() ?? throw new InvalidOperationException(string.Join("; ", problems));
        }
    }
}
