using System.Runtime.CompilerServices;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace PayOnce.Stores.Sqlite;

/// <summary>
/// The embedded store: one file, no set-up. Write-ahead log with <c>synchronous = full</c>: what a method has answered survives
/// the loss of power. One writing connection for the process behind a queue, and as many reading ones as are used at a time;
/// several processes may use the file. The store's clock is the injected one.
/// </summary>
/// <param name="databaseFile">Made, with its folder, by the first call. Not on a network share: the log needs shared memory.</param>
/// <param name="clock">What time it is for leases, marks and the audit trail.</param>
public sealed partial class SqliteStore(string databaseFile, TimeProvider clock) : IServerStore
{
    private const int IdleReaders = 4;

    private readonly string file = Path.GetFullPath(databaseFile);
    private readonly SemaphoreSlim writing = new(1, 1);
    private readonly Stack<SqliteSession> readers = new();
    private SqliteSession? writer;
    private SqliteLockWait? lockWait;
    private bool disposed;

    /// <inheritdoc/>
    public string Engine => "sqlite";

    /// <inheritdoc/>
    public int ReserveConcurrency => 1;

    /// <summary>A commit writes most pages of the guard's indexes, however few claims it takes: 20,000 cost a fifth less than 5,000, and hold the write lock for half a second.</summary>
    public int ReserveSize => 20_000;

    /// <inheritdoc/>
    public int IntakeSize => 5_000;

    /// <inheritdoc/>
    public int IntakeConcurrency => 1;

    /// <summary>Called with the step's name after each commit that wrote something. A test loses the commit's answer here, or lets the process die.</summary>
    internal Action<string>? OnCommitted { get; set; }

    /// <summary>How long another process may hold the write lock before we say so.</summary>
    internal TimeSpan LockPatience { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Pragmas of the writing connection after ours: with them a test fills the disk or takes the right to write away.</summary>
    internal IReadOnlyList<string> FurtherPragmas { get; init; } = [];

    private SqliteLockWait LockWait => lockWait ??= new SqliteLockWait(clock, LockPatience);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await writing.WaitAsync();
        try
        {
            lock (readers)
            {
                disposed = true;
                while (readers.TryPop(out var reader)) reader.Dispose();
            }
            writer?.Dispose();
            writer = null;
        }
        finally
        {
            writing.Release();
        }
    }

    /// <summary>
    /// One write transaction, after those of this process that asked before. <paramref name="body"/> is synchronous and may be
    /// called a second time, should a commit's answer be lost and the commit not have happened. What writes sets
    /// <see cref="SqliteSession.Proof"/>, mostly by its audit event.
    /// </summary>
    private async Task<T> WriteAsync<T>(Func<SqliteSession, T> body, CancellationToken cancel, [CallerMemberName] string step = "")
    {
        await writing.WaitAsync();
        try
        {
            cancel.ThrowIfCancellationRequested();
            ObjectDisposedException.ThrowIf(disposed, this);
            for (var again = false; ; again = true)
            {
                writer ??= OpenWriter(cancel);
                var (answer, start) = InTransaction(writer, body, cancel);
                if (writer.Proof is not { } proof) return answer;
                try
                {
                    OnCommitted?.Invoke(step);
                    LockWait.GiveWay(start);
                    return answer;
                }
                catch (CommitAnswerLostException lost)
                {
                    if (proof(writer)) return answer;
                    if (again) throw new StoreUnavailableException($"The database {file} did not say whether it kept what was written, twice. Look at its disk, then try again.", lost);
                }
            }
        }
        catch (SqliteException error) when (Sentence(error) is { } sentence)
        {
            // Opened anew by the next call, when what was wrong may be over. A lock is nothing wrong with the connection.
            if (error.SqliteErrorCode != raw.SQLITE_BUSY)
            {
                writer?.Dispose();
                writer = null;
            }
            throw new StoreUnavailableException(sentence, error);
        }
        finally
        {
            writing.Release();
        }
    }

    private (T Answer, long Start) InTransaction<T>(SqliteSession db, Func<SqliteSession, T> body, CancellationToken cancel)
    {
        db.BeginWrite(cancel);
        var start = clock.GetTimestamp();
        try
        {
            var answer = body(db);
            db.Commit();
            return (answer, start);
        }
        catch
        {
            db.RollBack();
            throw;
        }
    }

    /// <summary>Selects that all see one snapshot, beside a writer.</summary>
    private Task<T> ReadAsync<T>(Func<SqliteSession, T> body, CancellationToken cancel)
    {
        try
        {
            cancel.ThrowIfCancellationRequested();
            return Task.FromResult(Read(body, cancel));
        }
        catch (OperationCanceledException canceled) when (canceled.CancellationToken == cancel)
        {
            return Task.FromCanceled<T>(cancel);
        }
        catch (SqliteException error) when (Sentence(error) is { } sentence)
        {
            return Task.FromException<T>(new StoreUnavailableException(sentence, error));
        }
    }

    private T Read<T>(Func<SqliteSession, T> body, CancellationToken cancel)
    {
        var db = RentReader(cancel);
        try
        {
            db.BeginRead(cancel);
            var answer = body(db);
            db.Commit();
            ReturnReader(db);
            return answer;
        }
        catch
        {
            db.Dispose();
            throw;
        }
    }

    private SqliteSession RentReader(CancellationToken cancel)
    {
        lock (readers)
        {
            ObjectDisposedException.ThrowIf(disposed, this);
            if (readers.TryPop(out var idle)) return idle;
        }
        return SqliteSession.OpenReader(file, LockWait, cancel);
    }

    private void ReturnReader(SqliteSession reader)
    {
        lock (readers)
        {
            if (!disposed && readers.Count < IdleReaders)
            {
                readers.Push(reader);
                return;
            }
        }
        reader.Dispose();
    }

    private DateTimeOffset Now() => SqliteTime.Truncate(clock.GetUtcNow());
}
