using PayOnce.Guard;
using PayOnce.Runs;

namespace PayOnce.Tests.Runs;

/// <summary>The words of states, triggers and steps, which stand in databases, files and other people's programs, and a run's state in one word.</summary>
public sealed class RunTextsTests
{
    [Fact]
    public void Each_has_one_word_that_never_changes()
    {
        Assert.Equal(["running", "finished", "failed", "cancelled", "rolled_back"], Words<RunState>(RunTexts.Text, RunTexts.State));
        Assert.Equal(["manual", "schedule", "re-export", "adopt", "reconcile"], Words<RunTrigger>(RunTexts.Text, RunTexts.Trigger));
        Assert.Equal(["publishing", "available", "withdrawn"], Words<RunFileState>(RunFileStates.Text, RunFileStates.State));
        Assert.Equal(["reserved", "started", "finished"], Words<AttemptStep>(AttemptTexts.Text, AttemptTexts.Step));
        Assert.Equal(["accepted", "refused", "unknown"], Words<AttemptOutcome>(AttemptTexts.Text, AttemptTexts.Outcome));
        Assert.Equal(["reserved", "exported", "rejected", "in_doubt", "released"], Words<MarkState>(MarkStates.Text, MarkStates.State));
        Assert.Equal(["in_file", "received", "booked"], Words<Evidence>(MarkStates.Text, MarkStates.Evidence));
    }

    [Theory]
    [InlineData(RunState.Running, 1, 1, "running")]
    [InlineData(RunState.Finished, 0, 0, "finished")]
    [InlineData(RunState.Finished, 1, 0, "finished_rejections")]
    [InlineData(RunState.Finished, 1, 1, "in_doubt")]
    [InlineData(RunState.Failed, 1, 0, "failed")]
    [InlineData(RunState.Failed, 0, 1, "in_doubt")]
    [InlineData(RunState.Cancelled, 1, 0, "cancelled")]
    [InlineData(RunState.Cancelled, 0, 1, "in_doubt")]
    [InlineData(RunState.RolledBack, 1, 1, "rolled_back")]
    public void Doubt_comes_before_rejections_and_before_how_the_run_ended(RunState state, long rejected, long inDoubt, string status)
    {
        var counters = new RunCounters(Candidates: 10, SkippedDuplicates: 3, Reserved: 10, Exported: 0, rejected, inDoubt, Released: 0);
        Assert.Equal(status, new Run(1, RunTrigger.Manual, state, "kari", "node-1", 1, ClaimScope.Everything, "generic", "csv", 1, counters, DateTimeOffset.UnixEpoch, null, null, 1).Status);
        Assert.Equal(13, counters.Total);
    }

    /// <summary>Every value's word, each of which is its own again when it is read.</summary>
    private static IEnumerable<string> Words<T>(Func<T, string> text, Func<string, T> read)
        where T : struct, Enum
    {
        Assert.All(Enum.GetValues<T>(), value => Assert.Equal(value, read(text(value))));
        Assert.Throws<ArgumentOutOfRangeException>(() => read("gone"));
        Assert.Throws<ArgumentOutOfRangeException>(() => text((T)Enum.ToObject(typeof(T), 99)));
        return Enum.GetValues<T>().Select(text);
    }
}
