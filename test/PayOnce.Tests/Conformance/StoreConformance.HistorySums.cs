using System.Globalization;
using PayOnce.Audit;
using PayOnce.Guard;
using PayOnce.History;
using PayOnce.Runs;
using PayOnce.Stores;
using PayOnce.Tests.Support;

namespace PayOnce.Tests.Conformance;

public abstract partial class StoreConformance
{
    [Fact]
    public async Task Watched_runs_of_several_organisations_are_read_at_once_and_their_version_rises_with_each_change()
    {
        await MakeHistoryAsync();
        RunKey[] keys = [new(A.Org, 1), new(A.OtherOrg, 1), new(A.Org, 2), new(A.OtherOrg, 99)];
        var read = await History.ReadProgressAsync(keys, Cancel);
        Assert.Equal(keys[..3].OrderBy(key => key.ToString()), read.Select(each => each.Key).OrderBy(key => key.ToString()));
        foreach (var each in read) Assert.Equal((await Store.FindRunAsync(each.Key.OrganisationId, each.Key.RunId, Cancel))!.Counters, each.Counters);

        var run = await TestRun.TakeAsync(Store);
        var version = (await History.ReadProgressAsync([new(A.Org, run.RunId)], Cancel)).Single().Version;
        await run.ReserveAsync(1);
        var after = (await History.ReadProgressAsync([new(A.Org, run.RunId)], Cancel)).Single();
        Assert.True(after.Version > version);
        Assert.Equal((1, false), (after.Counters.Reserved, after.StopRequested));
        await run.ReleaseAsync();
        await run.FinishAsync();
        Assert.Empty(await History.ReadProgressAsync([], Cancel));
    }

    [Fact]
    public async Task Recent_claims_are_the_organisations_own_latest()
    {
        await MakeHistoryAsync();
        Assert.Equal(["with. dots 1", "W-1", "D-2"], (await History.ListRecentClaimsAsync(A.Org, 3, Cancel)).Select(claim => claim.ClaimId));
    }

    [Fact]
    public async Task A_sum_that_is_not_that_of_its_claims_is_told()
    {
        await MakeHistoryAsync();
        await DamageAsync("UPDATE waiting_totals SET amount_minor = amount_minor + 1 WHERE organisation_id = 'hlf' AND currency = 'NOK'");
        await DamageAsync("UPDATE run_totals SET claims = claims + 1 WHERE organisation_id = 'hlf' AND run_id = 1 AND currency = 'NOK'");
        await DamageAsync("UPDATE month_totals SET amount_minor = amount_minor + 1 WHERE organisation_id = 'hlf' AND currency = 'EUR'");
        await DamageAsync("UPDATE approval_days SET claims = claims + 1 WHERE organisation_id = 'hlf' AND day = (SELECT min(day) FROM approval_days WHERE organisation_id = 'hlf')");
        var told = await Store.CheckAsync(Cancel);
        Assert.Equal(4, told.Count);
        Assert.Contains(told, sentence => sentence.Contains("claims are counted as approved on", StringComparison.Ordinal));
        Assert.Contains(told, sentence => sentence.Contains("work list", StringComparison.Ordinal));
        Assert.Contains(told, sentence => sentence.StartsWith("Run 1 of hlf counts", StringComparison.Ordinal));
        Assert.Contains(told, sentence => sentence.StartsWith("The sum of the month", StringComparison.Ordinal));
    }
}
