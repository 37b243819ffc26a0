using System.Text.RegularExpressions;
using Npgsql;
using PayOnce.Exporters.Api;
using PayOnce.Sources;
using PayOnce.Stores;
using PayOnce.Tests.Support;
using PayOnce.Tests.Tree;

namespace PayOnce.Tests.Sources;

/// <summary>An organisation's own database as docs/claims-source.md has it made, and PayOnce beside it.</summary>
internal sealed class SourceScene : IAsyncDisposable, ISourceSecrets
{
    private readonly PostgresCluster cluster;
    private readonly StoreDatabase database;
    private readonly string theirs;

    private SourceScene(PostgresCluster cluster, StoreDatabase database, string theirs) => (this.cluster, this.database, this.theirs) = (cluster, database, theirs);

    public required IServerStore Store { get; init; }

    /// <summary>What the secret says; a test breaks it here.</summary>
    public string Connection { get; set; } = "";

    public SourceSettings Settings { get; set; } = new() { BatchSize = 100, StatementSeconds = 5 };

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static async Task<SourceScene> MakeAsync(PostgresCluster cluster, string kind)
    {
        var theirs = await cluster.CreateDatabaseAsync(migrated: false);
        StoreDatabase database = kind == "sqlite" ? new SqliteDatabase(TimeProvider.System) : await PostgresDatabase.CreateAsync(cluster);
        var scene = new SourceScene(cluster, database, theirs) { Store = (IServerStore)database.Open() };
        await scene.Store.MigrateAsync(Cancel);
        await scene.Store.AddOrganisationAsync(A.Organisation(A.Org), "set-up", Cancel);
        var document = SourceTree.Files("*.md").Single(file => file.Name == "docs/claims-source.md").Lines;
        // Roles belong to the whole server, and each test has its own.
        var role = "reader_" + new NpgsqlConnectionStringBuilder(theirs).Database;
        foreach (Match block in Regex.Matches(string.Join((char)10, document), "```sql\n(.*?)```", RegexOptions.Singleline)) await scene.TheirsAsync(block.Groups[1].Value.Replace("payonce_reader", role, StringComparison.Ordinal));
        var parts = new NpgsqlConnectionStringBuilder(theirs);
        scene.Connection = FormattableString.Invariant($"postgres://{role}:replace-this@{parts.Host}:{parts.Port}/{parts.Database}");
        return scene;
    }

    public ClaimsSource Source(bool loopback = true) => new(Store, Store, this, EndpointRules.Parse(null, loopback).Rules!, TimeProvider.System);

    public async Task SaveAsync(SourceSettings? settings = null)
    {
        Settings = settings ?? Settings;
        var before = await Store.FindSourceAsync(A.Org, Cancel);
        Assert.IsType<PayOnce.Scheduling.SaveAnswer<StoredSource>.Saved>(await Store.SaveSourceAsync(A.Org, Settings, before?.Version ?? 0, "kari", Cancel));
    }

    public async Task<ReadingReport> ReadAsync() => Assert.IsType<SourceAnswer.Done>(await Source().ReadAsync(A.Org, Cancel)).Report;

    public async Task<string> FailAsync() => Assert.IsType<SourceAnswer.Failed>(await Source().ReadAsync(A.Org, Cancel)).Why;

    public async Task<IReadOnlyList<string>> RefusedAsync() => [.. (await Store.ListRefusalsAsync(A.Org, null, 100, Cancel)).Select(row => $"{row.ClaimId}: {row.Reason}")];

    public async Task<IReadOnlyList<string>> WaitingAsync() => [.. (await Store.ListClaimsAsync(A.Org, new ClaimFilter(Waiting: true), null, 1_000, Cancel)).Select(claim => claim.ClaimId)];

    /// <summary>Claims C-0001, C-0002, …, each approved a minute after the one before.</summary>
    public Task ApproveAsync(int count, string prefix = "C-", string at = "2026-01-05 10:00Z") => TheirsAsync(
        $"""
        insert into expense_claims (id, member_no, member_name, approved_at, approved_by)
        select '{prefix}' || lpad(n::text, 4, '0'), 'M' || n, 'Kari Nordmann', '{at}'::timestamptz + n * interval '1 minute', 'leder@example.org' from generate_series(1, {count}) n;
        insert into expense_lines (claim_id, line, spent_on, category, description, amount)
        select '{prefix}' || lpad(n::text, 4, '0'), 1, '2026-01-02', 'train', 'Oslo – Hamar, 2. "klasse"', 100 + n from generate_series(1, {count}) n;
        """);

    /// <summary>Statements of theirs, as the owner of their database.</summary>
    public Task TheirsAsync(string sql) => cluster.ExecuteAsync(new NpgsqlConnectionStringBuilder(theirs).Database!, sql);

    /// <summary>What was told back, a line a row.</summary>
    public async Task<IReadOnlyList<string>> ToldAsync()
    {
        await using var connection = new NpgsqlConnection(theirs);
        await connection.OpenAsync(Cancel);
        await using var command = new NpgsqlCommand("select concat_ws(' ', claim_id, state, run, acknowledgement, case when exported_at is not null then 'at' end) from payonce_exports order by 1", connection);
        await using var reader = await command.ExecuteReaderAsync(Cancel);
        var rows = new List<string>();
        while (await reader.ReadAsync(Cancel)) rows.Add(reader.GetString(0));
        return rows;
    }

    public Task<(string? Connection, string? Trouble)> FindAsync(string organisationId, CancellationToken cancel) => Task.FromResult<(string?, string?)>((Connection, null));

    public async ValueTask DisposeAsync()
    {
        await Store.DisposeAsync();
        await database.DisposeAsync();
        await cluster.DropDatabaseAsync(theirs);
    }
}
