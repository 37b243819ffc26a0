using System.Text.Json;
using PayOnce.App;
using PayOnce.App.Host;

namespace PayOnce.Tests.App;

/// <summary>What holds for every command: usage, faults, JSON, who asks.</summary>
public sealed class CommandLineFrameTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("nonsense", "Unrecognized command or argument 'nonsense'. See `payonce --help`.\n")]
    [InlineData("claims", "Required command was not provided. See `payonce claims --help`.\n")]
    [InlineData("sync", "Required argument missing for command: 'sync'. See `payonce sync --help`.\n")]
    [InlineData("sync hlf --limit 0", "--limit \"0\" must be a whole number from 1 to 2147483647. See `payonce sync --help`.\n")]
    [InlineData("sync hlf --from 1.2.2026", "--from \"1.2.2026\" must be a date as yyyy-MM-dd. See `payonce sync --help`.\n")]
    [InlineData("sync hlf --from 2026-02-30", "--from \"2026-02-30\" must be a date as yyyy-MM-dd. See `payonce sync --help`.\n")]
    [InlineData("sync hlf --when-busy later", "Argument 'later' not recognized. Must be one of:\n\t'reject'\n\t'wait' See `payonce sync --help`.\n")]
    [InlineData("sync hlf --data a --postgres b", "--data and --postgres cannot both be given: the data is in one place.\n")]
    [InlineData("doctor --data a --postgres b", "--data and --postgres cannot both be given: the data is in one place.\n")]
    [InlineData("sync hlf --unknown", "Unrecognized command or argument '--unknown'. See `payonce sync --help`.\n")]
    public async Task Wrong_usage_is_exit_code_two_a_sentence_and_a_pointer_to_help(string line, string error)
    {
        using var cli = new CommandLine();
        Assert.Equal((2, "", error), await cli.RunAsync(line));
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("claims")]
    [InlineData("sync")]
    [InlineData("sync hlf")]
    [InlineData("sync hlf --data a --postgres b")]
    [InlineData("runs show hlf x")]
    public async Task With_json_wrong_usage_is_one_error_document(string line)
    {
        using var cli = new CommandLine();
        var (exit, document) = await cli.JsonAsync(line);
        Assert.Equal((2, 2), (exit, document.GetProperty("error").GetProperty("exitCode").GetInt32()));
        Assert.NotEmpty(document.GetProperty("error").GetProperty("message").GetString()!);
    }

    [Theory]
    [InlineData("--json organisations list")]
    [InlineData("organisations --json list")]
    [InlineData("organisations list --json")]
    [InlineData("organisations list --data payonce-data --json --as Kari")]
    public async Task Global_options_may_stand_after_any_command(string line)
    {
        using var cli = await CommandLine.WithClaimsAsync(0);
        Assert.StartsWith("{\"organisations\":[{", await cli.DoneAsync(line), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--help")]
    [InlineData("claims --help")]
    [InlineData("claims import --help")]
    public async Task Help_is_no_mistake(string line)
    {
        using var cli = new CommandLine();
        Assert.Contains("Usage:", await cli.DoneAsync(line), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_typed_shows_the_help()
    {
        using var cli = new CommandLine();
        var (exit, output, _) = await cli.RunAsync([]);
        Assert.Equal(0, exit);
        Assert.Contains("Usage:", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_command_and_option_says_what_it_is_for()
    {
        using var cli = new CommandLine();
        var left = new Queue<string>([""]);
        var seen = 0;
        while (left.TryDequeue(out var command))
        {
            var help = await cli.DoneAsync($"{command} --help".Trim());
            seen++;
            foreach (var line in help[help.IndexOf("\n\nOptions:", StringComparison.Ordinal)..].Split('\n').Where(l => l.StartsWith("  ", StringComparison.Ordinal)))
                Assert.Matches(@"^  \S.*?  +\S|^   +\S", line);
            var commands = help.Split("Commands:\n");
            if (commands.Length > 1)
                foreach (var line in commands[1].Split('\n', StringSplitOptions.RemoveEmptyEntries)) left.Enqueue($"{command} {line.Trim().Split(' ')[0]}".Trim());
        }
        Assert.Equal(51, seen);
    }

    [Fact]
    public async Task The_actor_stands_in_the_audit_trail()
    {
        using var cli = new CommandLine();
        await cli.DoneAsync("organisations add hlf --as Kari");
        var (_, audit) = await cli.JsonAsync("audit list hlf");
        Assert.Equal("Kari", Assert.Single(audit.GetProperty("events").EnumerateArray()).GetProperty("actor").GetString());
        Assert.Equal(2, (await cli.RunAsync(["organisations", "add", "x", "--as", "a\nb"])).Exit);
        Assert.Equal(2, (await cli.RunAsync(["organisations", "add", "x", "--as", " "])).Exit);
    }

    [Fact]
    public async Task An_unknown_kill_point_is_wrong_usage_before_anything_happens()
    {
        using var cli = new CommandLine { Variables = name => name == KillPoints.Variable ? "reserve:middle" : null };
        var (exit, _, error) = await cli.RunAsync("organisations add hlf");
        Assert.Equal(2, exit);
        Assert.StartsWith("PAYONCE_KILL_AT \"reserve:middle\": must be one of lease:before, ", error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(cli.Folder, "payonce-data")));
    }

    [Theory]
    [InlineData(null, false)]
    [InlineData("1", true)]
    public async Task A_fault_nobody_expected_is_one_sentence_and_a_trace_only_where_it_was_asked_for(string? debug, bool traced)
    {
        using var cli = await CommandLine.WithClaimsAsync(0);
        using var output = new MemoryStream();
        await using var error = new StringWriter();
        var surroundings = TestSurroundings.Create(name => name == "PAYONCE_DEBUG" ? debug : null, cli.Folder, output, error) with { Input = new BrokenStream() };
        Assert.Equal(1, await Cli.RunAsync(["claims", "import", "hlf", "-", "--json"], surroundings, Cancel));
        Assert.StartsWith("An unexpected fault, InvalidTimeZoneException: out of order With PAYONCE_DEBUG=1 it is shown where.\n", error.ToString(), StringComparison.Ordinal);
        Assert.Equal(traced, error.ToString().Contains("   at ", StringComparison.Ordinal));
        using var document = JsonDocument.Parse(output.ToArray());
        Assert.Equal(1, document.RootElement.GetProperty("error").GetProperty("exitCode").GetInt32());
    }

    [Fact]
    public async Task A_store_that_is_none_is_one_sentence()
    {
        using var cli = new CommandLine();
        Directory.CreateDirectory(Path.Combine(cli.Folder, "payonce-data"));
        await File.WriteAllTextAsync(Path.Combine(cli.Folder, "payonce-data", "payonce.db"), new string('x', 5000), Cancel);
        var (exit, output, error) = await cli.RunAsync("status hlf");
        Assert.Equal((1, ""), (exit, output));
        Assert.Single(error.TrimEnd('\n').Split('\n'));
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
        Assert.DoesNotContain("unexpected fault", error, StringComparison.Ordinal);
    }

    private sealed class BrokenStream : MemoryStream
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => throw new InvalidTimeZoneException("out of order");

        public override int Read(Span<byte> buffer) => throw new InvalidTimeZoneException("out of order");

        public override int Read(byte[] buffer, int offset, int count) => throw new InvalidTimeZoneException("out of order");
    }
}
