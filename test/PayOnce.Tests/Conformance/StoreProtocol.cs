using PayOnce.Audit;
using PayOnce.Claims;
using PayOnce.Guard;
using PayOnce.Runs;
using PayOnce.Stores;
using PayOnce.Tests.Support;

namespace PayOnce.Tests.Conformance;

/// <summary>
/// What processes do to one another through a store: leases, reservations, races, recovery, lost answers. The part of
/// <see cref="StoreConformance"/> that also depends on how the store is reached. After each test the store must find nothing wrong with itself and every
/// organisation's audit chain must be whole.
/// </summary>
public abstract partial class StoreProtocol : IAsyncLifetime
{
    private readonly List<IStore> opened = [];
    private StoreDatabase? database;
    private IStore? store;
    private bool damaged;

    /// <summary>A new, empty database of the engine.</summary>
    protected abstract Task<StoreDatabase> CreateDatabaseAsync();

    private protected static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private protected StoreDatabase Database => database!;

    /// <summary>A migrated store with two organisations.</summary>
    private protected IStore Store => store!;

    /// <summary>The same store, asked who may do what.</summary>
    private protected IAccessStore Access => (IAccessStore)store!;

    public async ValueTask InitializeAsync() => await StartAfreshAsync();

    public async ValueTask DisposeAsync()
    {
        try
        {
            if (!damaged && TestContext.Current.TestState?.Result != TestResult.Failed) await AssertSoundAsync(Store);
        }
        finally
        {
            await CloseAsync();
            GC.SuppressFinalize(this);
        }
    }

    /// <summary>Closes the test's database, if any, and goes on with a new one.</summary>
    private protected async Task StartAfreshAsync()
    {
        await CloseAsync();
        database = await CreateDatabaseAsync();
        store = Open();
        await store.MigrateAsync(Cancel);
        Assert.True(await store.AddOrganisationAsync(A.Organisation(A.Org), "set-up", Cancel));
        Assert.True(await store.AddOrganisationAsync(A.Organisation(A.OtherOrg), "set-up", Cancel));
    }

    private protected async Task CloseAsync()
    {
        foreach (var each in opened) await each.DisposeAsync();
        opened.Clear();
        if (database is not null) await database.DisposeAsync();
        database = null;
    }

    /// <summary>Another process at the same data.</summary>
    private protected IStore Open()
    {
        var another = Database.Open();
        opened.Add(another);
        return another;
    }

    /// <summary>Damages the data as its owner could; this test's store is then not expected to be sound.</summary>
    private protected Task DamageAsync(string sql)
    {
        damaged = true;
        return Database.ExecuteAsync(sql);
    }

    private protected static async Task AssertSoundAsync(IStore store)
    {
        Assert.Empty(await store.CheckAsync(Cancel));
        foreach (var organisation in await store.ListOrganisationsAsync(Cancel)) await AssertChainIsWholeAsync(store, organisation.OrganisationId);
    }

    private protected static async Task<List<AuditEvent>> AssertChainIsWholeAsync(IStore store, string organisationId)
    {
        var head = AuditHead.Start;
        var events = new List<AuditEvent>();
        await foreach (var audit in store.ReadAuditAsync(organisationId, 0, Cancel))
        {
            Assert.Equal(organisationId, audit.OrganisationId);
            Assert.Equal(head.Sequence + 1, audit.Sequence);
            Assert.Equal(head.Hash, audit.PreviousHash);
            Assert.Equal(audit.RecomputedHash(), audit.Hash);
            head = new AuditHead(audit.Sequence, audit.Hash);
            events.Add(audit);
        }
        Assert.Equal(head, await store.GetAuditHeadAsync(organisationId, Cancel));
        return events;
    }

    private protected Task<IReadOnlyList<IntakeOutcome>> TakeInAsync(params ClaimRecord[] claims) => Store.TakeInAsync(A.Org, claims, "claims.json", "kari", Cancel);

    private protected async Task<ClaimHistory> HistoryAsync(string claimId, string organisationId = A.Org)
    {
        var history = await Store.FindClaimAsync(organisationId, claimId, Cancel);
        Assert.NotNull(history);
        return history;
    }

    /// <summary>The claim's newest mark.</summary>
    private protected async Task<Mark> MarkAsync(string claimId) => (await HistoryAsync(claimId)).Marks[^1];

    private protected async Task AssertMarkAsync(string claimId, MarkState state, bool waiting)
    {
        var history = await HistoryAsync(claimId);
        Assert.Equal(state, history.Marks[^1].State);
        Assert.Equal(waiting, history.Waiting);
    }

    private protected async Task<Run> RunAsync(long runId)
    {
        var run = await Store.FindRunAsync(A.Org, runId, Cancel);
        Assert.NotNull(run);
        return run;
    }

    /// <summary>The ids that the next run would take, in its order.</summary>
    private protected async Task<string[]> WaitingAsync(ClaimScope? scope = null) =>
        [.. (await Store.ReadCandidatesAsync(A.Org, scope ?? ClaimScope.Everything, null, 10_000, Cancel)).Select(candidate => candidate.Claim.ClaimId)];

    private protected Task<string> DumpAsync(string organisationId = A.Org) => Dump.OfAsync(Store, organisationId);

    private protected async Task AssertUnchangedAsync(string before, string organisationId = A.Org) => Assert.Equal(before, await DumpAsync(organisationId));

    /// <summary>Takes in and exports claims in a run of their own.</summary>
    private protected async Task<TestRun> ExportAsync(params ClaimRecord[] claims)
    {
        if (claims.Length > 0) await TakeInAsync(claims);
        return await TestRun.ExportEverythingAsync(Store);
    }

    /// <summary>Takes in claims and leaves them in doubt: the run's process died after its publishing had started, and was recovered.</summary>
    private protected async Task<TestRun> LeaveInDoubtAsync(params ClaimRecord[] claims)
    {
        await TakeInAsync(claims);
        var run = await TestRun.TakeAsync(Store);
        await run.CountAsync();
        await run.ReserveAllAsync();
        Assert.NotNull(await run.StartAsync());
        var next = await TestRun.TakeOverAsync(Store);
        Assert.NotNull(await Store.RecoverAsync(next.Lease, Cancel));
        await next.FinishAsync();
        return run;
    }

    private protected static void AssertSame(ClaimRecord expected, ClaimRecord? actual)
    {
        Assert.NotNull(actual);
        Assert.Equal(expected with { Lines = default, PayloadHash = default }, actual with { Lines = default, PayloadHash = default });
        Assert.Equal(expected.Lines.ToArray(), actual.Lines.ToArray());
        Assert.Equal(expected.PayloadHash.ToArray(), actual.PayloadHash.ToArray());
    }

    /// <summary>For a run that has ended and left nothing over: every candidate is accounted for exactly once.</summary>
    private protected static void AssertBalanced(RunCounters counters) =>
        Assert.Equal(counters.Candidates, counters.Exported + counters.Rejected + counters.InDoubt + counters.Released);
}
