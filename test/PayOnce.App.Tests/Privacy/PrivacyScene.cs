using Microsoft.Data.Sqlite;
using PayOnce.App.Tests.Api;
using PayOnce.App.Tests.Support;
using PayOnce.Claims;
using PayOnce.Tests.Support;

namespace PayOnce.App.Tests.Privacy;

/// <summary>Documents past their time, over SQLite.</summary>
internal static class PrivacyScene
{
    /// <summary>Three claims of 2018 that a run of 2018 exported: its time is put back, as if it had been then.</summary>
    public static async Task ExportedLongAgoAsync(ServerWorld world)
    {
        await world.Store.TakeInAsync("hlf", [.. Enumerable.Range(1, 3).Select(n => ClaimRecord.From("hlf", A.Claim($"OLD-{n}", 500, new DateTimeOffset(2018, 3, n, 0, 0, 0, TimeSpan.Zero))))], "claims.json", "test", TestContext.Current.CancellationToken);
        await ApiCaller.RunAsync(world.Store);
        await using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = Path.Combine(world.Folder, "payonce.db"), Pooling = false }.ToString());
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var put = connection.CreateCommand();
        put.CommandText = "update runs set started_at = strftime('%s', '2018-12-30') * 1000000";
        await put.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }
}
