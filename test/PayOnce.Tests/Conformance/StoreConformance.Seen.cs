using PayOnce.Guard;
using PayOnce.Stores;
using PayOnce.Tests.Support;

namespace PayOnce.Tests.Conformance;

// A person decides about what they saw. Between looking and deciding somebody else may have decided, and the claim may be on its way again.
public abstract partial class StoreConformance
{
    [Fact]
    public async Task A_claim_in_doubt_is_settled_with_the_voucher_it_was_found_under()
    {
        await LeaveInDoubtAsync(A.Records(1));
        var seen = SeenIn(await MarkAsync("A-0001"));

        await Store.DecideAsync(A.Org, "A-0001", MarkState.Exported, "stands in the ledger", "ola", Cancel, new DecisionDetails(seen, "200415"));

        var mark = await MarkAsync("A-0001");
        Assert.Equal((MarkState.Exported, "200415", "stands in the ledger"), (mark.State, mark.Acknowledgement, mark.Reason));
        Assert.Contains("\"acknowledgement\":\"200415\"", (await AssertChainIsWholeAsync(Store, A.Org))[^1].Details, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(MarkState.Exported)]
    [InlineData(MarkState.Released)]
    public async Task A_decision_about_another_doubt_than_the_present_one_changes_nothing(MarkState decision)
    {
        await LeaveInDoubtAsync(A.Records(1));
        var doubtful = await MarkAsync("A-0001");
        var seen = SeenIn(doubtful);
        var before = await DumpAsync();

        foreach (var other in new[] { seen with { Attempt = seen.Attempt + 1 }, seen with { Generation = 1 }, seen with { Since = seen.Since.AddMicroseconds(-1) } })
            Assert.Equal(doubtful, await Store.DecideAsync(A.Org, "A-0001", decision, "not there", "ola", Cancel, new DecisionDetails(other, null)));

        await AssertUnchangedAsync(before);
    }

    [Fact]
    public async Task A_re_export_of_a_generation_that_was_exported_again_since_makes_nothing()
    {
        await ExportAsync(A.Record("A-1"));
        Assert.IsType<ReExportAnswer.Requested>(await Store.RequestReExportAsync(A.Org, "A-1", "reversed", "ola", Cancel, seenGeneration: 0));
        await ExportAsync();
        var before = await DumpAsync();

        Assert.Equal(new ReExportAnswer.ExportedSince(1), await Store.RequestReExportAsync(A.Org, "A-1", "reversed", "ola", Cancel, seenGeneration: 0));

        await AssertUnchangedAsync(before);
    }

    private static DoubtSeen SeenIn(Mark mark) => new(mark.Generation, mark.Attempt, mark.InDoubtSince!.Value);
}
