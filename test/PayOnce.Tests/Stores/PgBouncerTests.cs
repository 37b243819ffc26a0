using PayOnce.Exporters;
using PayOnce.Runs;
using PayOnce.Stores.Postgres;
using PayOnce.Tests.Support;

namespace PayOnce.Tests.Stores;

/// <summary>
/// Through a transaction pooler, where two transactions of one client seldom meet the same session: whoever relies on a session's
/// state, even by accident, is found out here.
/// </summary>
public sealed class PgBouncerTests(PostgresCluster cluster, PgBouncer pooler) : IClassFixture<PgBouncer>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Two_organisations_export_at_once_through_the_pooler_each_claim_once_and_neither_sees_the_other()
    {
        var connection = await pooler.ThroughAsync(await cluster.CreateDatabaseAsync());
        await using var setUp = new PostgresStore(connection, TimeProvider.System);
        await setUp.MigrateAsync(Cancel);
        string[] organisations = [A.Org, A.OtherOrg];
        foreach (var organisation in organisations)
        {
            await setUp.AddOrganisationAsync(A.Organisation(organisation), "test", Cancel);
            var (settings, problems) = IntegrationSettings.Parse("integration.json", """{"exporter":"generic","transport":"file","format":"csv"}"""u8);
            Assert.Empty(problems);
            await setUp.SaveIntegrationAsync(organisation, settings!.ToJson(), "test", Cancel);
            await setUp.TakeInAsync(organisation, A.Records(organisation == A.Org ? 600 : 250, organisationId: organisation), "claims.csv", "test", Cancel);
        }

        // Two processes for each organisation; the second of each waits for its turn and finds nothing left.
        var outcomes = await Task.WhenAll(organisations.SelectMany(organisation => Enumerable.Range(1, 2).Select(async number =>
        {
            await using var store = new PostgresStore(connection, TimeProvider.System);
            var node = new Node($"{organisation} {number}");
            var engine = new ExportEngine(store, Outside.FilesOnly(new PublishFolder(NoSteps.Instance)), TimeProvider.System, node, NoSteps.Instance, batchSize: 100);
            return (organisation, Outcome: await engine.RunAsync(new RunRequest(organisation, node.Holder) { WaitWhenBusy = true }, null, Cancel));
        })));

        foreach (var (organisation, claims) in new[] { (A.Org, 600), (A.OtherOrg, 250) })
        {
            var runs = outcomes.Where(each => each.organisation == organisation).Select(each => Assert.IsType<RunOutcome.Ended>(each.Outcome).Report.Run).ToList();
            Assert.Equal(claims, runs.Sum(run => run.Counters.Exported));
            Assert.Equal(new Verdict(claims, 0, 0, 0), await Judge.JudgeAsync(setUp, organisation, null, Cancel));
        }
    }

    private sealed class Node(string holder) : INode
    {
        private long numbers;

        public string Holder => holder;

        public bool IsGone(string other) => false;

        public long NextNumber() => Interlocked.Increment(ref numbers);
    }
}
