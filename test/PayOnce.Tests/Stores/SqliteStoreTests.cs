using System.Text.RegularExpressions;
using Microsoft.Data.Sqlite;
using PayOnce.Guard;
using PayOnce.Runs;
using PayOnce.Stores;
using PayOnce.Stores.Sqlite;
using PayOnce.Tests.Support;

namespace PayOnce.Tests.Stores;

/// <summary>What is SQLite's own: its file, its locks, its pragmas, its triggers. What every store must hold is in the conformance suite.</summary>
public sealed partial class SqliteStoreTests : IAsyncLifetime
{
    private readonly SqliteDatabase database = new(migrated: false);
    private readonly List<SqliteStore> opened = [];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private string DatabaseFile => database.DatabaseFile;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        await CloseAsync();
        await database.DisposeAsync();
    }

    // ---- Append-only --------------------------------------------------------------------------------------------------

    [Theory]
    [InlineData("update attempts set error = 'x'", "attempts are append-only")]
    [InlineData("delete from attempts", "attempts are append-only")]
    [InlineData("insert or replace into attempts select * from attempts", "attempts are append-only")]
    [InlineData("update audit_events set actor = 'somebody else'", "audit_events are append-only")]
    [InlineData("delete from audit_events where sequence = 1", "audit_events are append-only")]
    [InlineData("insert or replace into audit_events select * from audit_events", "audit_events are append-only")]
    [InlineData("replace into audit_events select organisation_id, sequence, at, 'somebody else', action, subject, details, previous_hash, hash from audit_events", "audit_events are append-only")]
    [InlineData("update batches set content = x''", "batches are frozen")]
    [InlineData("delete from batches", "batches are frozen")]
    [InlineData("delete from marks", "marks are never deleted")]
    public async Task What_was_written_once_cannot_be_changed_by_anybody_with_the_file(string sql, string why)
    {
        var store = await ExportedAsync();
        var before = await Dump.OfAsync(store);

        // The connection of a stranger: none of our pragmas.
        var refused = await Assert.ThrowsAsync<SqliteException>(() => database.ExecuteAsync(sql));

        Assert.Contains(why, refused.Message, StringComparison.Ordinal);
        Assert.Equal(before, await Dump.OfAsync(store));
    }

    // ---- The file -----------------------------------------------------------------------------------------------------

    [Fact]
    public async Task The_log_is_written_ahead_and_each_commit_waits_for_the_disk()
    {
        await MigratedAsync();
        Assert.Equal("wal", await AskAsync("pragma journal_mode"));

        // The store looks at what its own connection really does, and would rather not run at all.
        var careless = Open(pragmas: "pragma synchronous = normal");
        Assert.Contains("wait for the disk", (await Assert.ThrowsAsync<StoreUnavailableException>(() => careless.MigrateAsync(Cancel))).Message, StringComparison.Ordinal);
        var unlinked = Open(pragmas: "pragma foreign_keys = off");
        await Assert.ThrowsAsync<StoreUnavailableException>(() => unlinked.MigrateAsync(Cancel));
        await CloseAsync();
        var unlogged = Open(pragmas: "pragma journal_mode = delete");
        Assert.Contains("write-ahead log", (await Assert.ThrowsAsync<StoreUnavailableException>(() => unlogged.MigrateAsync(Cancel))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_is_no_database_is_refused_and_left_as_it_is()
    {
        await File.WriteAllTextAsync(DatabaseFile, new string('x', 10_000), Cancel);

        var refused = await Assert.ThrowsAsync<StoreUnavailableException>(() => Open().MigrateAsync(Cancel));

        Assert.Equal($"The file {DatabaseFile} is not a database. Name another file, or put the right one in its place.", refused.Message);
        Assert.Equal(new string('x', 10_000), await File.ReadAllTextAsync(DatabaseFile, Cancel));
    }

    [Fact]
    public async Task Another_programs_database_is_refused_and_left_as_it_is()
    {
        await database.ExecuteAsync("create table theirs (a)");

        var refused = await Assert.ThrowsAsync<StoreUnavailableException>(() => Open().MigrateAsync(Cancel));

        Assert.Equal($"The file {DatabaseFile} is a database, but not one of PayOnce. Name another file or folder.", refused.Message);
        Assert.Equal("theirs", await AskAsync("select group_concat(name) from sqlite_master"));
    }

    [Fact]
    public async Task A_newer_programs_database_is_refused_and_left_as_it_is()
    {
        await MigratedAsync();
        await database.ExecuteAsync("update schema_version set number = 4711");

        var refused = await Assert.ThrowsAsync<StoreUnavailableException>(() => Open().MigrateAsync(Cancel));

        Assert.Contains("was written by a newer PayOnce (schema 4711; this program knows 11)", refused.Message, StringComparison.Ordinal);
        Assert.Equal("4711", await AskAsync("select number from schema_version"));
    }

    [Fact]
    public async Task A_database_that_may_not_be_written_is_named_and_unchanged()
    {
        var store = await ExportedAsync();
        var before = await Dump.OfAsync(store);

        var refused = await Assert.ThrowsAsync<StoreUnavailableException>(() => Open(pragmas: "pragma query_only = on").SaveIntegrationAsync(A.Org, "{}", "kari", Cancel));

        Assert.Equal($"The database {DatabaseFile} cannot be written. Nothing was changed. Give this user the right to write the file and its folder.", refused.Message);
        Assert.Equal(before, await Dump.OfAsync(store));
    }

    [Fact]
    public async Task A_folder_that_cannot_be_made_is_named()
    {
        await File.WriteAllTextAsync(DatabaseFile, "", Cancel);
        var below = Path.Combine(DatabaseFile, "below", "payonce.db");
        await using var store = new SqliteStore(below, database.Clock);

        var refused = await Assert.ThrowsAsync<StoreUnavailableException>(() => store.MigrateAsync(Cancel));

        Assert.Contains(below, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_full_disk_leaves_nothing_half_done_and_the_run_goes_on_when_there_is_room()
    {
        var store = await MigratedAsync();
        await store.TakeInAsync(A.Org, A.Records(400), "claims.json", "kari", Cancel);
        var run = await TestRun.TakeAsync(store);
        await run.CountAsync();
        var before = await Dump.OfAsync(store);
        // No page more than there are now.
        var full = Open(pragmas: "pragma max_page_count = 1");

        var refused = await Assert.ThrowsAsync<StoreUnavailableException>(() => full.ReserveAsync(run.Lease, new ReserveRequest(ClaimScope.Everything, 1, null, 400), (_, claims) => new TextRenderer().Render(claims, 1), Cancel));

        Assert.Equal($"There is no room left on the disk of the database {DatabaseFile}. Nothing was changed. Make room, then try again.", refused.Message);
        Assert.Equal(before, await Dump.OfAsync(store));
        Assert.Equal(400, Assert.Single(Assert.IsType<ReserveAnswer.Reserved>(await run.ReserveAsync(400)).Batches).Rendered.Claims);
    }

    [Fact]
    public async Task The_file_is_its_owners_alone()
    {
        // Windows gives rights by the folder.
        if (OperatingSystem.IsWindows()) return;
        var inside = Path.Combine(Path.GetDirectoryName(DatabaseFile)!, "data", "payonce.db");
        await using var store = new SqliteStore(inside, database.Clock);
        await store.MigrateAsync(Cancel);

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(Path.GetDirectoryName(inside)!));
        foreach (var path in Directory.GetFiles(Path.GetDirectoryName(inside)!)) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
    }

    // ---- Several processes --------------------------------------------------------------------------------------------

    [Fact]
    public async Task A_writer_that_never_ends_is_told_of_and_nothing_was_started()
    {
        await MigratedAsync();
        await using var other = await LockAsync();
        var store = Open(TimeSpan.FromMilliseconds(50));

        var refused = await Assert.ThrowsAsync<StoreUnavailableException>(() => store.SaveIntegrationAsync(A.Org, "{}", "kari", Cancel));

        Assert.Equal($"The database {DatabaseFile} has been locked by another process for 0.05 seconds. Nothing was changed. See which program has it open, then try again.", refused.Message);
        await other.DisposeAsync();
        Assert.Equal(1, await store.SaveIntegrationAsync(A.Org, "{}", "kari", Cancel));
    }

    [Fact]
    public async Task A_writer_that_ends_is_waited_for()
    {
        var store = await MigratedAsync();
        var other = await LockAsync();
        var started = new TaskCompletionSource();

        var waiting = Task.Run(() =>
        {
            started.SetResult();
            return store.SaveIntegrationAsync(A.Org, "{}", "kari", Cancel);
        }, Cancel);
        await started.Task;
        Assert.False(waiting.IsCompleted);
        await other.DisposeAsync();

        Assert.Equal(1, await waiting);
    }

    [Fact]
    public async Task Waiting_for_another_process_can_be_cancelled()
    {
        var store = await MigratedAsync();
        await using var other = await LockAsync();
        using var cancel = new CancellationTokenSource();

        var waiting = Task.Run(() => store.SaveIntegrationAsync(A.Org, "{}", "kari", cancel.Token), Cancel);
        cancel.Cancel();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
    }

    [Fact]
    public async Task A_reader_is_not_held_up_by_a_writer_and_sees_the_state_before_it()
    {
        var store = await MigratedAsync();
        await store.TakeInAsync(A.Org, A.Records(3), "claims.json", "kari", Cancel);
        var run = await TestRun.TakeAsync(store);
        OrganisationStatus? seen = null;

        await store.ReserveAsync(run.Lease, new ReserveRequest(ClaimScope.Everything, 1, null, 10), (_, claims) =>
        {
            seen = store.GetStatusAsync(A.Org, Cancel).GetAwaiter().GetResult();
            return new TextRenderer().Render(claims, 1);
        }, Cancel);

        Assert.Equal((3L, 0L), (seen!.Waiting, seen.Reserved));
        Assert.Equal((0L, 3L), ((await store.GetStatusAsync(A.Org, Cancel)).Waiting, (await store.GetStatusAsync(A.Org, Cancel)).Reserved));
    }

    [Fact]
    public async Task Processes_that_start_together_on_no_file_make_one_database()
    {
        var stores = Enumerable.Range(0, 6).Select(_ => Open()).ToList();

        await Task.WhenAll(stores.Select(store => Task.Run(() => store.MigrateAsync(Cancel), Cancel)));

        Assert.Equal("11", await AskAsync("select group_concat(number) from schema_version"));
        Assert.Empty(await stores[5].CheckAsync(Cancel));
    }

    // ---- A commit whose answer was lost, and which did not happen ------------------------------------------------------

    [Fact]
    public async Task A_step_whose_commit_was_lost_with_its_answer_is_done_again_once()
    {
        var store = await MigratedAsync();
        var lost = 0;
        store.OnCommitted = step =>
        {
            if (lost++ > 0) return;
            // What a disk does that forgets what it has acknowledged.
            database.ExecuteAsync("""
                drop trigger audit_events_are_not_deleted;
                delete from integrations;
                delete from audit_events where organisation_id = 'hlf' and sequence = 2;
                update audit_heads set sequence = 1, hash = (select hash from audit_events where organisation_id = 'hlf') where organisation_id = 'hlf';
                """).GetAwaiter().GetResult();
            throw new CommitAnswerLostException($"The answer to {step} was lost.");
        };

        Assert.Equal(1, await store.SaveIntegrationAsync(A.Org, "{}", "kari", Cancel));

        Assert.Equal(2, lost);
        Assert.Equal(2, (await store.GetAuditHeadAsync(A.Org, Cancel)).Sequence);
        Assert.Equal(new StoredIntegration(1, "{}"), await store.FindIntegrationAsync(A.Org, Cancel));
    }

    // ---- The schema and the words -------------------------------------------------------------------------------------

    [Fact]
    public async Task Each_state_of_the_program_is_one_of_the_schema_and_the_other_way_round()
    {
        Assert.Equal(Words<MarkState>(MarkStates.Text), await CheckedWordsAsync("marks", "state"));
        Assert.Equal(Words<Evidence>(MarkStates.Text), await CheckedWordsAsync("marks", "evidence"));
        Assert.Equal(Words<RunState>(RunTexts.Text), await CheckedWordsAsync("runs", "state"));
        Assert.Equal(Words<RunTrigger>(RunTexts.Text), await CheckedWordsAsync("runs", "\"trigger\""));
        Assert.Equal(Words<RunFileState>(RunFileStates.Text), await CheckedWordsAsync("files", "state"));
        Assert.Equal(Words<AttemptStep>(AttemptTexts.Text), await CheckedWordsAsync("attempts", "step"));
        Assert.Equal(Words<AttemptOutcome>(AttemptTexts.Text), await CheckedWordsAsync("attempts", "outcome"));
    }

    [Theory]
    [InlineData("0001-01-01T00:00:00.0000000Z", "0001-01-01T00:00:00.0000000Z")]
    [InlineData("1969-12-31T23:59:59.9999999Z", "1969-12-31T23:59:59.9999990Z")]
    [InlineData("1970-01-01T00:00:00.0000019Z", "1970-01-01T00:00:00.0000010Z")]
    [InlineData("9999-12-31T23:59:59.9999999Z", "9999-12-31T23:59:59.9999990Z")]
    public void Times_are_cut_to_whole_microseconds_before_and_after_1970(string time, string kept) =>
        Assert.Equal(DateTimeOffset.Parse(kept, null), SqliteTime.Truncate(DateTimeOffset.Parse(time, null)));

    // ---- Support ------------------------------------------------------------------------------------------------------

    private SqliteStore Open(TimeSpan? patience = null, params string[] pragmas)
    {
        var store = new SqliteStore(DatabaseFile, database.Clock) { LockPatience = patience ?? TimeSpan.FromSeconds(30), FurtherPragmas = pragmas };
        opened.Add(store);
        return store;
    }

    private async Task CloseAsync()
    {
        foreach (var store in opened) await store.DisposeAsync();
        opened.Clear();
    }

    private async Task<SqliteStore> MigratedAsync()
    {
        var store = Open();
        await store.MigrateAsync(Cancel);
        Assert.True(await store.AddOrganisationAsync(A.Organisation(A.Org), "set-up", Cancel));
        return store;
    }

    private async Task<SqliteStore> ExportedAsync()
    {
        var store = await MigratedAsync();
        await store.TakeInAsync(A.Org, A.Records(3), "claims.json", "kari", Cancel);
        await TestRun.ExportEverythingAsync(store);
        return store;
    }

    /// <summary>Another process in the middle of a write.</summary>
    private async Task<SqliteConnection> LockAsync()
    {
        var connection = new SqliteConnection($"Data Source={DatabaseFile};Pooling=False");
        await connection.OpenAsync(Cancel);
        await using var command = connection.CreateCommand();
        command.CommandText = "begin immediate";
        await command.ExecuteNonQueryAsync(Cancel);
        return connection;
    }

    private async Task<string?> AskAsync(string sql)
    {
        await using var connection = new SqliteConnection($"Data Source={DatabaseFile};Pooling=False");
        await connection.OpenAsync(Cancel);
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        return (await command.ExecuteScalarAsync(Cancel))?.ToString();
    }

    private static List<string> Words<T>(Func<T, string> text) where T : struct, Enum => [.. Enum.GetValues<T>().Select(text).Order(StringComparer.Ordinal)];

    private async Task<List<string>> CheckedWordsAsync(string table, string column)
    {
        if (!File.Exists(DatabaseFile)) await MigratedAsync();
        var sql = await AskAsync($"select sql from sqlite_master where type = 'table' and name = '{table}'");
        var list = Regex.Match(sql!, $@"check \({column} in \(([^)]*)\)\)");
        Assert.True(list.Success, $"{table}.{column} has no CHECK");
        return [.. Word().Matches(list.Groups[1].Value).Select(word => word.Groups[1].Value).Order(StringComparer.Ordinal)];
    }

    [GeneratedRegex("'([^']*)'")]
    private static partial Regex Word();
}
