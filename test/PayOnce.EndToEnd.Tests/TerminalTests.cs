using Npgsql;
using PayOnce.EndToEnd.Tests.Support;
using PayOnce.Stores.Postgres;
using PayOnce.Tests.Support;

namespace PayOnce.EndToEnd.Tests;

/// <summary>
/// Somebody at a terminal while a run is under way. The run stands still where the test wants it, because another session holds the
/// table that it writes to.
/// </summary>
public sealed class TerminalTests(PostgresCluster cluster) : IAsyncLifetime
{
    // Two batches and a bit: two are asked for at the same time, so some are left whatever the moment of the stop.
    private const int Claims = 10_500;
    private const int Few = 40;
    private const string HideCursor = "\e[?25l", ShowCursor = "\e[?25h", Bar = "━";

    private string connection = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => connection = await cluster.CreateDatabaseAsync();

    public async ValueTask DisposeAsync() => await cluster.DropDatabaseAsync(connection);

    [Fact]
    public async Task On_a_terminal_a_bar_is_drawn_and_wiped_and_the_sentence_stays()
    {
        await SetUpAsync(Few);
        await using var terminal = Terminal.Start("sync", "hlf", "--postgres", connection);
        var result = await terminal.EndAsync();
        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.Contains(Bar, result.Output, StringComparison.Ordinal);
        Assert.True(result.Output.LastIndexOf(ShowCursor, StringComparison.Ordinal) > result.Output.LastIndexOf(HideCursor, StringComparison.Ordinal), "The cursor stays hidden.");
        Assert.Matches(@"Run 1 finished today at \d\d:\d\d: 40 claims exported", result.Output[result.Output.LastIndexOf(Bar, StringComparison.Ordinal)..]);
    }

    [Fact]
    public async Task Ctrl_C_in_the_middle_of_a_run_ends_it_cleanly_says_what_is_left_and_the_next_run_exports_that()
    {
        await SetUpAsync(Claims);
        await using var terminal = Terminal.Start("sync", "hlf", "--postgres", connection);
        await using (await HoldAsync())
        {
            await StandsStillAsync(sessions: 1);
            await terminal.ShowsAsync(Bar);
            await terminal.TypeAsync(Terminal.CtrlC);
            await terminal.ShowsAsync("^C");
        }
        var stopped = await terminal.EndAsync();
        Assert.True(stopped.ExitCode == 0, stopped.ToString());
        Assert.Matches(@"stopped run 1 today at \d\d:\d\d: (5|10),000 claims exported", stopped.Output);
        Assert.Matches(@"(5,500|500) claims were not sent; they wait for the next run\.", stopped.Output);
        Assert.EndsWith(ShowCursor, stopped.Output[..(stopped.Output.LastIndexOf(ShowCursor, StringComparison.Ordinal) + ShowCursor.Length)], StringComparison.Ordinal);

        var next = await Payonce.RunAsync("sync", "hlf", "--json", "--postgres", connection);
        Assert.True(next.ExitCode == 0, next.ToString());
        await AssertEveryClaimLeftOnceAsync(Claims);
    }

    [Fact]
    public async Task Who_waits_for_a_busy_organisation_runs_when_the_other_has_ended()
    {
        await SetUpAsync(Few);
        Payonce first;
        Terminal waiting;
        await using (await HoldAsync())
        {
            first = Payonce.Start(["sync", "hlf", "--limit", "25", "--json", "--postgres", connection]);
            await StandsStillAsync(sessions: 1);
            var told = await Payonce.RunAsync("sync", "hlf", "--postgres", connection);
            Assert.Equal(5, told.ExitCode);
            waiting = Terminal.Start("sync", "hlf", "--when-busy", "wait", "--postgres", connection);
            await AsksAgainAndAgainAsync(waiting);
            Assert.False(waiting.HasEnded);
        }
        await using (waiting)
        {
            var (one, two) = (await first.EndAsync(), await waiting.EndAsync());
            Assert.Equal((0, 25), (one.ExitCode, one.Json.GetProperty("exported").GetInt32()));
            Assert.Equal(0, two.ExitCode);
            Assert.Matches(@"Run 2 finished today at \d\d:\d\d: 15 claims exported", two.Output);
        }
        await AssertEveryClaimLeftOnceAsync(Few);
    }

    [Fact]
    public async Task Ctrl_C_while_waiting_for_a_busy_organisation_starts_nothing()
    {
        await SetUpAsync(Few);
        Payonce first;
        await using (await HoldAsync())
        {
            first = Payonce.Start(["sync", "hlf", "--json", "--postgres", connection]);
            await StandsStillAsync(sessions: 1);
            await using var waiting = Terminal.Start("sync", "hlf", "--when-busy", "wait", "--postgres", connection);
            await AsksAgainAndAgainAsync(waiting);
            await waiting.TypeAsync(Terminal.CtrlC);
            var result = await waiting.EndAsync();
            Assert.True(result.ExitCode == 5, result.ToString());
            Assert.Contains("Nothing was started.", result.Output, StringComparison.Ordinal);
        }
        Assert.Equal(0, (await first.EndAsync()).ExitCode);
        await AssertEveryClaimLeftOnceAsync(Few);
    }

    private async Task SetUpAsync(int claims)
    {
        string[] store = ["--postgres", connection];
        Assert.Equal(0, (await Payonce.RunAsync(["organisations", "add", "hlf", .. store])).ExitCode);
        Assert.Equal(0, (await Payonce.Start(["integrations", "set", "hlf", "-", .. store], input: """{"exporter":"generic","transport":"file","format":"csv"}""").EndAsync()).ExitCode);
        var file = Path.GetTempFileName() + ".csv";
        Assert.Equal(0, (await Payonce.RunAsync("claims", "generate", "--count", $"{claims}", "--seed", "3", "--out", file)).ExitCode);
        Assert.Equal(0, (await Payonce.RunAsync(["claims", "import", "hlf", file, .. store])).ExitCode);
        File.Delete(file);
    }

    /// <summary>Until it is disposed of, no batch can be written; everything can be read.</summary>
    private async Task<IAsyncDisposable> HoldAsync()
    {
        var holder = await OpenAsync();
        await using var take = new NpgsqlCommand("begin; lock table payonce.batches in exclusive mode", holder);
        await take.ExecuteNonQueryAsync(Cancel);
        return holder;
    }

    /// <summary>Waits until a run stands before the table that is held.</summary>
    private Task StandsStillAsync(int sessions) => AskUntilAsync(
        $"select count(*) >= {sessions} from pg_locks where relation = 'payonce.batches'::regclass and not granted",
        "No run came to its first batch.");

    /// <summary>Waits until a session has paused several times for almost as long as a waiting process does between two questions.</summary>
    private async Task AsksAgainAndAgainAsync(Terminal waiting)
    {
        const int times = 3;
        await waiting.ShowsAsync(Bar);
        var pauses = new HashSet<string>();
        await using var look = await OpenAsync();
        await using var ask = new NpgsqlCommand(
            $"""
            select coalesce(string_agg(pid || ' ' || state_change, ','), '') from pg_stat_activity
            where application_name = 'payonce' and datname = current_database() and state = 'idle'
              and clock_timestamp() - state_change > interval '{ExportEngine.BusyPoll.TotalMilliseconds * 0.8} milliseconds'
            """, look);
        await Until.TrueAsync(
            async () =>
            {
                pauses.UnionWith(((string)(await ask.ExecuteScalarAsync(Cancel))!).Split(',', StringSplitOptions.RemoveEmptyEntries));
                return pauses.GroupBy(pause => pause.Split(' ')[0]).Any(session => session.Count() >= times);
            },
            () => "Nobody waited for the lease.");
    }

    private async Task AskUntilAsync(string sql, string otherwise)
    {
        await using var look = await OpenAsync();
        await using var ask = new NpgsqlCommand(sql, look);
        await Until.TrueAsync(async () => (bool)(await ask.ExecuteScalarAsync(Cancel))!, () => otherwise);
    }

    private async Task<NpgsqlConnection> OpenAsync()
    {
        var opened = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(connection) { Pooling = false }.ConnectionString);
        await opened.OpenAsync(Cancel);
        return opened;
    }

    private async Task AssertEveryClaimLeftOnceAsync(int claims)
    {
        await using var store = new PostgresStore(connection, TimeProvider.System);
        Assert.Equal(new Verdict(claims, 0, 0, 0), await Judge.JudgeAsync(store, "hlf", null, Cancel));
    }
}
