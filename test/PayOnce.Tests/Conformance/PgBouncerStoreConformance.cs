using PayOnce.Tests.Support;

namespace PayOnce.Tests.Conformance;

/// <summary>The same through a transaction pooler: whoever relies on a session's state, even by accident, is found out here.</summary>
public sealed class PgBouncerStoreConformance(PostgresCluster cluster, PgBouncer pooler) : StoreConformance, IClassFixture<PgBouncer>
{
    protected override async Task<StoreDatabase> CreateDatabaseAsync() => await PostgresDatabase.CreateAsync(cluster, pooler.ThroughAsync);
}
