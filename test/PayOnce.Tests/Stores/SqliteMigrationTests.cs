using System.Globalization;
using Microsoft.Data.Sqlite;
using PayOnce.Tests.Support;

namespace PayOnce.Tests.Stores;

public sealed class SqliteMigrationTests : IAsyncDisposable
{
    private readonly SqliteDatabase database = new(migrated: false);

    public ValueTask DisposeAsync() => database.DisposeAsync();

    [Fact]
    public async Task A_database_of_the_first_schema_keeps_its_rows()
    {
        await MakeAsync();
        await using var store = database.Open();
        await SchemaOne.AssertKeptAsync(store);
    }

    /// <summary>The runs were made anew: what hangs on them must hang on the new table.</summary>
    [Fact]
    public async Task The_rebuilt_table_is_the_parent_that_the_old_one_was()
    {
        await MakeAsync();
        await using (var store = database.Open()) await store.MigrateAsync(TestContext.Current.CancellationToken);

        await database.ExecuteAsync("pragma foreign_keys = on; insert into attempts (organisation_id, run_id, batch, try, step, epoch, at) values ('hlf', 2, 2, 1, 'reserved', 2, 0)");
        await Assert.ThrowsAsync<SqliteException>(() => database.ExecuteAsync("pragma foreign_keys = on; insert into attempts (organisation_id, run_id, batch, try, step, epoch, at) values ('hlf', 3, 1, 1, 'reserved', 2, 0)"));
        await Assert.ThrowsAsync<SqliteException>(() => database.ExecuteAsync("pragma foreign_keys = on; delete from runs"));
        await Assert.ThrowsAsync<SqliteException>(() => database.ExecuteAsync("update runs set \"trigger\" = 'boredom'"));
        await Assert.ThrowsAsync<SqliteException>(() => database.ExecuteAsync("update marks set absent_since = 1 where state = 'exported'"));
    }

    private Task MakeAsync() => database.ExecuteAsync(
        SchemaOne.Script("Sqlite") + "insert into schema_version values (1); pragma journal_mode = wal;" + SchemaOne.Rows(
            day => ((A.Day(day) - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond).ToString(CultureInfo.InvariantCulture), "x'00'"));
}
