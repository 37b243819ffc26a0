using PayOnce.Tests.Support;

namespace PayOnce.Tests.Crash;

public sealed class PostgresEngineCrash(PostgresCluster cluster) : EngineCrash
{
    protected override async Task<StoreDatabase> NewDatabaseAsync() => await PostgresDatabase.CreateAsync(cluster);
}
