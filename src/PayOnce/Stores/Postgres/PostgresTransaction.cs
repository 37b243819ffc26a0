using Npgsql;
using PayOnce.Audit;
using PayOnce.Runs;

namespace PayOnce.Stores.Postgres;

/// <summary>
/// One transaction as role payonce_app, for one organisation. Role and organisation are set in the same round trip as the first
/// statement and end with the transaction, so that it works behind a transaction pooler.
/// </summary>
internal sealed class PostgresTransaction(NpgsqlConnection connection, NpgsqlTransaction transaction, string organisationId, CancellationToken cancel) : IAsyncDisposable
{
    private bool entered;

    public string OrganisationId => organisationId;

    public CancellationToken Cancel => cancel;

    public NpgsqlConnection Connection => connection;

    /// <summary>
    /// Asks another transaction whether this one was committed, should the answer get lost. A transaction without it has written
    /// nothing. Whoever appends an event has it: the trail holds exactly that event or it does not.
    /// </summary>
    public Func<PostgresTransaction, Task<bool>>? Proof { get; private set; }

    public static async Task<PostgresTransaction> BeginAsync(NpgsqlDataSource source, string organisationId, CancellationToken cancel)
    {
        var connection = await source.OpenConnectionAsync(cancel);
        try
        {
            return new PostgresTransaction(connection, await connection.BeginTransactionAsync(cancel), organisationId, cancel);
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <summary>
    /// What each transaction says first. JIT compilation costs more than any of our statements take; a commit that the server
    /// forgets in a crash would be a claim paid twice, so synchronous_commit is never off. The time limits free rows that a client
    /// locked which vanished or stands still: whoever waits for them waits longer than such a client may, and gets them.
    /// </summary>
    public static NpgsqlBatchCommand Entry(string organisationId) => Sql.Of(
        """
        select set_config('role', 'payonce_app', true), set_config('payonce.organisation', $1, true), set_config('jit', 'off', true),
               set_config('work_mem', '32MB', true), set_config('lock_timeout', '60s', true), set_config('idle_in_transaction_session_timeout', '30s', true),
               set_config('synchronous_commit', case current_setting('synchronous_commit') when 'off' then 'on' else current_setting('synchronous_commit') end, true)
        """, organisationId);

    /// <summary>Runs the statements in one round trip and returns how many rows each of them changed.</summary>
    public async Task<int[]> ExecuteAsync(params NpgsqlBatchCommand[] commands)
    {
        await using var batch = Batch(commands);
        await batch.ExecuteNonQueryAsync(cancel);
        return [.. commands.Select(command => command.RecordsAffected)];
    }

    /// <summary>Runs the statements in one round trip; the reader stands at the first result of theirs.</summary>
    public async Task<NpgsqlDataReader> ReadAsync(params NpgsqlBatchCommand[] commands)
    {
        var first = !entered;
        await using var batch = Batch(commands);
        var reader = await batch.ExecuteReaderAsync(cancel);
        if (first) await reader.NextResultAsync(cancel);
        return reader;
    }

    /// <summary>Rows of one statement as values.</summary>
    public async Task<List<T>> ListAsync<T>(Func<NpgsqlDataReader, T> row, params NpgsqlBatchCommand[] commands)
    {
        await using var reader = await ReadAsync(commands);
        return await reader.ListAsync(row, cancel);
    }

    /// <summary>True if the lease is still ours. It cannot be taken over before this transaction ends.</summary>
    public Task<bool> HoldsAsync(Lease lease) => AnyAsync(LeaseStatements.Share(lease));

    /// <summary>The statement's first row, or the default.</summary>
    public async Task<T?> FirstAsync<T>(Func<NpgsqlDataReader, T> row, NpgsqlBatchCommand command)
    {
        await using var reader = await ReadAsync(command);
        return await reader.FirstAsync(row, cancel);
    }

    /// <summary>True if the statement has a row.</summary>
    public async Task<bool> AnyAsync(NpgsqlBatchCommand command)
    {
        await using var reader = await ReadAsync(command);
        return await reader.ReadAsync(cancel);
    }

    /// <summary>For a step that writes without an event: a statement that has a row if what it wrote stands there.</summary>
    public void ProvedBy(Func<NpgsqlBatchCommand> statement) => Proof = async look =>
    {
        await look.AnyAsync(LeaseStatements.Lock(organisationId));
        return await look.AnyAsync(statement());
    };

    /// <summary>For a step in the installation's tables: a statement that has a row if what it wrote stands there.</summary>
    public void ProvedForInstallationBy(Func<NpgsqlBatchCommand> statement) => Proof = async look =>
    {
        await look.AnyAsync(InstallationStatements.Alone());
        return await look.AnyAsync(statement());
    };

    /// <summary>A part of an organisation's step that reaches the installation's tables, and nothing of the organisation meanwhile.</summary>
    public Task<T> ForInstallationAsync<T>(Func<Task<T>> part) => BecomingAsync(InstallationStatements.Installation, part);

    /// <summary>A part of an installation's step that reaches one organisation's rows, and nothing of the installation meanwhile.</summary>
    public Task<T> ForOrganisationAsync<T>(string another, Func<Task<T>> part) => BecomingAsync(another, part);

    private async Task<T> BecomingAsync<T>(string other, Func<Task<T>> part)
    {
        await AnyAsync(InstallationStatements.Become(other));
        var answer = await part();
        await AnyAsync(InstallationStatements.Become(organisationId));
        return answer;
    }

    /// <summary>The time, with a lock of the installation's tables that others share or, for what depends on rows that are not there, do not.</summary>
    public async Task<DateTimeOffset> LockInstallationAsync(bool alone = false) =>
        (await ListAsync(reader => reader.Time(0), alone ? InstallationStatements.Alone() : InstallationStatements.Share()))[0];

    /// <summary>The trail's head and the time, locked until the transaction ends: ask last, since every step of the organisation waits for it.</summary>
    /// <param name="before">Statements to run first, in the same round trip.</param>
    public async Task<(AuditHead Head, DateTimeOffset At)> LockHeadAsync(params NpgsqlBatchCommand[] before)
    {
        await using var reader = await ReadAsync([.. before, AskHead()]);
        return await ReadHeadAsync(reader);
    }

    /// <summary>The statement of <see cref="LockHeadAsync"/>, for a step that reads other results in the same round trip.</summary>
    public NpgsqlBatchCommand AskHead() => Sql.Of("select sequence, hash, clock_timestamp() from payonce.audit_heads where organisation_id = $1 for update", organisationId);

    /// <param name="reader">At the result of <see cref="AskHead"/>.</param>
    public async Task<(AuditHead Head, DateTimeOffset At)> ReadHeadAsync(NpgsqlDataReader reader)
    {
        if (!await reader.ReadAsync(cancel)) throw new InvalidOperationException($"There is no organisation \"{organisationId}\".");
        return (new AuditHead(reader.GetInt64(0), reader.GetString(1)), reader.GetFieldValue<DateTimeOffset>(2));
    }

    /// <summary>Appends to the trail, with further statements in the same round trip.</summary>
    public Task AppendAsync(AuditHead head, DateTimeOffset at, AuditEntry entry, params NpgsqlBatchCommand[] along) => AppendAsync(head, at, [entry], along);

    /// <summary>Appends several events to the trail, in their order.</summary>
    public async Task AppendAsync(AuditHead head, DateTimeOffset at, IReadOnlyList<AuditEntry> entries, params NpgsqlBatchCommand[] along)
    {
        var commands = new List<NpgsqlBatchCommand>(along);
        AuditEvent told = null!;
        foreach (var entry in entries)
        {
            told = AuditEvent.Chain(organisationId, head, at, entry);
            head = new AuditHead(told.Sequence, told.Hash);
            commands.Add(Sql.Of(
                "insert into payonce.audit_events (organisation_id, sequence, at, actor, action, subject, details, previous_hash, hash) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
                organisationId, told.Sequence, told.At, told.Actor, told.Action, told.Subject, told.Details, told.PreviousHash, told.Hash));
        }
        await ExecuteAsync([.. commands, Sql.Of("update payonce.audit_heads set sequence = $2, hash = $3 where organisation_id = $1", organisationId, head.Sequence, head.Hash)]);
        Proof = async look =>
        {
            // Whoever holds the head's lock may be that very transaction, still ending at the server: wait for it.
            await look.LockHeadAsync();
            return await look.AnyAsync(Sql.Of("select 1 from payonce.audit_events where organisation_id = $1 and sequence = $2 and hash = $3", organisationId, told.Sequence, told.Hash));
        };
    }

    public async Task AppendAsync(AuditEntry entry, params NpgsqlBatchCommand[] before)
    {
        var (head, at) = await LockHeadAsync(before);
        await AppendAsync(head, at, entry);
    }

    /// <summary>Never cancelled: a commit that was sent is waited for.</summary>
    public Task CommitAsync() => transaction.CommitAsync(CancellationToken.None);

    public async ValueTask DisposeAsync()
    {
        await transaction.DisposeAsync();
        await connection.DisposeAsync();
    }

    private NpgsqlBatch Batch(NpgsqlBatchCommand[] commands)
    {
        var batch = new NpgsqlBatch(connection, transaction);
        if (!entered) batch.BatchCommands.Add(Entry(organisationId));
        entered = true;
        foreach (var command in commands) batch.BatchCommands.Add(command);
        return batch;
    }
}
