using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using PayOnce.Exporters;
using PayOnce.Exporters.Api;
using PayOnce.Guard;
using PayOnce.Sandbox;
using PayOnce.Sandbox.Dynamics;
using PayOnce.Sandbox.Generic;
using PayOnce.Sandbox.Xledger;

namespace PayOnce.Bench;

/// <summary>
/// Asking each accounting system's stand-in about many export keys: how many requests it takes, which is what accounting systems count and
/// limit, and how long. The stand-ins hold none of the keys, so that every place a key may stand in is asked.
/// </summary>
public static class ReadBackBench
{
    public const string Name = "read-back";

    public static async IAsyncEnumerable<Figure> RunAsync(BenchOptions options, [EnumeratorCancellation] CancellationToken cancel)
    {
        var keys = options.ClaimsOr(usual: 10_000, quick: 500);
        var bc = new BcOptions { EveryVendor = true };
        foreach (var (standIn, json, secret) in new (IStandIn, Func<Uri, string>, (string, string))[]
        {
            (new GenericStandIn(new GenericBehaviour()), at => $$"""{"exporter":"generic","transport":"api","format":"json","api":{"endpoint":"{{at}}"} }""", ("token", new GenericBehaviour().Token)),
            (new XledgerStandIn(), at => $$"""{"exporter":"xledger","transport":"api","format":"json","api":{"endpoint":"{{at}}graphql"} }""", ("token", new XledgerOptions().Token)),
            (new BusinessCentral(bc), at => $$"""
                {"exporter":"dynamics","transport":"api","format":"json","flags":["dynamics-api"],"api":{"endpoint":"{{at}}","dynamics":{"tenant":"tenant",
                 "environment":"sandbox","company":"{{bc.Company}}","clientId":"{{bc.ClientId}}","authority":"{{at}}"} } }
                """, ("client-secret", bc.ClientSecret)),
        })
        {
            var requests = 0;
            await using var sandbox = await SandboxServer.StartAsync(standIn, log: _ => requests++, cancel: cancel);
            var (settings, problems) = IntegrationSettings.Parse("bench.json", Encoding.UTF8.GetBytes(json(sandbox.Address)));
            if (settings is null) throw new InvalidOperationException(string.Join("; ", problems));
            using var http = new HttpMessageInvoker(AccountingHandler.Create(EndpointRules.Parse(null, loopback: true).Rules!));
            var context = new RenderContext(new Organisation(SampleClaims.Organisation, "Bench", Organisation.DefaultTimeZone), 1, new DateOnly(2026, 1, 1));
            await using var api = ExporterCatalogue.Get(settings.Exporter).Api!.Open(settings, context, new Dictionary<string, string> { [secret.Item1] = secret.Item2 }, new AccountingClient(http, TimeProvider.System));
            List<ExpectedClaim> claims = [.. Enumerable.Range(0, keys).Select(Expected)];
            var start = Stopwatch.GetTimestamp();
            if (await api.ReadBackAsync(claims, cancel) is not ReadBackAnswer.Answered { Findings.Count: var found } || found != keys) throw new InvalidOperationException($"{standIn.Name} did not answer.");
            var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
            yield return new Figure(Name, string.Create(CultureInfo.InvariantCulture, $"{keys:N0} keys read back from {standIn.Name}: {requests} requests"), "s", [seconds], [], new Goal(60, null));
        }
    }

    private static ExpectedClaim Expected(int number)
    {
        var id = SampleClaims.IdAt(number);
        return new ExpectedClaim(id, ExportKey.Derive(SampleClaims.Organisation, id, 0), "4711", "NOK", 12_300, new DateTimeOffset(2026, 1, 5, 8, 0, 0, TimeSpan.Zero), SentSince: null);
    }
}
