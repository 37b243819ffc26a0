using PayOnce.Tests.Support;

[assembly: AssemblyFixture(typeof(PostgresCluster))]

namespace PayOnce.Tests.Conformance;

public sealed class PostgresStoreConformance(PostgresCluster cluster) : StoreConformance
{
    protected override int Sequences => 20;

    protected override async Task<StoreDatabase> CreateDatabaseAsync() => await PostgresDatabase.CreateAsync(cluster);
}
