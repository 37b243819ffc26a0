using PayOnce.Tests.Support;

[assembly: AssemblyFixture(typeof(PostgresCluster))]

namespace PayOnce.Tests.Conformance;

public sealed class PostgresStoreConformance(PostgresCluster cluster) : StoreConformance
{
    protected override async Task<StoreDatabase> CreateDatabaseAsync() => await PostgresDatabase.CreateAsync(cluster);
}
