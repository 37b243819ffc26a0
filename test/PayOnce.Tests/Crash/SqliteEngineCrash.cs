using PayOnce.Tests.Support;

namespace PayOnce.Tests.Crash;

public sealed class SqliteEngineCrash : EngineCrash
{
    protected override Task<StoreDatabase> NewDatabaseAsync() => Task.FromResult<StoreDatabase>(new SqliteDatabase());
}
