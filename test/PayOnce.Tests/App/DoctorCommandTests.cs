using System.Text.Json;
using Microsoft.Data.Sqlite;

namespace PayOnce.Tests.App;

/// <summary><c>doctor</c> and <c>audit verify</c>, on data that is in order and on data that somebody has touched.</summary>
public sealed class DoctorCommandTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_machine_in_order_is_said_to_be_so()
    {
        using var cli = await CommandLine.WithClaimsAsync(3);
        await cli.DoneAsync("sync hlf");
        Assert.EndsWith("Everything is in order.\n", await cli.DoneAsync("doctor"), StringComparison.Ordinal);
        var (exit, document) = await cli.JsonAsync("doctor");
        Assert.Equal((0, true), (exit, document.GetProperty("healthy").GetBoolean()));
        Assert.All(document.GetProperty("checks").EnumerateArray(), c => Assert.Equal("ok", c.GetProperty("result").GetString()));
        var checks = document.GetProperty("checks").EnumerateArray().Select(c => c.GetProperty("check").GetString());
        Assert.Equal([".NET", "time zones", "language data", "data folder", "free space", "store", "guard and work list", "hlf: audit trail", "hlf: integration"], checks);
    }

    [Fact]
    public async Task Without_data_there_is_a_warning_and_nothing_is_made()
    {
        using var cli = new CommandLine();
        Assert.Equal("warning", await ResultAsync(cli, "data", exit: 0));
        Assert.False(Directory.Exists(Path.Combine(cli.Folder, "payonce-data")));
    }

    [Fact]
    public async Task What_needs_a_person_is_a_warning()
    {
        using var cli = new CommandLine();
        await cli.DoneAsync("organisations add hlf");
        Assert.Equal("warning", await ResultAsync(cli, "hlf: integration", exit: 0));
    }

    [Fact]
    public async Task A_work_list_that_lost_a_claim_is_a_fault()
    {
        using var cli = await CommandLine.WithClaimsAsync(3);
        await ExecuteAsync(cli, "delete from pending where claim_id = 'A-2'");
        Assert.Equal("fault", await ResultAsync(cli, "guard and work list", exit: 1));
    }

    [Fact]
    public async Task A_missing_publish_folder_is_a_fault()
    {
        using var cli = await CommandLine.WithClaimsAsync(0, """{"exporter":"generic","transport":"file","format":"csv","folder":"/nowhere/at/all"}""");
        Assert.Equal("fault", await ResultAsync(cli, "hlf: publish folder", exit: 1));
    }

    [Fact]
    public async Task Settings_that_cannot_be_read_any_more_are_a_fault()
    {
        using var cli = await CommandLine.WithClaimsAsync(0);
        await ExecuteAsync(cli, "update integrations set settings = '{\"exporter\":\"sap\"}'");
        Assert.Equal("fault", await ResultAsync(cli, "hlf: integration", exit: 1));
    }

    [Fact]
    public async Task A_store_that_cannot_be_opened_is_a_fault()
    {
        using var cli = await CommandLine.WithClaimsAsync(0);
        Assert.Equal(1, (await cli.RunAsync("doctor --postgres Host=/nowhere/at/all;Username=x")).Exit);
    }

    [Fact]
    public async Task An_event_that_was_changed_is_found()
    {
        using var cli = await CommandLine.WithClaimsAsync(3);
        await cli.DoneAsync("sync hlf");
        Assert.Contains("The audit trail of hlf is whole: ", await cli.DoneAsync("audit verify hlf"), StringComparison.Ordinal);
        foreach (var trigger in await TriggersAsync(cli)) await ExecuteAsync(cli, $"drop trigger {trigger}");
        await ExecuteAsync(cli, "update audit_events set actor = 'nobody' where sequence = 2");
        var (exit, document) = await cli.JsonAsync("audit verify hlf");
        Assert.Equal((1, false), (exit, document.GetProperty("whole").GetBoolean()));
        Assert.Contains(document.GetProperty("problems").EnumerateArray(), p => p.GetString()!.Contains("Event 2 ", StringComparison.Ordinal));
        Assert.Contains("NOT whole", (await cli.RunAsync("audit verify hlf")).Output, StringComparison.Ordinal);
        Assert.Equal("fault", await ResultAsync(cli, "hlf: audit trail", exit: 1));
    }

    [Fact]
    public async Task The_audit_trail_can_be_read_from_any_place()
    {
        using var cli = await CommandLine.WithClaimsAsync(3);
        var (_, audit) = await cli.JsonAsync("audit list hlf --after 1 --limit 1");
        var only = Assert.Single(audit.GetProperty("events").EnumerateArray());
        Assert.Equal((2, "integration_changed", JsonValueKind.Object), (only.GetProperty("sequence").GetInt64(), only.GetProperty("action").GetString(), only.GetProperty("details").ValueKind));
        Assert.Contains("(UTC+0", await cli.DoneAsync("audit list hlf"), StringComparison.Ordinal);
    }

    private static async Task<string> ResultAsync(CommandLine cli, string check, int exit)
    {
        var (actual, document) = await cli.JsonAsync("doctor");
        Assert.Equal(exit, actual);
        return document.GetProperty("checks").EnumerateArray().Single(c => c.GetProperty("check").GetString() == check).GetProperty("result").GetString()!;
    }

    private static async Task<List<string>> TriggersAsync(CommandLine cli)
    {
        var names = new List<string>();
        await using var connection = await OpenAsync(cli);
        await using var command = connection.CreateCommand();
        command.CommandText = "select name from sqlite_master where type = 'trigger' and tbl_name = 'audit_events' order by name";
        await using var rows = await command.ExecuteReaderAsync(Cancel);
        while (await rows.ReadAsync(Cancel)) names.Add(rows.GetString(0));
        return names;
    }

    private static async Task ExecuteAsync(CommandLine cli, string sql)
    {
        await using var connection = await OpenAsync(cli);
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync(Cancel);
    }

    private static async Task<SqliteConnection> OpenAsync(CommandLine cli)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = Path.Combine(cli.Folder, "payonce-data", "payonce.db"), Pooling = false }.ToString());
        await connection.OpenAsync(Cancel);
        return connection;
    }
}
