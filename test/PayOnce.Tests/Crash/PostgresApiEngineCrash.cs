using PayOnce.Tests.Support;

namespace PayOnce.Tests.Crash;

public sealed class PostgresApiEngineCrash(PostgresCluster cluster) : ApiEngineCrash
{
    protected override async Task<StoreDatabase> NewDatabaseAsync() => await PostgresDatabase.CreateAsync(cluster);
}
