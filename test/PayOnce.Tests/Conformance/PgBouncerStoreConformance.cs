using PayOnce.Tests.Support;

namespace PayOnce.Tests.Conformance;

/// <summary>
/// PostgreSQL through a transaction pooler, with fewer sessions than there are processes, and the same sessions test after test:
/// whoever relies on a session's state, even by accident, or holds one session while it asks for another, is found out here.
/// </summary>
public sealed class PgBouncerStoreConformance(PgBouncer pooler, OneDatabase database) : StoreProtocol, IClassFixture<PgBouncer>, IClassFixture<OneDatabase>
{
    protected override Task<StoreDatabase> CreateDatabaseAsync() => database.EmptiedAsync(pooler.ThroughAsync);
}
