using PayOnce.Tests.Support;

[assembly: AssemblyFixture(typeof(PostgresCluster))]
[assembly: TestCollectionOrderer(typeof(LongestFirst))]

namespace PayOnce.Tests.Conformance;

public sealed class PostgresStoreConformance(OneDatabase database) : StoreConformance, IClassFixture<OneDatabase>
{
    protected override int Sequences => 20;

    protected override Task<StoreDatabase> CreateDatabaseAsync() => database.EmptiedAsync(straight => Task.FromResult(straight));
}
