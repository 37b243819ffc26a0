using PayOnce.Exporters;
using PayOnce.Exporters.Api;
using PayOnce.Runs;
using PayOnce.Stores;

namespace PayOnce.Simulator;

/// <summary>
/// One life of a node: what the engine sees of its process. When it dies, its continuations and timers are thrown away: nothing of
/// it runs any more, no finally and no using, just as after a SIGKILL. What it sent lives on in the network.
/// </summary>
internal sealed class Process : INode, ISteps, IApiConnector, IEpochWitness
{
    private readonly World world;
    private readonly Context context;
    private readonly IStore store;
    private int sends;
    private bool lostDatabase;
    private long numbers;

    public Process(World world, string node, int life)
    {
        this.world = world;
        (Node, Holder) = (node, life == 1 ? node : FormattableString.Invariant($"{node}{life}"));
        context = new Context(world.Pump, this);
        Clock = new Clock(world.Pump, this);
        store = StoreSeam.Create(world, this);
    }

    public string Node { get; }

    public string Holder { get; }

    public Clock Clock { get; }

    public bool IsDead { get; private set; }

    /// <summary>Until then it stands still.</summary>
    public TimeSpan StandsUntil { get; set; }

    /// <summary>Runs under way.</summary>
    public int Runs { get; private set; }

    /// <summary>Something may be about to leave: it was looked at the deadline, and the bytes are not out yet.</summary>
    public bool IsSending => sends > 0;

    public bool IsGone(string holder) => world.SeesDeath(holder);

    public long NextNumber() => Interlocked.Increment(ref numbers);

    public void Die() => IsDead = true;

    /// <summary>A backup was put back while it ran.</summary>
    public void LoseDatabase() => lostDatabase = Runs > 0;

    /// <summary>Does something as code of this process, in its context.</summary>
    public void Do(Action what)
    {
        SynchronizationContext.SetSynchronizationContext(context);
        try
        {
            what();
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(null);
        }
    }

    /// <summary>Lets the process use an engine, as its own host would. What it throws beyond a store that cannot be used is a bug.</summary>
    public void Start(Func<ExportEngine, Task> job)
    {
        var outside = new Outside(world.Folder.For(this), this, this, () => world.Choices.Share("jitter"));
        var engine = new ExportEngine(store, outside, Clock, this, this, world.Climate.BatchSize);
        Do(() => _ = GuardedAsync(() => job(engine)));
    }

    private async Task GuardedAsync(Func<Task> job)
    {
        Runs++;
        if (Runs == 1) lostDatabase = false;
        try
        {
            await job();
        }
        catch (StoreUnavailableException)
        {
            world.Tell(Holder, "ends its run: the store cannot be used");
            world.Stats.Count("ended without a store");
        }
        // The tables it was working with are gone: it may well find itself in an impossible place, and must only do no harm.
        catch (Exception) when (lostDatabase)
        {
            world.Tell(Holder, "ends its run: the database was put back under it");
            world.Stats.Count("ended when the database was put back");
        }
        catch (Exception fault)
        {
            world.Judge.Break(Rule.NoBugThrows, $"{Holder} threw {fault.GetType().Name}: {fault.Message} {fault.StackTrace?.Split('\n').FirstOrDefault(line => line.Contains("PayOnce", StringComparison.Ordinal))?.Trim()}");
        }
        Runs--;
    }

    /// <inheritdoc/>
    public ValueTask At(string name)
    {
        if (name == StepNames.Before(StepNames.Send) || name == StepNames.Before(StepNames.Publish)) sends++;
        world.Stats.Step(name);
        world.Tell(Holder, name, detail: true);
        world.Trouble.AtStep(this, name);
        if (name == StepNames.After(StepNames.Send) || name == StepNames.After(StepNames.Publish)) sends--;
        if (IsDead) return new ValueTask(new TaskCompletionSource().Task);
        return StandsUntil > world.Pump.Now ? new ValueTask(world.LaterAsync(StandsUntil - world.Pump.Now, () => true, this)) : ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public Task<(IAccountingApi? Api, IReadOnlyList<Problem> Problems)> OpenAsync(IntegrationSettings settings, RenderContext context, CancellationToken cancel)
    {
        var ledger = world.LedgerAt(settings.Api!.Endpoint!.Port);
        var scrubber = new Scrubber(ledger.Secrets.Values);
        var http = new HttpMessageInvoker(new Wire(world, this));
        var api = ExporterCatalogue.Get(settings.Exporter).Api!.Open(settings, context, ledger.Secrets, new AccountingClient(http, Clock, scrubber));
        IAccountingApi opened = new ScrubbedApi(world.Trial.Planted?.Wrap(api) ?? api, scrubber, http);
        return Task.FromResult<(IAccountingApi?, IReadOnlyList<Problem>)>((opened, []));
    }

    /// <inheritdoc/>
    public Task<WitnessedEpoch> HighestAsync(string organisationId, CancellationToken cancel) => world.LaterAsync(TimeSpan.FromMilliseconds(1), () => world.Witnessed, this);

    /// <inheritdoc/>
    public Task RaiseAsync(string organisationId, WitnessedEpoch epoch, CancellationToken cancel)
    {
        if (epoch.Epoch > world.Witnessed.Epoch) world.Witnessed = epoch;
        return world.LaterAsync(TimeSpan.FromMilliseconds(1), () => true, this);
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<string>> AdoptionsAsync(string organisationId, CancellationToken cancel) =>
        world.LaterAsync<IReadOnlyList<string>>(TimeSpan.FromMilliseconds(1), () => [.. world.Adoptions], this);

    /// <inheritdoc/>
    public Task AdoptedAsync(string organisationId, WitnessedEpoch epoch, CancellationToken cancel)
    {
        world.Adoptions.Add(epoch.Nonce!);
        return RaiseAsync(organisationId, epoch, cancel);
    }

    private sealed class Context(Pump pump, Process process) : SynchronizationContext
    {
        public override void Post(SendOrPostCallback d, object? state) => pump.Post(process, d, state);

        public override void Send(SendOrPostCallback d, object? state) => throw new NotSupportedException("The engine sends nothing to its context.");

        public override SynchronizationContext CreateCopy() => this;
    }
}
