using System.CommandLine;
using PayOnce.App.Host;
using PayOnce.App.Output;
using PayOnce.Exporters;
using PayOnce.Exporters.Api;
using PayOnce.Runs;
using PayOnce.Sources;
using PayOnce.Stores;
using PayOnce.Stores.Postgres;
using PayOnce.Stores.Sqlite;

namespace PayOnce.App;

/// <summary>One command being carried out: what was typed, by whom, and where the data is.</summary>
/// <param name="steps">What is called at every protocol step.</param>
/// <param name="stop">Cancelled by Ctrl-C and by SIGTERM.</param>
internal sealed class Call(ParseResult typed, GlobalOptions options, Surroundings surroundings, ISteps steps, CancellationToken stop) : IAsyncDisposable
{
    /// <summary>The environment variable that names a folder outside the database for what must not be restored with it.</summary>
    public const string StateVariable = "PAYONCE_STATE";

    private IServerStore? store;

    public Surroundings Surroundings => surroundings;

    public ISteps Steps => steps;

    public CancellationToken Stop => stop;

    public bool Json => typed.GetValue(options.Json);

    /// <summary>Who asks; stands in the history and the audit trail.</summary>
    public string Actor => typed.GetValue(options.As) ?? surroundings.User;

    /// <summary>Null if <c>--data</c> and <c>--postgres</c> were both given.</summary>
    public Storage? Storage => Storage.Choose(typed.GetValue(options.Data), typed.GetValue(options.Postgres), surroundings);

    /// <summary>Whether a folder or database was named on the command line.</summary>
    public bool StorageWasNamed => typed.GetValue(options.Data) is not null || typed.GetValue(options.Postgres) is not null;

    /// <summary>What opens secrets; null with PostgreSQL if nobody said where the keys are, and if it is not known where the data is.</summary>
    public SecretVault? Vault => Storage is { } storage ? SecretVault.Choose(typed.GetValue(options.Keys), storage, surroundings) : null;

    /// <summary>Which addresses may be sent to, or what is wrong with what the operator said of it.</summary>
    public (EndpointRules? Rules, IReadOnlyList<Problem> Problems) Rules => EndpointRules.Parse(surroundings.Variable(EndpointRules.Variable), loopback: Storage is Storage.Embedded);

    /// <summary>What opens an integration's API, or what is wrong with the operator's endpoint rules.</summary>
    public (IApiConnector? Connector, IReadOnlyList<Problem> Problems) Connector(IStore opened)
    {
        var (rules, problems) = Rules;
        return rules is null ? (null, problems) : (new ApiConnector(opened, Vault, rules, surroundings.Clock), problems);
    }

    /// <summary>Notes that personal data is about to be shown, where the organisation asks for it. If that cannot be noted, the command ends with nothing shown.</summary>
    public Task NoteViewAsync(IServerStore opened, string org, string what, string subject) => Privacy.PersonalViews.NoteAsync(opened, org, what, subject, "command", Actor, stop);

    public T Get<T>(Argument<T> argument) => typed.GetValue(argument)!;

    public T? Get<T>(Option<T> option) => typed.GetValue(option);

    /// <summary>Times in this organisation's zone.</summary>
    public Moments Moments(Organisation organisation) => new(surroundings.Clock, organisation.TimeZone);

    /// <summary>Opens the store, which stays open until the answer is printed.</summary>
    /// <param name="create">Whether an embedded store is made where there is none. Only commands that begin something do so: a mistyped folder must not look like an empty one.</param>
    public async Task<Answer> WithStoreAsync(Func<IServerStore, Task<Answer>> body, bool create = false)
    {
        if (Storage is not { } storage) return Answer.Unusable("--data and --postgres cannot both be given: the data is in one place.");
        if (storage is Storage.Embedded { } embedded)
        {
            if (!File.Exists(embedded.Database) && !create)
            {
                return Answer.Unusable($"There is no PayOnce data in {embedded.Folder}. `payonce organisations add ORG` makes it there; --data DIR names another folder.");
            }
            MakePrivateFolder(embedded.Folder);
        }
        store = Open(storage, surroundings.Clock);
        await store.MigrateAsync(stop);
        return await body(store);
    }

    /// <summary>Opens the store for one organisation.</summary>
    public Task<Answer> WithOrganisationAsync(Argument<string> argument, Func<IServerStore, Organisation, Task<Answer>> body) => WithStoreAsync(async opened =>
    {
        var id = Get(argument);
        if (Organisation.IsValidId(id) && await opened.FindOrganisationAsync(id, stop) is { } organisation) return await body(opened, organisation);
        var known = await opened.ListOrganisationsAsync(stop);
        return Answer.Unusable(known.Count == 0
            ? $"There is no organisation \"{Problem.Printable(id)}\": none was added yet. Add it with `payonce organisations add`."
            : $"There is no organisation \"{Problem.Printable(id)}\". Known are {Wording.List([.. known.Take(20).Select(o => o.OrganisationId)])}.");
    });

    /// <summary>The engine over an opened store, with everything outside it that this process has.</summary>
    public ExportEngine Engine(IServerStore opened)
    {
        var (connector, problems) = Connector(opened);
        var outside = new Outside(new PublishFolder(steps), connector ?? new NoConnector(problems), Epochs, Random.Shared.NextDouble) { Source = Source(opened).Source };
        return new ExportEngine(opened, outside, surroundings.Clock, surroundings.Node, steps);
    }

    /// <summary>Where the organisation's claims are read from, or what is wrong with the operator's endpoint rules: then nothing is read.</summary>
    public (ClaimsSource? Source, IReadOnlyList<Problem> Problems) Source(IServerStore opened)
    {
        var (rules, problems) = Rules;
        return rules is null ? (null, problems) : (new ClaimsSource(opened, opened, new SourceSecrets(opened, Vault), rules, surroundings.Clock), []);
    }

    /// <summary>Stops a run of this process at a wish from elsewhere, or at Ctrl-C.</summary>
    public StopSignal StopSignal(IRequestStore opened, string organisationId) => new(opened, organisationId, surroundings.Node.Holder, surroundings.Clock, stopWhenRejected: null, stop);

    /// <summary>Beside the embedded database; for PostgreSQL where <see cref="StateVariable"/> says, and not at all where it says nothing.</summary>
    public IEpochWitness Epochs => (Storage, surroundings.Variable(StateVariable)) switch
    {
        (Storage.Embedded embedded, _) => new FileEpochWitness(Path.Combine(embedded.Folder, "epochs")),
        (_, { Length: > 0 } folder) => new FileEpochWitness(Path.Combine(surroundings.Absolute(folder), "epochs")),
        _ => NoEpochWitness.Instance,
    };

    public static IServerStore Open(Storage storage, TimeProvider clock) => storage switch
    {
        Storage.Embedded embedded => new SqliteStore(embedded.Database, clock),
        Storage.Postgres postgres => new PostgresStore(postgres.Connection, clock),
        _ => throw new ArgumentOutOfRangeException(nameof(storage)),
    };

    /// <summary>Makes a folder that only its owner can look into: claims are about people.</summary>
    public static void MakePrivateFolder(string folder)
    {
        if (Directory.Exists(folder)) return;
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(folder);
        else Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    public async ValueTask DisposeAsync()
    {
        if (store is not null) await store.DisposeAsync();
    }

    // An export by file has no use for endpoint rules: what is wrong with them is told when an API is to be opened.
    private sealed class NoConnector(IReadOnlyList<Problem> problems) : IApiConnector
    {
        public Task<(IAccountingApi? Api, IReadOnlyList<Problem> Problems)> OpenAsync(IntegrationSettings settings, RenderContext context, CancellationToken cancel) =>
            Task.FromResult<(IAccountingApi?, IReadOnlyList<Problem>)>((null, problems));
    }
}
