using PayOnce.Exporters.Api;
using PayOnce.Reconciliation;
using PayOnce.Runs;
using PayOnce.Tests.Support;

namespace PayOnce.Tests.Runs;

/// <summary>What a run needs before it begins, and what a person is told of what is missing: field, value and rule.</summary>
public sealed class RunPreparationTests
{
    private static readonly RunRequest Everything = new(A.Org, "kari");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_organisation_and_its_integration()
    {
        await using var scene = await EngineScene.CreateAsync(new ScriptedSystem(ProofClass.Readable), claims: 1);
        Assert.Equal(("organisation", "nobody", "There is no such organisation."), await MissingAsync(scene, Everything with { OrganisationId = "nobody" }));
        await scene.Store.AddOrganisationAsync(A.Organisation(A.OtherOrg), "test", Cancel);
        Assert.Equal(("integration", null, "Organisation blind has no integration yet. Set one first."), await MissingAsync(scene, Everything with { OrganisationId = A.OtherOrg }));
    }

    [Theory]
    [InlineData(0, "0")]
    [InlineData(-5, "-5")]
    public async Task A_limit_of_at_least_one(int limit, string value)
    {
        await using var scene = await EngineScene.CreateAsync(new ScriptedSystem(ProofClass.Readable), claims: 1);
        Assert.Equal(("limit", value, "must be at least 1."), await MissingAsync(scene, Everything with { Limit = limit }));
    }

    [Fact]
    public async Task Days_in_their_order()
    {
        await using var scene = await EngineScene.CreateAsync(new ScriptedSystem(ProofClass.Readable), claims: 1);
        var (day, next) = (new DateOnly(2026, 1, 5), new DateOnly(2026, 1, 6));
        Assert.Equal(("from", "2026-01-06", "must not be after the last day."), await MissingAsync(scene, Everything with { From = next, To = day }));
        Assert.Equal(1, (await EngineScene.EndOf(scene.First().RunAsync(Everything with { From = day, To = day }, null, Cancel))).Run.Counters.Exported);
        Assert.Equal(0, (await EngineScene.EndOf(scene.First().RunAsync(Everything with { From = day, To = next }, null, Cancel))).Run.Counters.Exported);
    }

    [Fact]
    public async Task What_reaches_the_accounting_system()
    {
        await using var scene = await EngineScene.CreateAsync(new ScriptedSystem(ProofClass.Readable), claims: 1);
        var problem = Assert.Single(Assert.IsType<RunOutcome.NotReady>(await scene.ForFilesOnly().RunAsync(Everything, null, Cancel)).Problems);
        Assert.Equal(("transport", "api", "cannot be used here: this program was started for files only"), (problem.Field, problem.Value, problem.Rule));
    }

    [Fact]
    public async Task What_was_opened_to_see_whether_it_can_be_is_closed_again()
    {
        var system = new ScriptedSystem(ProofClass.Readable);
        await using var scene = await EngineScene.CreateAsync(system, claims: 1);
        await EngineScene.EndOf(scene.RunAsync());
        Assert.IsType<ReconcileOutcome.Ended>(await scene.First().ReconcileAsync(new ReconcileRequest(A.Org, "kari"), Cancel));
        Assert.IsType<DryRunOutcome.Rendered>(await scene.First().DryRunAsync(Everything, Cancel));
        Assert.Equal(scene.Opened, system.Closed);
        Assert.InRange(system.Closed, 4, int.MaxValue);
    }

    private static async Task<(string? Field, string? Value, string Rule)> MissingAsync(EngineScene scene, RunRequest request)
    {
        var problem = Assert.Single(Assert.IsType<RunOutcome.NotReady>(await scene.First().RunAsync(request, null, Cancel)).Problems);
        return (problem.Field, problem.Value, problem.Rule);
    }
}
