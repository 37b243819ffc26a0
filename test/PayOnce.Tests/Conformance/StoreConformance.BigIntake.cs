using PayOnce.Claims;
using PayOnce.Guard;
using PayOnce.Stores;
using PayOnce.Tests.Support;

namespace PayOnce.Tests.Conformance;

// A chunk of thousands of claims may go another way into the store than a few claims do, and must come to the same.
public abstract partial class StoreConformance
{
    private const int Many = 5_000;

    [Fact]
    public async Task A_big_chunk_keeps_every_value_of_every_claim()
    {
        var hostile = A.Claim("X-1", Claim.MaximumTotalMinor, new DateTimeOffset(1999, 12, 31, 23, 59, 59, TimeSpan.Zero).AddTicks(9_999_990)) with { ApprovedBy = "Åse 'x'; DROP TABLE marks; --\\N\t", Type = "reise \"\\ \U0001F697" };
        var late = A.Claim("X-2", 1, new DateTimeOffset(9999, 12, 31, 23, 59, 59, TimeSpan.Zero).AddTicks(9_999_990), currency: "EUR");
        var long_ = A.Claim("X-3", 500) with { Lines = [.. Enumerable.Repeat(new ClaimLine(new DateOnly(2026, 1, 5), "tickets", new string('ø', 250), 1, null, null, []), 500)] };
        ClaimRecord[] claims = [ClaimRecord.From(A.Org, hostile), .. A.Records(Many), ClaimRecord.From(A.Org, long_), ClaimRecord.From(A.Org, late)];

        Assert.All(await TakeInAsync(claims), outcome => Assert.IsType<IntakeOutcome.Added>(outcome));

        foreach (var claim in (ClaimRecord[])[claims[0], claims[1], claims[Many], .. claims[^2..]]) AssertSame(claim, (await HistoryAsync(claim.ClaimId)).Claim);
        Assert.Equal((Many + 3, Many + 3), ((await Store.GetStatusAsync(A.Org, Cancel)).Claims, (await Store.GetStatusAsync(A.Org, Cancel)).Waiting));
    }

    [Fact]
    public async Task A_big_chunk_with_known_claims_at_its_end_adds_all_others()
    {
        var exported = await ExportAsync(A.Record("LEFT"));
        await TakeInAsync(A.Record("SAME"), A.Record("CHANGED"), A.Record("Case"));

        var outcomes = await TakeInAsync([.. A.Records(Many), A.Record("LEFT", 999), A.Record("CASE"), A.Record("CHANGED", 777), A.Record("SAME")]);

        Assert.All(outcomes.Take(Many), outcome => Assert.IsType<IntakeOutcome.Added>(outcome));
        Assert.Equal(
            [new IntakeOutcome.Left(MarkState.Exported, exported.RunId), new IntakeOutcome.SameIdButCase("Case"), new IntakeOutcome.Updated(), new IntakeOutcome.Unchanged()],
            outcomes.Skip(Many));
        Assert.Equal(Many + 3, (await Store.GetStatusAsync(A.Org, Cancel)).Waiting);
        var told = (await AssertChainIsWholeAsync(Store, A.Org))[^1];
        Assert.Equal("""{"source":"claims.json","added":5000,"updated":1}""", told.Details);
    }

    [Fact]
    public async Task Big_chunks_that_are_new_or_known_in_turn_are_each_told_apart()
    {
        var (first, second) = (A.Records(Many), A.Records(Many, "B-"));

        Assert.All(await TakeInAsync(first), outcome => Assert.IsType<IntakeOutcome.Added>(outcome));
        var before = await DumpAsync();
        Assert.All(await TakeInAsync(first), outcome => Assert.IsType<IntakeOutcome.Unchanged>(outcome));
        await AssertUnchangedAsync(before);
        Assert.All(await TakeInAsync(second), outcome => Assert.IsType<IntakeOutcome.Added>(outcome));
        Assert.All(await TakeInAsync([.. A.Records(Many, "C-"), second[0]]), (outcome, index) => Assert.Equal(index < Many ? new IntakeOutcome.Added() : new IntakeOutcome.Unchanged(), outcome));

        Assert.Equal(3 * Many, (await Store.GetStatusAsync(A.Org, Cancel)).Waiting);
    }

    [Fact]
    public async Task A_claim_adopted_earlier_does_not_wait_and_one_of_other_case_is_refused_in_a_big_chunk_too()
    {
        await Store.AdoptAsync(A.Org, [new AdoptedClaim("OLD-1", "V-77"), new AdoptedClaim("Old-2", "V-78")], "cut-over", "kari", "node-1", Cancel);

        Assert.All(await TakeInAsync(A.Records(Many)), outcome => Assert.IsType<IntakeOutcome.Added>(outcome));
        var outcomes = await TakeInAsync([.. A.Records(Many, "B-"), A.Record("OLD-1"), A.Record("OLD-2")]);

        Assert.Equal([new IntakeOutcome.Added(), new IntakeOutcome.SameIdButCase("Old-2")], outcomes.Skip(Many));
        Assert.Equal(2 * Many, (await Store.GetStatusAsync(A.Org, Cancel)).Waiting);
        await AssertMarkAsync("OLD-1", MarkState.Exported, waiting: false);
    }
}
