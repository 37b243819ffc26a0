using PayOnce.Tests.Support;

namespace PayOnce.Tests.Conformance;

public sealed class SqliteStoreConformance : StoreConformance
{
    protected override Task<StoreDatabase> CreateDatabaseAsync() => Task.FromResult<StoreDatabase>(new SqliteDatabase());
}
