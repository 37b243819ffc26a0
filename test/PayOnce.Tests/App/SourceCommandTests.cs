using PayOnce.App;
using PayOnce.Sources;

namespace PayOnce.Tests.App;

/// <summary><c>source</c> beside a server that reads the same source.</summary>
public sealed class SourceCommandTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_reading_waits_for_the_end_of_another_and_then_reads_itself()
    {
        using var cli = await CommandLine.WithClaimsAsync(0);
        // Nobody listens there: that it was tried is told by its failure.
        await cli.DoneAsync("source set hlf --connection-file -", "postgres://reader:secret@127.0.0.1:1/claims");
        await using var store = cli.Store();
        var other = (await store.TakeReadingAsync("hlf", ClaimsSource.Hold, Cancel))!;

        await using var error = new Answering(async said =>
        {
            Assert.Contains("being read by somebody else", said, StringComparison.Ordinal);
            Assert.True(await store.EndReadingAsync(other, failure: null, Cancel));
        });
        var exit = await Cli.RunAsync(["source", "read", "hlf"], TestSurroundings.Create(folder: cli.Folder, error: error, clock: TimeProvider.System), Cancel);

        Assert.Equal((int)ExitCode.Fault, exit);
        Assert.Contains("could not be read to its end", error.ToString(), StringComparison.Ordinal);
        // One number went to the command's own reading.
        Assert.Equal(other.Number + 2, (await store.TakeReadingAsync("hlf", ClaimsSource.Hold, Cancel))!.Number);
    }

    /// <summary>Does something when the first line is said, before the command goes on.</summary>
    private sealed class Answering(Func<string, Task> answer) : StringWriter
    {
        private bool answered;

        public override async Task WriteLineAsync(string? value)
        {
            await base.WriteLineAsync(value);
            if (answered) return;
            answered = true;
            await answer(value ?? "");
        }
    }
}
