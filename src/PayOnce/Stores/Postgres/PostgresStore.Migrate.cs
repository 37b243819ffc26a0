using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using Npgsql;

namespace PayOnce.Stores.Postgres;

// The schema's numbered steps, up only. Works as the connection string's own user, who owns what it makes.
public sealed partial class PostgresStore
{
    private const int OldestServer = 150_000;

    /// <summary>Any number, as long as every PayOnce uses it: migrations of one database go one after the other.</summary>
    private const long MigrationLock = 0x7061_794f_6e63_65;

    public async Task MigrateAsync(CancellationToken cancel)
    {
        try
        {
            await using var connection = await source.OpenConnectionAsync(cancel);
            await using var transaction = await connection.BeginTransactionAsync(cancel);
            var migrations = Migrations();
            if (await FindSchemaNumberAsync(connection, cancel) is { } current && IsCurrent(current, migrations)) return;

            await ScalarAsync<object>(connection, FormattableString.Invariant($"select set_config('client_min_messages', 'warning', true) from pg_advisory_xact_lock({MigrationLock})"), cancel);
            var found = await FindSchemaNumberAsync(connection, cancel);
            if (found is { } meanwhile && IsCurrent(meanwhile, migrations)) return;
            if (found is null)
                await RunAsync(connection, "create schema if not exists payonce; create table payonce.schema_version (number integer not null); insert into payonce.schema_version values (0);", cancel);
            foreach (var (number, text) in migrations)
            {
                if (number <= (found ?? 0)) continue;
                await RunAsync(connection, text, cancel);
                await RunAsync(connection, FormattableString.Invariant($"update payonce.schema_version set number = {number}"), cancel);
            }
            await transaction.CommitAsync(CancellationToken.None);
            OnCommitted?.Invoke(nameof(MigrateAsync));
        }
        catch (CommitAnswerLostException)
        {
            // Doing it again finds the schema as it should be, or makes it so.
            await MigrateAsync(cancel);
        }
        catch (NpgsqlException fault)
        {
            throw Translated(fault);
        }
    }

    /// <summary>The schema's number; null where there is none. Refuses a server that cannot serve.</summary>
    private async Task<int?> FindSchemaNumberAsync(NpgsqlConnection connection, CancellationToken cancel)
    {
        await using var ask = new NpgsqlCommand(
            """
            select current_setting('server_version_num')::int, current_setting('server_version'), pg_is_in_recovery() or current_setting('transaction_read_only')::bool,
                   exists (select 1 from pg_class where relnamespace = to_regnamespace('payonce') and relname = 'schema_version'),
                   exists (select 1 from pg_roles where rolname = 'payonce_app')
            """, connection);
        bool schema, role;
        await using (var reader = await ask.ExecuteReaderAsync(cancel))
        {
            await reader.ReadAsync(cancel);
            if (reader.GetInt32(0) < OldestServer) throw PostgresFaults.TooOld(reader.GetString(1), target);
            if (reader.GetBoolean(2)) throw PostgresFaults.ReadOnly(target);
            (schema, role) = (reader.GetBoolean(3), reader.GetBoolean(4));
        }
        if (!schema) return null;
        if (!role) return await ScalarAsync<int>(connection, "select number from payonce.schema_version", cancel);
        // A login that is only a member of payonce_app may inherit nothing from it: ask as payonce_app.
        await ScalarAsync<string>(connection, "select set_config('role', 'payonce_app', true)", cancel);
        var number = await ScalarAsync<int>(connection, "select number from payonce.schema_version", cancel);
        await ScalarAsync<string>(connection, "select set_config('role', 'none', true)", cancel);
        return number;
    }

    private bool IsCurrent(int found, IReadOnlyList<(int Number, string Text)> migrations)
    {
        var known = migrations[^1].Number;
        return found <= known ? found == known : throw PostgresFaults.TooNew(found, known, target);
    }

    private static List<(int Number, string Text)> Migrations()
    {
        var assembly = typeof(PostgresStore).Assembly;
        var found = new List<(int, string)>();
        foreach (var name in assembly.GetManifestResourceNames())
        {
            if (MigrationName().Match(name) is not { Success: true } match) continue;
            using var text = new StreamReader(assembly.GetManifestResourceStream(name)!);
            found.Add((int.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture), text.ReadToEnd()));
        }
        found.Sort((a, b) => a.Item1.CompareTo(b.Item1));
        return found;
    }

    private static async Task RunAsync(NpgsqlConnection connection, string text, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand(text, connection);
        await command.ExecuteNonQueryAsync(cancel);
    }

    private static async Task<T?> ScalarAsync<T>(NpgsqlConnection connection, string text, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand(text, connection);
        return (T?)await command.ExecuteScalarAsync(cancel);
    }

    [GeneratedRegex(@"\.Postgres\.Migrations\.(\d+)_\w+\.sql\z")]
    private static partial Regex MigrationName();
}
