using PayOnce.Tests.Support;

namespace PayOnce.Tests.Conformance;

public abstract partial class StoreConformance
{
    /// <summary>The commit happened and its answer got lost: a network that broke, a fail-over. Nobody may notice.</summary>
    [Theory, MemberData(nameof(WritingStepNames))]
    public async Task A_lost_answer_to_a_commit_makes_no_difference(string name)
    {
        var (answer, state) = await PlayAsync();
        await StartAfreshAsync();
        var (answerAgain, stateAgain) = await PlayAsync(lose: true);

        Assert.Equal(answer, answerAgain);
        Assert.Equal(state, stateAgain);

        async Task<(string Answer, string State)> PlayAsync(bool lose = false)
        {
            var act = await WritingSteps[name].Prepare(this);
            using var lost = lose ? Database.LoseAnswers(Store) : null;
            var given = Dump.Of(await act(Cancel), times: false);
            if (lost is not null) Assert.Equal([name.Split(' ')[0]], lost.Steps.Distinct());
            lost?.Dispose();
            return (given, await Dump.OfAsync(Store, times: false) + await Dump.OfAsync(Store, A.OtherOrg, times: false) + await Dump.OfInstallationAsync(Access, times: false));
        }
    }

    [Theory, MemberData(nameof(WritingStepNames))]
    public async Task A_step_cancelled_before_it_starts_changes_nothing_and_can_be_done_later(string name)
    {
        var act = await WritingSteps[name].Prepare(this);
        var before = await DumpAsync();
        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => act(cancelled.Token));

        await AssertUnchangedAsync(before);
        await act(Cancel);
        if (WritingSteps[name].Event is not null) Assert.NotEqual(before, await DumpAsync());
    }
}
