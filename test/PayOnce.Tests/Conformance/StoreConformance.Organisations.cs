using PayOnce.Claims;
using PayOnce.Guard;
using PayOnce.Runs;
using PayOnce.Stores;
using PayOnce.Tests.Support;

namespace PayOnce.Tests.Conformance;

public abstract partial class StoreConformance
{
    public static TheoryData<string> QuestionNames => [.. Questions.Keys.Except(["ListOrganisationsAsync", "CheckAsync"])];

    /// <summary>Both organisations have the same claim ids and run ids; what is the other's carries EVE in its texts and SEK in its amounts.</summary>
    [Theory, MemberData(nameof(QuestionNames))]
    public async Task No_answer_shows_another_organisations_rows(string question)
    {
        await LeadALifeAsync(A.Org, "kari", "NOK");
        var alone = Dump.Of(await Questions[question](this, A.Org, 2, "A-2"));
        await LeadALifeAsync(A.OtherOrg, "EVE", "SEK");

        var answer = Dump.Of(await Questions[question](this, A.Org, 2, "A-2"));

        Assert.Equal(alone, answer);
        Assert.DoesNotContain("EVE", answer, StringComparison.Ordinal);
        Assert.DoesNotContain("SEK", answer, StringComparison.Ordinal);
        // These three say the same of both, as both led the same life.
        if (question is not ("FindHeldAsync" or "ListRunDuplicatesAsync" or "ListRunRejectionsAsync")) Assert.NotEqual(answer, Dump.Of(await Questions[question](this, A.OtherOrg, 2, "A-2")));
    }

    [Theory, MemberData(nameof(QuestionNames))]
    public async Task An_organisation_without_rows_gets_none(string question)
    {
        var alone = Dump.Of(await Questions[question](this, A.OtherOrg, 2, "A-2"));
        await LeadALifeAsync(A.Org, "kari", "NOK");
        Assert.Equal(alone, Dump.Of(await Questions[question](this, A.OtherOrg, 2, "A-2")));
    }

    [Fact]
    public async Task What_one_organisation_does_changes_nothing_in_another()
    {
        await LeadALifeAsync(A.OtherOrg, "EVE", "SEK");
        var before = await DumpAsync(A.OtherOrg);
        await LeadALifeAsync(A.Org, "kari", "NOK");
        await AssertUnchangedAsync(before, A.OtherOrg);
    }

    [Fact]
    public async Task Decisions_do_not_reach_another_organisations_runs_and_claims()
    {
        var run = await LeaveInDoubtAsync(A.Record("DOUBT"));
        var exported = await ExportAsync(A.Record("A-1"));
        var (before, others) = (await DumpAsync(), await DumpAsync(A.OtherOrg));

        Assert.IsType<RollBackAnswer.NoSuchRun>(await Store.RollBackAsync(A.OtherOrg, exported.RunId, "mine", "EVE", Cancel));
        Assert.Null(await Store.RecordImportAsync(A.OtherOrg, exported.RunId, "V-1", "EVE", Cancel));
        Assert.Null(await Store.RecordImportAsync(A.OtherOrg, run.RunId, "V-1", "EVE", Cancel));
        Assert.Null(await Store.DecideAsync(A.OtherOrg, "DOUBT", MarkState.Released, "mine", "EVE", Cancel));
        Assert.IsType<ReExportAnswer.NoSuchClaim>(await Store.RequestReExportAsync(A.OtherOrg, "A-1", "mine", "EVE", Cancel));
        await Record.ExceptionAsync(() => Store.NoteFetchedAsync(A.OtherOrg, exported.RunId, "EVE", Cancel));

        await AssertUnchangedAsync(before);
        await AssertUnchangedAsync(others, A.OtherOrg);
    }

    /// <summary>Run 1 exported and was rolled back in part, run 2 is in doubt with a rejection and duplicates, run 3 recovered it, run 4 is going.</summary>
    private async Task LeadALifeAsync(string organisationId, string actor, string currency)
    {
        LeaseRequest Request(string holder) => A.LeaseRequest(organisationId, holder: holder) with { Actor = actor };
        ClaimRecord Claim(string claimId) => A.Record(claimId, 5_000, A.Day(currency == "NOK" ? 5 : 6), currency, organisationId: organisationId);
        async Task TakeIn(params string[] ids) => await Store.TakeInAsync(organisationId, [.. ids.Select(Claim)], $"{actor}.json", actor, Cancel);

        await Store.SaveIntegrationAsync(organisationId, $$"""{"exporter":"{{actor}}"}""", actor, Cancel);
        await TakeIn("A-1");
        var first = await TestRun.TakeAsync(Store, Request(actor));
        await first.CountAsync();
        await first.ReserveAllAsync();
        await first.ConfirmAsync();
        await first.FinishAsync();
        await TakeIn("A-2", "BAD-1");
        var second = await TestRun.TakeAsync(Store, Request(actor));
        await second.CountAsync();
        await second.ReserveAllAsync();
        await second.StartAsync($"/{actor}");
        var third = await TestRun.TakeOverAsync(Store, Request(actor));
        await Store.RecoverAsync(third.Lease, Cancel);
        await third.FinishAsync();
        await Store.RequestReExportAsync(organisationId, "A-1", actor, actor, Cancel);
        await TestRun.TakeAsync(Store, Request(actor));
        await TakeIn("A-3");
    }
}
