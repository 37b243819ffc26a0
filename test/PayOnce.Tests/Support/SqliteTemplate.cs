using PayOnce.Stores.Sqlite;

namespace PayOnce.Tests.Support;

/// <summary>An empty database of the newest schema, made once for all tests: its migrations take 70 ms of processor time, and thousands of tests want a database.</summary>
public static class SqliteTemplate
{
    private static readonly Lazy<byte[]> Empty = new(Migrated);

    /// <summary>Makes the database <paramref name="file"/>, which must not be there.</summary>
    public static void CopyTo(string file)
    {
        using var copy = new FileStream(file, FileMode.CreateNew);
        copy.Write(Empty.Value);
    }

    private static byte[] Migrated()
    {
        var folder = Directory.CreateTempSubdirectory("payonce-template-");
        try
        {
            var file = Path.Combine(folder.FullName, "payonce.db");
            Task.Run(() => MigrateAsync(file)).GetAwaiter().GetResult();
            return folder.GetFiles() is [{ } alone] ? File.ReadAllBytes(alone.FullName) : throw new InvalidOperationException("A closed database is one file.");
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task MigrateAsync(string file)
    {
        await using var store = new SqliteStore(file, TimeProvider.System);
        await store.MigrateAsync(CancellationToken.None);
    }
}
