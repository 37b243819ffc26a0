using PayOnce.Tests.Support;

namespace PayOnce.Tests.Crash;

public sealed class SqliteApiEngineCrash : ApiEngineCrash
{
    protected override Task<StoreDatabase> NewDatabaseAsync() => Task.FromResult<StoreDatabase>(new SqliteDatabase());
}
