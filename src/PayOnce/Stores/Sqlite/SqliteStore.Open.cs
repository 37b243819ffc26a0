using System.Globalization;
using System.Reflection;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace PayOnce.Stores.Sqlite;

public sealed partial class SqliteStore
{
    private const string MigrationPrefix = "PayOnce.Stores.Sqlite.Migrations.";

    /// <inheritdoc/>
    public Task MigrateAsync(CancellationToken cancel) => WriteAsync(Migrate, cancel);

    private bool Migrate(SqliteSession db)
    {
        var present = db.Any("select 1 from sqlite_master where name = 'schema_version'") ? db.Number("select number from schema_version") : 0;
        if (present == 0 && db.Any("select 1 from sqlite_master where type = 'table'"))
            throw new StoreUnavailableException($"The file {file} is a database, but not one of PayOnce. Name another file or folder.");
        var migrations = Migrations();
        if (present > migrations.Count)
        {
            throw new StoreUnavailableException(string.Create(CultureInfo.InvariantCulture,
                $"The database {file} was written by a newer PayOnce (schema {present}; this program knows {migrations.Count}). Use the newer program. Nothing was changed."));
        }
        for (var number = (int)present + 1; number <= migrations.Count; number++)
        {
            db.Script(migrations[number - 1]);
            if (number == 1) db.Run("insert into schema_version (number) values (1)");
            else db.Run("update schema_version set number = ?1", number);
            db.Proof = later => later.Number("select number from schema_version") == migrations.Count;
        }
        return true;
    }

    /// <summary>The scripts in their order: the first three characters of a name are its number, without gaps.</summary>
    private static List<string> Migrations()
    {
        var assembly = Assembly.GetExecutingAssembly();
        var names = assembly.GetManifestResourceNames().Where(name => name.StartsWith(MigrationPrefix, StringComparison.Ordinal)).Order(StringComparer.Ordinal).ToList();
        var scripts = new List<string>(names.Count);
        foreach (var name in names)
        {
            if (int.Parse(name.AsSpan(MigrationPrefix.Length, 3), CultureInfo.InvariantCulture) != scripts.Count + 1)
                throw new InvalidOperationException($"Migrations must be numbered without gaps; found {name}.");
            using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
            scripts.Add(reader.ReadToEnd());
        }
        return scripts;
    }

    private SqliteSession OpenWriter(CancellationToken cancel)
    {
        MakeFile();
        var session = SqliteSession.OpenWriter(file, LockWait, FurtherPragmas, cancel);
        try
        {
            Require(session, "pragma journal_mode", "wal", "its disk cannot hold a write-ahead log");
            Require(session, "pragma synchronous", "2", "it cannot be made to wait for the disk");
            Require(session, "pragma foreign_keys", "1", "its foreign keys cannot be enforced");
            return session;
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    /// <summary>A pragma that cannot be obeyed says nothing; the guarantee rests on these.</summary>
    private void Require(SqliteSession session, string pragma, string value, string otherwise)
    {
        using var rows = session.Query(pragma);
        if (!rows.Next() || !string.Equals(rows.Row.Text(0), value, StringComparison.Ordinal))
            throw new StoreUnavailableException($"The database {file} cannot be used: {otherwise}. Put it on a local disk.");
    }

    private void MakeFile()
    {
        var folder = Path.GetDirectoryName(file)!;
        try
        {
            // Claims are people's personal data: what we make is for its owner alone. The log takes the file's mode.
            if (OperatingSystem.IsWindows()) Directory.CreateDirectory(folder);
            else Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            if (IsNetworkShare(folder))
                throw new StoreUnavailableException($"The folder {folder} is on a network share, where SQLite's locks do not hold. Put it on a local disk, or use PostgreSQL.");
            if (File.Exists(file)) return;
            var options = new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.Write, Share = FileShare.ReadWrite | FileShare.Delete };
            if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            new FileStream(file, options).Dispose();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new StoreUnavailableException($"The database {file} cannot be made: {error.Message}", error);
        }
    }

    private static bool IsNetworkShare(string folder) => OperatingSystem.IsWindows()
        ? folder.StartsWith(@"\\", StringComparison.Ordinal) || new DriveInfo(Path.GetPathRoot(folder)!).DriveType == DriveType.Network
        : new DriveInfo(folder).DriveType == DriveType.Network;

    /// <summary>What to tell people where the fault is the file's, the disk's or another process's; null where it is a bug.</summary>
    private string? Sentence(SqliteException error) => error.SqliteErrorCode switch
    {
        raw.SQLITE_BUSY or raw.SQLITE_LOCKED => string.Create(CultureInfo.InvariantCulture,
            $"The database {file} has been locked by another process for {LockPatience.TotalSeconds:0.###} seconds. Nothing was changed. See which program has it open, then try again."),
        raw.SQLITE_FULL => $"There is no room left on the disk of the database {file}. Nothing was changed. Make room, then try again.",
        raw.SQLITE_READONLY => $"The database {file} cannot be written. Nothing was changed. Give this user the right to write the file and its folder.",
        raw.SQLITE_CANTOPEN or raw.SQLITE_PERM => $"The database {file} cannot be opened. See that its folder exists, and that this user may read and write both.",
        raw.SQLITE_NOTADB => $"The file {file} is not a database. Name another file, or put the right one in its place.",
        raw.SQLITE_CORRUPT => $"The database {file} is damaged ({error.Message}). Stop PayOnce and restore the file from a backup.",
        raw.SQLITE_IOERR => string.Create(CultureInfo.InvariantCulture,
            $"The disk of the database {file} answered with an error (SQLite {error.SqliteExtendedErrorCode}). Nothing was changed. Look at the disk, then try again."),
        _ => null,
    };
}
