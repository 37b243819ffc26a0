using System.Text.Json;
using Microsoft.Data.Sqlite;

namespace PayOnce.Tests.App;

/// <summary><c>retention</c> and <c>persons</c>, over claims that were exported in January 2018.</summary>
public sealed class PrivacyCommandTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_retention_is_five_years_unless_it_is_longer_and_every_change_is_told()
    {
        using var cli = await CommandLine.WithClaimsAsync(0);
        Assert.Contains("keeps documents for 5 years", await cli.DoneAsync("retention show hlf"), StringComparison.Ordinal);

        var (exit, _, error) = await cli.RunAsync("retention set hlf --years 4");
        Assert.Equal(2, exit);
        Assert.Contains("bokføringsloven § 13", error, StringComparison.Ordinal);

        var (_, set) = await cli.JsonAsync("retention set hlf --years 7 --record-views on");
        Assert.Equal((7, true, 1), (set.GetProperty("retentionYears").GetInt32(), set.GetProperty("recordViews").GetBoolean(), set.GetProperty("version").GetInt32()));
        await cli.DoneAsync("retention set hlf --record-views off");
        Assert.Equal((7, false), ((await cli.JsonAsync("retention show hlf")).Document.GetProperty("retentionYears").GetInt32(), (await cli.JsonAsync("retention show hlf")).Document.GetProperty("recordViews").GetBoolean()));
        Assert.Contains("\"retentionYears\":7,\"recordViews\":true", await cli.DoneAsync("audit list hlf"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Erasing_says_first_what_it_would_take_then_takes_it_and_everything_still_verifies()
    {
        using var cli = await ExportedLongAgoAsync(3);
        await cli.DoneAsync("claims import hlf -", CommandLine.Claim("NEW-1", 9) + "\n");

        var (_, preview) = await cli.JsonAsync("retention erase hlf --dry-run");
        Assert.Equal(3, preview.GetProperty("claims").GetInt32());
        var year = preview.GetProperty("years")[0];
        Assert.Equal((2018, 3, 600), (year.GetProperty("year").GetInt32(), year.GetProperty("due").GetInt32(), year.GetProperty("totals")[0].GetProperty("amountMinor").GetInt32()));
        Assert.Contains("Kari Nordmann", await cli.DoneAsync("claims show hlf A-1"), StringComparison.Ordinal);

        foreach (var line in new[] { "retention erase hlf", "retention erase hlf --reason over --confirm blind", "retention erase hlf --confirm hlf", "retention erase hlf --reason over --confirm hlf --before 2025-01-01" })
        {
            var (refused, _, error) = await cli.RunAsync(line);
            Assert.Equal(2, refused);
            Assert.Contains("Nothing was erased", error, StringComparison.Ordinal);
        }
        Assert.Equal(0, (await cli.JsonAsync("retention erase hlf --dry-run --before 2018-01-01")).Document.GetProperty("claims").GetInt32());

        var (_, erased) = await cli.JsonAsync("retention erase hlf --reason over --confirm hlf");
        Assert.True(erased.GetProperty("done").GetBoolean());
        Assert.Equal((3, 1), (erased.GetProperty("erasures")[0].GetProperty("erased").GetProperty("claims").GetInt32(), erased.GetProperty("erasures")[0].GetProperty("erased").GetProperty("runs").GetInt32()));

        var shown = await cli.DoneAsync("claims show hlf A-1");
        Assert.DoesNotContain("Nordmann", shown, StringComparison.Ordinal);
        Assert.Contains("It can never be exported again.", shown, StringComparison.Ordinal);
        Assert.Contains("Kari Nordmann", await cli.DoneAsync("claims show hlf NEW-1"), StringComparison.Ordinal);
        Assert.Contains("is whole", await cli.DoneAsync("audit verify hlf"), StringComparison.Ordinal);
        await cli.DoneAsync("doctor");
        var (file, _, why) = await cli.RunAsync("runs file hlf 1");
        Assert.Equal(2, file);
        Assert.Contains("were erased on", why, StringComparison.Ordinal);
        var (_, again) = await cli.JsonAsync("claims import hlf -", CommandLine.Claim("A-1", 1) + "\n");
        Assert.Contains("was erased", again.GetRawText(), StringComparison.Ordinal);
        Assert.Contains("never exported again", (await cli.RunAsync("claims re-export hlf A-1 --reason lost --confirm A-1")).Error, StringComparison.Ordinal);
    }

    /// <summary>SQLite only forgets what it frees; here it is overwritten, and the log is emptied.</summary>
    [Fact]
    public async Task Nothing_of_what_was_erased_is_left_in_the_files_on_disk()
    {
        using var cli = await ExportedLongAgoAsync(50);
        Assert.True(await HoldsAsync(cli, "Kari Nordmann"));

        await cli.DoneAsync("retention erase hlf --reason over --confirm hlf");

        Assert.False(await HoldsAsync(cli, "Kari Nordmann"));
        Assert.True(await HoldsAsync(cli, "A-17"));
    }

    [Fact]
    public async Task A_backup_brings_back_what_was_erased_until_it_is_erased_again_and_nothing_leaves_twice()
    {
        using var cli = await ExportedLongAgoAsync(3);
        var database = Path.Combine(cli.Folder, "payonce-data", "payonce.db");
        File.Copy(database, database + ".backup");
        await cli.DoneAsync("retention erase hlf --reason over --confirm hlf");
        foreach (var file in new[] { "", "-wal", "-shm" }) File.Delete(database + file);
        File.Copy(database + ".backup", database);
        Assert.Contains("Kari Nordmann", await cli.DoneAsync("claims show hlf A-1"), StringComparison.Ordinal);

        await cli.DoneAsync("restore begin hlf --reason backup");
        Assert.Contains("restore mode", (await cli.RunAsync("retention erase hlf --reason over --confirm hlf")).Error, StringComparison.Ordinal);
        await cli.DoneAsync("restore end hlf --reason looked --confirm hlf");
        await cli.DoneAsync("retention erase hlf --reason again --confirm hlf");

        Assert.DoesNotContain("Nordmann", await cli.DoneAsync("claims show hlf A-1"), StringComparison.Ordinal);
        Assert.Equal(3, (await cli.JsonAsync("claims import hlf -", CommandLine.Claims(1, 3))).Document.GetProperty("refused").GetInt32());
        Assert.Equal(0, (await cli.JsonAsync("sync hlf")).Document.GetProperty("exported").GetInt32());
        await cli.DoneAsync("audit verify hlf");
    }

    [Fact]
    public async Task A_persons_data_is_one_file_for_its_reader_alone_and_never_replaces_another()
    {
        using var cli = await CommandLine.WithClaimsAsync(3);
        await cli.DoneAsync("sync hlf");

        var (_, told) = await cli.JsonAsync("persons export hlf --claimant 4711 --out kari.json");

        var path = told.GetProperty("path").GetString()!;
        using var document = JsonDocument.Parse(await File.ReadAllBytesAsync(path, Cancel));
        var root = document.RootElement;
        Assert.Equal(("payonce.person", 1, "4711", JsonValueKind.Null), (root.GetProperty("format").GetString(), root.GetProperty("version").GetInt32(), root.GetProperty("claimantId").GetString(), root.GetProperty("account").ValueKind));
        Assert.Equal(["A-1", "A-2", "A-3"], root.GetProperty("claims").EnumerateArray().Select(claim => claim.GetProperty("claimId").GetString()).Order());
        var first = root.GetProperty("claims")[0];
        Assert.Equal(("Kari Nordmann", "exported", "Tog"), (first.GetProperty("claimantName").GetString(), first.GetProperty("marks")[0].GetProperty("state").GetString(), first.GetProperty("lines")[0].GetProperty("description").GetString()));
        Assert.Equal(1, root.GetProperty("runs")[0].GetProperty("runId").GetInt32());
        Assert.Equal("person_exported", root.GetProperty("audit")[0].GetProperty("action").GetString());
        if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));

        Assert.Equal(2, (await cli.RunAsync("persons export hlf --claimant 4711 --out kari.json")).Exit);
        Assert.Contains("Nothing is known of a claimant \"9\"", (await cli.RunAsync("persons export hlf --claimant 9 --out nobody.json")).Error, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(cli.Folder, "nobody.json")));
    }

    [Theory]
    [InlineData("claims show hlf A-1", "claim A-1"), InlineData("claims list hlf", "claims"), InlineData("runs show hlf 1", "run 1"), InlineData("runs file hlf 1", "run 1"), InlineData("sync hlf --dry-run", "preview")]
    public async Task A_command_that_shows_a_claimant_is_told_where_the_organisation_asks_for_it(string line, string subject)
    {
        using var cli = await CommandLine.WithClaimsAsync(1);
        await cli.DoneAsync("sync hlf");
        await cli.DoneAsync(line);
        Assert.DoesNotContain("personal data viewed", await cli.DoneAsync("audit list hlf"), StringComparison.Ordinal);

        await cli.DoneAsync("retention set hlf --record-views on");
        await cli.RunAsync(line + (line.StartsWith("runs file", StringComparison.Ordinal) ? " --out again.csv" : ""));

        var (_, audit) = await cli.JsonAsync("audit list hlf");
        var told = audit.GetProperty("events").EnumerateArray().Single(each => each.GetProperty("action").GetString() == "personal_data_viewed");
        Assert.Equal((subject, "kari", "command"), (told.GetProperty("subject").GetString(), told.GetProperty("actor").GetString(), told.GetProperty("details").GetProperty("by").GetString()));
    }

    /// <summary>Claims approved and exported in January 2018: the run's own time is put back, as if it had been then.</summary>
    private static async Task<CommandLine> ExportedLongAgoAsync(int claims)
    {
        var cli = await CommandLine.WithClaimsAsync(0);
        await cli.DoneAsync("claims import hlf -", CommandLine.Claims(1, claims).Replace("2024-", "2018-", StringComparison.Ordinal).Replace("2023-", "2017-", StringComparison.Ordinal));
        await cli.DoneAsync("sync hlf");
        await using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = Path.Combine(cli.Folder, "payonce-data", "payonce.db"), Pooling = false }.ToString());
        await connection.OpenAsync(Cancel);
        await using var put = connection.CreateCommand();
        put.CommandText = "update runs set started_at = strftime('%s', '2018-12-31') * 1000000";
        await put.ExecuteNonQueryAsync(Cancel);
        return cli;
    }

    private static async Task<bool> HoldsAsync(CommandLine cli, string text)
    {
        foreach (var file in Directory.EnumerateFiles(Path.Combine(cli.Folder, "payonce-data"), "payonce.db*"))
        {
            if ((await File.ReadAllTextAsync(file, System.Text.Encoding.Latin1, Cancel)).Contains(text, StringComparison.Ordinal)) return true;
        }
        return false;
    }
}
