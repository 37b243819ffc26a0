using System.Text;
using PayOnce.Exporters;
using PayOnce.Exporters.Api;
using PayOnce.Guard;
using PayOnce.Reconciliation;
using PayOnce.Runs;
using PayOnce.Stores;
using PayOnce.Tests.Crash;
using PayOnce.Tests.Support;

namespace PayOnce.Tests.Runs;

/// <summary>An organisation with claims that wait, a <see cref="ScriptedSystem"/> to export to, and processes on a clock that the test moves.</summary>
internal sealed class EngineScene : IApiConnector, ISteps, IAsyncDisposable
{
    /// <summary>Settings by which a run's file is fetched from PayOnce.</summary>
    public const string ByFile = """{"exporter":"generic","transport":"file","format":"csv"}""";

    private const string OverApi = """{"exporter":"generic","transport":"api","format":"json","api":{"endpoint":"http://127.0.0.1:9/","proofClass":"unique"}}""";

    // What must happen happens at once: this is how long a test waits before it says that it does not.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly SqliteDatabase database = new();
    private readonly RememberedEpochs epochs = new();
    private readonly Lock access = new();
    private readonly List<string> steps = [];
    private readonly ScriptedSystem system;

    private EngineScene(ScriptedSystem system)
    {
        this.system = system;
        Store = database.Open();
    }

    public IStore Store { get; }

    /// <summary>The store's clock, and every process's.</summary>
    public ManualTime Clock => database.Clock;

    /// <summary>Called at each step of the first process.</summary>
    public Func<string, Task>? AtStep { get; set; }

    /// <summary>What is missing to open the API.</summary>
    public IReadOnlyList<Problem> Missing { get; set; } = [];

    /// <summary>The first process's steps so far.</summary>
    public IReadOnlyList<string> Steps
    {
        get
        {
            lock (access) return [.. steps];
        }
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static async Task<EngineScene> CreateAsync(ScriptedSystem system, int claims)
    {
        var scene = new EngineScene(system);
        await scene.Store.AddOrganisationAsync(A.Organisation(A.Org), "test", Cancel);
        await scene.UseAsync(OverApi);
        await scene.TakeInAsync(claims);
        return scene;
    }

    /// <summary>Saves other settings.</summary>
    public async Task UseAsync(string settings)
    {
        var (parsed, problems) = IntegrationSettings.Parse("integration.json", Encoding.UTF8.GetBytes(settings));
        Assert.Empty(problems);
        await Store.SaveIntegrationAsync(A.Org, parsed!.ToJson(), "test", Cancel);
    }

    /// <summary>Takes in the claims up to this number that are not there yet.</summary>
    public Task TakeInAsync(int claims) => Store.TakeInAsync(A.Org, A.Records(claims), "claims.csv", "test", Cancel);

    /// <summary>The process that the test is about.</summary>
    /// <param name="batchSize">Of a file; null for what the store does best.</param>
    public ExportEngine First(int? batchSize = null) => Engine("first", others: false, this, batchSize);

    /// <summary>Another one; it may know that the first is gone.</summary>
    public ExportEngine Second(bool firstIsGone = false) => Engine("second", firstIsGone, NoSteps.Instance);

    /// <summary>While the accounting system is asked the next time, another process takes over and asks in vain.</summary>
    public void TakeOverWhenAsked() => system.BeforeReadBack = async () =>
    {
        system.BeforeReadBack = null;
        system.Mute = "Not now.";
        Assert.IsType<ReconcileOutcome.Ended>(await Second(firstIsGone: true).ReconcileAsync(new ReconcileRequest(A.Org, "kari"), Cancel));
        system.Mute = null;
    };

    /// <summary>One that reaches no accounting system.</summary>
    public ExportEngine ForFilesOnly() => new(Store, Outside.FilesOnly(new PublishFolder(this)), Clock, new Process("first", othersAreGone: false), this);

    /// <param name="stop">A person's wish to stop.</param>
    public Task<RunOutcome> RunAsync(Action<RunProgress>? progress = null, CancellationTokenSource? stop = null) =>
        First().RunAsync(new RunRequest(A.Org, "kari"), progress, stop?.Token ?? CancellationToken.None);

    /// <param name="all">The whole history, too.</param>
    public async Task<ReconcileReport> ReconcileAsync(bool all = false, CancellationTokenSource? stop = null) =>
        Assert.IsType<ReconcileOutcome.Ended>(await Soon(First().ReconcileAsync(new ReconcileRequest(A.Org, "kari", all), stop?.Token ?? CancellationToken.None))).Report;

    /// <summary>The database was put back from a backup, as its witness will notice.</summary>
    public Task PutBackAsync() => epochs.RaiseAsync(A.Org, new WitnessedEpoch(1_000, "a run that the backup has forgotten"), Cancel);

    /// <summary>Claims were adopted that the database knows nothing of.</summary>
    public Task AdoptedElsewhereAsync() => epochs.AdoptedAsync(A.Org, new WitnessedEpoch(1, "an adoption that the backup has forgotten"), Cancel);

    public async Task<Mark> MarkOf(string claimId) => (await Store.FindClaimAsync(A.Org, claimId, Cancel))!.Marks[^1];

    /// <summary>The end of a run that comes without the clock's help.</summary>
    public static async Task<RunReport> EndOf(Task<RunOutcome> run) => Assert.IsType<RunOutcome.Ended>(await run.WaitAsync(Patience, Cancel)).Report;

    public static async Task FencedOff(Task<RunOutcome> run) => Assert.IsType<RunOutcome.TakenOver>(await run.WaitAsync(Patience, Cancel));

    public static Task Soon(Task task) => task.WaitAsync(Patience, Cancel);

    public static Task<T> Soon<T>(Task<T> task) => task.WaitAsync(Patience, Cancel);

    /// <summary>Waits until so many wait for the clock.</summary>
    public async Task TimersAsync(int count)
    {
        for (var began = TimeProvider.System.GetTimestamp(); Clock.Timers < count;)
        {
            Assert.True(TimeProvider.System.GetElapsedTime(began) < Patience, $"{Clock.Timers} wait for the clock, not {count}.");
            await Task.Delay(1, Cancel);
        }
    }

    /// <summary>How each try of a run ended, in the order of the register.</summary>
    public async Task<IReadOnlyList<Attempt>> EndsAsync(long runId = 1) => [.. (await Store.ListAttemptsAsync(A.Org, runId, Cancel)).Where(row => row.Step == AttemptStep.Finished)];

    /// <summary>How often the API was opened.</summary>
    public int Opened { get; private set; }

    public Task<(IAccountingApi? Api, IReadOnlyList<Problem> Problems)> OpenAsync(IntegrationSettings settings, RenderContext context, CancellationToken cancel)
    {
        if (Missing.Count == 0) Opened++;
        return Task.FromResult<(IAccountingApi?, IReadOnlyList<Problem>)>(Missing.Count > 0 ? (null, Missing) : (system, []));
    }

    public async ValueTask At(string name)
    {
        lock (access) steps.Add(name);
        if (AtStep is { } hook) await hook(name);
    }

    public async ValueTask DisposeAsync()
    {
        await Store.DisposeAsync();
        await database.DisposeAsync();
    }

    private ExportEngine Engine(string holder, bool others, ISteps steps, int? batchSize = null) => new(Store, new Outside(new PublishFolder(steps), this, epochs, () => 0), Clock, new Process(holder, others), steps, batchSize);

    private sealed class Process(string holder, bool othersAreGone) : INode
    {
        private static long numbers;

        public string Holder => holder;

        public bool IsGone(string other) => othersAreGone && other != holder;

        public long NextNumber() => Interlocked.Increment(ref numbers);
    }
}
