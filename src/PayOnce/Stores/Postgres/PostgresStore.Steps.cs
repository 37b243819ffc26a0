using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using Npgsql;

namespace PayOnce.Stores.Postgres;

// How a step becomes one commit, and what is done when its answer does not come.
public sealed partial class PostgresStore
{
    /// <summary>A step that collided with another process's (deadlock, serialisation) is done again this often.</summary>
    private const int MaximumCollisions = 10;

    /// <summary>For so long a server that went away in the middle of a commit is asked what became of it.</summary>
    private static readonly TimeSpan LongestSilence = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Does one step of the protocol in one transaction. A <paramref name="body"/> that leaves no proof (mostly its audit event)
    /// has written nothing, and is rolled back.
    /// </summary>
    private async Task<T> StepAsync<T>(string organisationId, Func<PostgresTransaction, Task<T>> body, CancellationToken cancel, [CallerMemberName] string step = "")
    {
        var collisions = 0;
        var breaks = 0;
        for (; ; )
        {
            var opened = false;
            var committing = false;
            Func<PostgresTransaction, Task<bool>>? proof = null;
            T answer = default!;
            try
            {
                await using var work = await PostgresTransaction.BeginAsync(source, organisationId, cancel);
                opened = true;
                answer = await body(work);
                if ((proof = work.Proof) is null) return answer;
                committing = true;
                await work.CommitAsync();
                OnCommitted?.Invoke(step);
                return answer;
            }
            catch (Exception fault) when (committing && (fault is CommitAnswerLostException || fault is NpgsqlException broken && PostgresFaults.BreaksConnection(broken)))
            {
                if (await HappenedAsync(organisationId, proof!, step, fault)) return answer;
                if (++breaks > 1) throw LostTwice(step, fault);
            }
            catch (NpgsqlException fault) when (PostgresFaults.IsCollision(fault) && ++collisions < MaximumCollisions)
            {
            }
            catch (NpgsqlException fault) when (opened && breaks++ == 0 && PostgresFaults.BreaksConnection(fault))
            {
                // The pool kept a connection that the server had closed. No commit was sent, so nothing happened.
                source.Clear();
            }
            catch (NpgsqlException fault)
            {
                throw Translated(fault);
            }
        }
    }

    /// <summary>Whether a commit happened whose answer was lost. Asks until the server answers, but not for ever.</summary>
    private async Task<bool> HappenedAsync(string organisationId, Func<PostgresTransaction, Task<bool>> proof, string step, Exception lost)
    {
        source.Clear();
        var since = clock.GetTimestamp();
        for (var wait = TimeSpan.FromMilliseconds(50); ; wait = wait < TimeSpan.FromSeconds(2) ? wait * 2 : wait)
        {
            try
            {
                await using var look = await PostgresTransaction.BeginAsync(source, organisationId, CancellationToken.None);
                return await proof(look);
            }
            catch (NpgsqlException fault) when (clock.GetElapsedTime(since) < LongestSilence && PostgresFaults.Unavailable(fault, target) is not null)
            {
                source.Clear();
                await Task.Delay(wait, clock, CancellationToken.None);
            }
            catch (NpgsqlException fault)
            {
                throw new StoreUnavailableException(
                    $"The answer to a commit ({step}) was lost, and the server could not be asked what became of it. {Translated(fault).Message} The next run finds out.", lost);
            }
        }
    }

    /// <summary>Asks in one round trip, which is one transaction of its own.</summary>
    /// <param name="read">Called with the reader at the first result.</param>
    private async Task<T> AskAsync<T>(string organisationId, Func<NpgsqlDataReader, Task<T>> read, CancellationToken cancel, params NpgsqlBatchCommand[] commands)
    {
        for (var again = false; ; again = true)
        {
            var opened = false;
            try
            {
                await using var connection = await source.OpenConnectionAsync(cancel);
                opened = true;
                await using var batch = new NpgsqlBatch(connection);
                batch.BatchCommands.Add(PostgresTransaction.Entry(organisationId));
                foreach (var command in commands) batch.BatchCommands.Add(command);
                await using var reader = await batch.ExecuteReaderAsync(cancel);
                await reader.NextResultAsync(cancel);
                return await read(reader);
            }
            catch (NpgsqlException fault) when (opened && !again && PostgresFaults.BreaksConnection(fault))
            {
                source.Clear();
            }
            catch (NpgsqlException fault)
            {
                throw Translated(fault);
            }
        }
    }

    private Task<List<T>> AskListAsync<T>(string organisationId, Func<NpgsqlDataReader, T> row, CancellationToken cancel, params NpgsqlBatchCommand[] one) =>
        AskAsync(organisationId, reader => reader.ListAsync(row, cancel), cancel, one);

    private Task<T?> AskFirstAsync<T>(string organisationId, Func<NpgsqlDataReader, T> row, CancellationToken cancel, params NpgsqlBatchCommand[] one) =>
        AskAsync(organisationId, reader => reader.FirstAsync(row, cancel), cancel, one);

    private Exception Translated(NpgsqlException fault)
    {
        if (PostgresFaults.Unavailable(fault, target) is { } unavailable) return unavailable;
        ExceptionDispatchInfo.Throw(fault);
        return fault;
    }

    private static StoreUnavailableException LostTwice(string step, Exception fault) =>
        new($"The connection broke twice in the middle of a commit ({step}); the first one did not happen, the second may have. The next run finds out.", fault);
}
