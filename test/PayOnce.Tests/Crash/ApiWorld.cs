using System.Text;
using PayOnce.Exporters;
using PayOnce.Exporters.Api;
using PayOnce.Reconciliation;
using PayOnce.Runs;
using PayOnce.Sandbox;
using PayOnce.Stores;
using PayOnce.Tests.Support;

namespace PayOnce.Tests.Crash;

/// <summary>
/// One organisation that exports over an API to a stand-in behind a real socket, with processes that can die or stand still at a
/// named step. The judgement is made on the stand-in's own book.
/// </summary>
public sealed class ApiWorld : IAsyncDisposable
{
    /// <summary>Four batches of three.</summary>
    public const int Claims = 12;

    private readonly StoreDatabase database;
    private readonly HashSet<string> gone = new(StringComparer.Ordinal);
    private readonly ApiSystem system;
    private readonly bool ownsSandbox;
    private readonly RememberedEpochs epochs;
    private int processes;

    private ApiWorld(StoreDatabase database, ApiSystem system, SandboxHost sandbox, bool ownsSandbox, RememberedEpochs epochs) =>
        (this.database, this.system, Sandbox, this.ownsSandbox, this.epochs) = (database, system, sandbox, ownsSandbox, epochs);

    public SandboxHost Sandbox { get; }

    public static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <param name="quietSeconds">0 where the test knows that nothing is on the wire any more when it asks.</param>
    public static Task<ApiWorld> CreateAsync(StoreDatabase database, ProofClass proof, bool automaticRelease = false, int quietSeconds = 0, int claims = Claims, int claimsPerRequest = 3) =>
        CreateAsync(database, ApiSystem.Generic(proof) with { ClaimsPerRequest = claimsPerRequest }, automaticRelease, quietSeconds, claims);

    public static async Task<ApiWorld> CreateAsync(StoreDatabase database, ApiSystem system, bool automaticRelease = false, int quietSeconds = 0, int claims = Claims)
    {
        var world = new ApiWorld(database, system, await SandboxServer.StartAsync(system.StandIn(), new FaultPlan(), cancel: Cancel), ownsSandbox: true, new RememberedEpochs());
        await world.SetUpAsync(automaticRelease, quietSeconds, claims);
        return world;
    }

    /// <summary>
    /// The same organisation with a database as it was before its first run: a backup put back, while accounting system and witness
    /// went on.
    /// </summary>
    public async Task<ApiWorld> RestoreAsync(StoreDatabase backup, int quietSeconds = 0, int claims = Claims)
    {
        var world = new ApiWorld(backup, system, Sandbox, ownsSandbox: false, epochs);
        await world.SetUpAsync(automaticRelease: false, quietSeconds, claims);
        return world;
    }

    /// <summary>The organisation's settings lead to another address from now on.</summary>
    public async Task MoveAsync(string address)
    {
        await using var store = database.Open();
        var now = IntegrationSettings.FromStored((await store.FindIntegrationAsync(A.Org, Cancel))!.SettingsJson);
        await store.SaveIntegrationAsync(A.Org, (now with { Api = now.Api! with { Endpoint = new Uri(address) } }).ToJson(), "test", Cancel);
    }

    private async Task SetUpAsync(bool automaticRelease, int quietSeconds, int claims)
    {
        await using var store = database.Open();
        await store.MigrateAsync(Cancel);
        await store.AddOrganisationAsync(A.Organisation(A.Org), "test", Cancel);
        var settings = $$"""
            {{{system.Exporter(Sandbox.Address)}}"quietSeconds":{{quietSeconds}},"claimsPerRequest":{{system.ClaimsPerRequest}},"parallel":2,"timeoutSeconds":20,
             "automaticRelease":{{(automaticRelease ? "true" : "false")}},"retry":{"tries":3,"baseDelaySeconds":0.01,"maximumDelaySeconds":0.02,"budgetSeconds":20} },
             "transport":"api","format":"json"}
            """;
        var (parsed, problems) = IntegrationSettings.Parse("integration.json", Encoding.UTF8.GetBytes(settings));
        Assert.Empty(problems);
        await store.SaveIntegrationAsync(A.Org, parsed!.ToJson(), "test", Cancel);
        await store.TakeInAsync(A.Org, A.Records(claims), "claims.csv", "test", Cancel);
    }

    public IStore Open() => database.Open();

    /// <summary>Starts a process of its own: another store object, another place in the lease.</summary>
    /// <param name="clock">The process's own; null: the machine's.</param>
    public ApiProcess StartProcess(string? dieAt = null, int occurrence = 1, TimeProvider? clock = null) => new(this, $"process-{++processes}", dieAt, occurrence, clock ?? TimeProvider.System);

    /// <summary>Runs once with a process that nothing happens to.</summary>
    public async Task<RunReport> RunAsync()
    {
        var outcome = await StartProcess().RunUntilDeadAsync();
        return Assert.IsType<RunOutcome.Ended>(outcome).Report;
    }

    /// <summary>What must hold whenever nobody runs and nothing is on the wire.</summary>
    public async Task<Verdict> JudgeAsync()
    {
        await Sandbox.IdleAsync(Cancel);
        await using var store = database.Open();
        return await Judge.JudgeBookAsync(store, A.Org, Sandbox.StandIn.Bookings.Where(system.Pays).Select(booking => booking.Key), Cancel);
    }

    public async ValueTask DisposeAsync()
    {
        if (ownsSandbox) await Sandbox.DisposeAsync();
        await database.DisposeAsync();
    }

    /// <summary>A process with its own store object and its own connections, that dies or stands still where it is told.</summary>
    public sealed class ApiProcess(ApiWorld world, string holder, string? dieAt, int occurrence, TimeProvider clock) : ISteps, INode, IApiConnector, IDisposable
    {
        private readonly TaskCompletionSource reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource goOn = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly IStore store = world.database.Open();
        private readonly HttpMessageInvoker http = new(new SocketsHttpHandler { AllowAutoRedirect = false });
        private int times;
        private long numbers;

        public string Holder => holder;

        /// <summary>Completes when the process stands at its step.</summary>
        public Task Reached => reached.Task;

        public bool IsGone(string holder) => world.gone.Contains(holder);

        public long NextNumber() => Interlocked.Increment(ref numbers);

        public async ValueTask At(string name)
        {
            // A dead process takes no further step anywhere: its senders stop where they are.
            if (reached.Task.IsCompleted && !goOn.Task.IsCompleted) await goOn.Task;
            if (name != dieAt || Interlocked.Increment(ref times) != occurrence) return;
            reached.SetResult();
            await goOn.Task;
        }

        public Task<(IAccountingApi? Api, IReadOnlyList<Problem> Problems)> OpenAsync(IntegrationSettings settings, RenderContext context, CancellationToken cancel)
        {
            var api = ExporterCatalogue.Get(settings.Exporter).Api!.Open(settings, context, world.system.Secrets, new AccountingClient(http, clock));
            return Task.FromResult<(IAccountingApi?, IReadOnlyList<Problem>)>((api, []));
        }

        public Task<RunOutcome> RunAsync(CancellationToken stop) => Engine().RunAsync(new RunRequest(A.Org, holder), null, stop);

        public Task<ReconcileOutcome> ReconcileAsync(bool all = false) => Engine().ReconcileAsync(new ReconcileRequest(A.Org, holder, all), CancellationToken.None);

        public Task<AdoptAnswer> AdoptAsync(params AdoptedClaim[] claims) => Engine().AdoptAsync(A.Org, claims, "cut-over", holder);

        private ExportEngine Engine() => new(store, new Outside(new PublishFolder(this), this, world.epochs, () => 0), clock, this, this);

        /// <summary>Runs until it ends (the outcome) or dies at its step (null).</summary>
        public async Task<RunOutcome?> RunUntilDeadAsync()
        {
            var run = RunAsync(CancellationToken.None);
            if (await Task.WhenAny(run, reached.Task) == run)
            {
                var outcome = await run;
                await CloseAsync();
                return outcome;
            }
            await DieAsync();
            return null;
        }

        /// <summary>
        /// The process is gone: its connections are cut, and others can tell. What it had sent arrives now or never: the quiet time of
        /// these tests is zero, and none of them is about a request that comes after it.
        /// </summary>
        public async Task DieAsync()
        {
            await CloseAsync();
            await world.Sandbox.IdleAsync(Cancel);
            world.gone.Add(holder);
        }

        /// <summary>Others take it for dead while it only stands still: a paused process whose lease ran out.</summary>
        public void LooksDead() => world.gone.Add(holder);

        /// <summary>It wakes up and goes on where it stood.</summary>
        public void WakeUp() => goOn.SetResult();

        public async ValueTask CloseAsync()
        {
            Dispose();
            await store.DisposeAsync();
        }

        /// <summary>Its connections are cut.</summary>
        public void Dispose() => http.Dispose();
    }
}
