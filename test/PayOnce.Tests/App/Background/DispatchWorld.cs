using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using PayOnce.App.Background;
using PayOnce.Exporters;
using PayOnce.Runs;
using PayOnce.Scheduling;
using PayOnce.Stores;
using PayOnce.Tests.Support;

namespace PayOnce.Tests.App.Background;

/// <summary>Organisations with a few claims and several nodes at their queue, each with a store object of its own, that can die or stand still at a named step.</summary>
internal sealed class DispatchWorld(StoreDatabase database) : IAsyncDisposable
{
    /// <summary>More batches of five than any store reserves ahead of one that stands still.</summary>
    public const int Claims = 60;

    private readonly HashSet<string> gone = new(StringComparer.Ordinal);
    private readonly List<Node> nodes = [];

    public IStore Store { get; } = database.Open();

    public IRequestStore Requests => (IRequestStore)Store;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static async Task<DispatchWorld> CreateAsync(StoreDatabase database, params string[] organisations)
    {
        var world = new DispatchWorld(database);
        await world.Store.MigrateAsync(Cancel);
        foreach (var organisation in organisations.DefaultIfEmpty(A.Org))
        {
            await world.Store.AddOrganisationAsync(A.Organisation(organisation), "test", Cancel);
            var (parsed, problems) = IntegrationSettings.Parse("integration.json", Encoding.UTF8.GetBytes("""{"exporter":"generic","transport":"file","format":"csv"}"""));
            Assert.Empty(problems);
            await world.Store.SaveIntegrationAsync(organisation, parsed!.ToJson(), "test", Cancel);
            await world.Store.TakeInAsync(organisation, A.Records(Claims, organisationId: organisation), "claims.csv", "test", Cancel);
        }
        return world;
    }

    public async Task<long> AskAsync(RequestScope? scope = null, string organisationId = A.Org, WhenBusy whenBusy = WhenBusy.Queue) =>
        Assert.IsType<QueueAnswer.Queued>(await Requests.QueueRequestAsync(
            new RunOrder(organisationId, RequestKind.Sync, RunTrigger.Manual, "kari") { Scope = scope ?? RequestScope.Everything, WhenBusy = whenBusy }, _ => false, Cancel)).Request.RequestId;

    /// <summary>Starts a node; it stands still for ever at its step, if one is given, the so-many-eth time.</summary>
    public async Task<Node> StartNodeAsync(string? standAt = null, int occurrence = 1)
    {
        var node = new Node(FormattableString.Invariant($"node-{nodes.Count + 1}"), database.Open(), gone, standAt, occurrence);
        nodes.Add(node);
        await node.Dispatcher.StartAsync(Cancel);
        return node;
    }

    /// <summary>The node is gone for certain, and its connections with it; nothing of it runs on.</summary>
    public async Task KillAsync(Node node)
    {
        await node.Store.DisposeAsync();
        gone.Add(node.Holder);
    }

    /// <summary>Waits until the request is over.</summary>
    public async Task<(StoredRequest Request, RequestOutcome Outcome)> EndOfAsync(long requestId, string organisationId = A.Org)
    {
        while (true)
        {
            var request = (await Requests.FindRequestAsync(organisationId, requestId, Cancel))!;
            if (request.OutcomeJson is { } json) return (request, RequestOutcome.FromStored(json));
            await Task.Delay(20, Cancel);
        }
    }

    public async Task<Verdict> JudgeAsync(string organisationId = A.Org) => await Judge.JudgeAsync(Store, organisationId, null, Cancel);

    public async ValueTask DisposeAsync()
    {
        foreach (var node in nodes.Where(node => !gone.Contains(node.Holder)))
        {
            node.GoOn();
            await node.Dispatcher.StopAsync(CancellationToken.None);
        }
        foreach (var node in nodes) await node.Store.DisposeAsync();
        await Store.DisposeAsync();
        await database.DisposeAsync();
    }

    internal sealed class Node : ISteps, INode
    {
        private readonly TaskCompletionSource reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource goOn = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly HashSet<string> gone;
        private readonly string? standAt;
        private readonly int occurrence;
        private int times;
        private long numbers;

        public Node(string holder, IStore store, HashSet<string> gone, string? standAt, int occurrence)
        {
            (Holder, Store, this.gone, this.standAt, this.occurrence) = (holder, store, gone, standAt, occurrence);
            Dispatcher = new RunDispatcher((IRequestStore)store, () => new ExportEngine(store, Outside.FilesOnly(new PublishFolder(this)), TimeProvider.System, this, this, batchSize: 5),
                TimeProvider.System, this, Woken, new NotificationSignal(), NullLogger<RunDispatcher>.Instance);
        }

        public string Holder { get; }

        public IStore Store { get; }

        public RequestSignal Woken { get; } = new();

        public RunDispatcher Dispatcher { get; }

        /// <summary>Completes when the node stands at its step.</summary>
        public Task Reached => reached.Task;

        public void GoOn() => goOn.TrySetResult();

        public bool IsGone(string holder) => gone.Contains(holder);

        public long NextNumber() => Interlocked.Increment(ref numbers);

        public async ValueTask At(string name)
        {
            if (name != standAt || ++times != occurrence) return;
            reached.SetResult();
            await goOn.Task;
        }
    }
}
