using System.Net;
using PayOnce.App.Tests.Support;
using PayOnce.Exporters;
using PayOnce.Tests.Support;

namespace PayOnce.App.Tests.Api;

/// <summary>Earlier settings over the API.</summary>
public sealed class IntegrationVersionTests(PostgresCluster cluster)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task A_program_pages_through_the_versions_and_reads_each_as_it_was_kept(StoreKind kind)
    {
        await using var world = await ServerWorld.StartAsync(kind, cluster);
        var second = IntegrationSettings.FromStored("""{"exporter":"dynamics","transport":"file","format":"journal"}""").ToJson();
        await world.Store.SaveIntegrationAsync("hlf", second, "Ola", Cancel);
        using var api = await ApiCaller.OfAsync(world);
        var first = (await api.GetAsync("integration/versions?limit=1")).Is(HttpStatusCode.OK);
        Assert.Equal((2, "Ola"), (first["items"][0].GetProperty("version").GetInt32(), first["items"][0].GetProperty("changedBy").GetString()));
        var rest = (await api.GetAsync($"integration/versions?limit=1&cursor={Uri.EscapeDataString(first["next"].GetString()!)}")).Is(HttpStatusCode.OK);
        Assert.Equal(1, rest["items"][0].GetProperty("version").GetInt32());

        var kept = (await api.GetAsync("integration/versions/2")).Is(HttpStatusCode.OK);
        Assert.Equal(second, kept["settings"].GetRawText());
        (await api.GetAsync("integration/versions/3")).Is(HttpStatusCode.NotFound);
        (await api.GetAsync("integration/versions?limit=0")).Is(HttpStatusCode.BadRequest);
    }
}
