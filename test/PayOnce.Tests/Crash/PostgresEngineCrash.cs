using PayOnce.Tests.Support;

namespace PayOnce.Tests.Crash;

public sealed class PostgresEngineCrash(PostgresCluster cluster) : EngineCrash
{
    // 13 and the number of second deaths have no common divisor: every first and every second death has its turn.
    protected override int EveryPair => 13;

    protected override async Task<StoreDatabase> NewDatabaseAsync() => await PostgresDatabase.CreateAsync(cluster);
}
