using System.Text;
using PayOnce.Exporters;
using PayOnce.Runs;
using PayOnce.Stores;
using PayOnce.Tests.Support;

namespace PayOnce.Tests.Crash;

/// <summary>
/// One organisation with a few claims, real storage, a real folder, and processes that can die or stand still at a named step.
/// A dead process is one whose continuation never comes: no finally, no using, no catch; then its connections are cut.
/// </summary>
public sealed class CrashWorld : IAsyncDisposable
{
    /// <summary>Three batches of at most five.</summary>
    public const int Claims = 12;

    private const int BatchSize = 5;

    private readonly StoreDatabase database;
    private readonly HashSet<string> gone = new(StringComparer.Ordinal);
    private readonly bool publishes;
    private readonly RememberedEpochs epochs;
    private int processes;

    private CrashWorld(StoreDatabase database, bool publishes, RememberedEpochs epochs)
    {
        (this.database, this.publishes, this.epochs) = (database, publishes, epochs);
        Folder = Directory.CreateTempSubdirectory("payonce-folder-").FullName;
    }

    /// <summary>Where files are published.</summary>
    public string Folder { get; }

    public static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static Task<CrashWorld> CreateAsync(StoreDatabase database, bool publishes) => CreateAsync(database, publishes, new RememberedEpochs());

    /// <summary>The same organisation with a database as it was before its first run: a backup put back, while the witness went on.</summary>
    public Task<CrashWorld> RestoreAsync(StoreDatabase backup) => CreateAsync(backup, publishes, epochs);

    private static async Task<CrashWorld> CreateAsync(StoreDatabase database, bool publishes, RememberedEpochs epochs)
    {
        var world = new CrashWorld(database, publishes, epochs);
        await using var store = database.Open();
        await store.MigrateAsync(Cancel);
        await store.AddOrganisationAsync(A.Organisation(A.Org), "test", Cancel);
        var settings = publishes
            ? $$"""{"exporter":"generic","transport":"file","format":"csv","folder":{{System.Text.Json.JsonSerializer.Serialize(world.Folder)}}}"""
            : """{"exporter":"generic","transport":"file","format":"csv"}""";
        var (parsed, problems) = IntegrationSettings.Parse("integration.json", Encoding.UTF8.GetBytes(settings));
        Assert.Empty(problems);
        await store.SaveIntegrationAsync(A.Org, parsed!.ToJson(), "test", Cancel);
        await store.TakeInAsync(A.Org, A.Records(Claims), "claims.csv", "test", Cancel);
        return world;
    }

    /// <summary>Starts a process of its own: another store object, another place in the lease.</summary>
    /// <param name="clock">The process's own; null: the machine's.</param>
    public CrashProcess StartProcess(string? dieAt = null, int occurrence = 1, Hindrance hindrance = Hindrance.None, TimeProvider? clock = null) =>
        new(this, $"process-{++processes}", dieAt, occurrence, hindrance, clock ?? TimeProvider.System);

    /// <summary>What must hold whenever nobody runs.</summary>
    public async Task<Verdict> JudgeAsync()
    {
        await using var store = database.Open();
        var verdict = await Judge.JudgeAsync(store, A.Org, publishes ? Folder : null, Cancel);
        Assert.Equal(Claims, verdict.Claims);
        return verdict;
    }

    public async ValueTask DisposeAsync()
    {
        await database.DisposeAsync();
        Directory.Delete(Folder, recursive: true);
    }

    /// <summary>A process with its own store object, that dies or stands still where it is told.</summary>
    public sealed class CrashProcess(CrashWorld world, string holder, string? dieAt, int occurrence, Hindrance hindrance, TimeProvider clock) : ISteps, INode
    {
        private readonly TaskCompletionSource reached = new();
        private readonly TaskCompletionSource goOn = new();
        private readonly IStore store = world.database.Open();
        private int times;
        private long numbers;

        public string Holder => holder;

        /// <summary>Completes when the process stands at its step.</summary>
        public Task Reached => reached.Task;

        public bool IsGone(string holder) => world.gone.Contains(holder);

        public long NextNumber() => Interlocked.Increment(ref numbers);

        public async ValueTask At(string name)
        {
            if (name != dieAt || ++times != occurrence) return;
            reached.SetResult();
            await goOn.Task;
        }

        public Task<RunOutcome> RunAsync(bool wait = false) =>
            new ExportEngine(store, new Outside(new HinderedFolder(new PublishFolder(this), hindrance), null, world.epochs, () => 0), clock, this, this, BatchSize)
                .RunAsync(new RunRequest(A.Org, holder) { WaitWhenBusy = wait }, null, CancellationToken.None);

        /// <summary>Runs until it ends (the outcome) or dies at its step (null).</summary>
        public async Task<RunOutcome?> RunUntilDeadAsync()
        {
            var run = RunAsync();
            if (await Task.WhenAny(run, reached.Task) == run)
            {
                await store.DisposeAsync();
                return await run;
            }
            await DieAsync();
            return null;
        }

        /// <summary>The process is gone: its connections are cut, and others can tell.</summary>
        public async Task DieAsync()
        {
            await store.DisposeAsync();
            world.gone.Add(holder);
        }

        /// <summary>Others take it for dead while it only stands still: a paused process whose lease ran out.</summary>
        public void LooksDead() => world.gone.Add(holder);

        /// <summary>It wakes up and goes on where it stood.</summary>
        public void WakeUp() => goOn.SetResult();

        public ValueTask CloseAsync() => store.DisposeAsync();
    }
}
