using System.Net;
using PayOnce.App.Tests.Support;
using PayOnce.Tests.Support;

namespace PayOnce.App.Tests.Server;

/// <summary>Whoever watches over the process is told the truth about it.</summary>
public sealed class HealthTests(PostgresCluster cluster)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_node_whose_database_is_gone_lives_and_is_not_ready()
    {
        await using var world = await ServerWorld.StartAsync(StoreKind.Postgres, cluster);
        using var client = world.NewClient();
        Assert.Equal("ready", await client.GetStringAsync("/health/ready", Cancel));

        await world.RemoveDatabaseAsync();
        Assert.Equal("live", await client.GetStringAsync("/health/live", Cancel));
        using var answer = await client.GetAsync("/health/ready", Cancel);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.Equal("not ready", await answer.Content.ReadAsStringAsync(Cancel));
    }
}
