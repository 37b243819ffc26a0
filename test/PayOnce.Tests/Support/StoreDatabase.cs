using PayOnce.Stores;

namespace PayOnce.Tests.Support;

/// <summary>A database of a test's own, of one of the engines, and what a test needs beside the contract.</summary>
public abstract class StoreDatabase : IAsyncDisposable
{
    /// <summary>Another store object onto the same data, as another process would have it.</summary>
    public abstract IStore Open();

    /// <summary>Sets what is called when a commit has returned, with the name of the store's method.</summary>
    public abstract void WhenCommitted(IStore store, Action<string>? hook);

    /// <summary>Runs a statement as the database's owner, past the store: damage, or an attack from within.</summary>
    public abstract Task ExecuteAsync(string sql);

    /// <summary>Lets at least a millisecond pass by the store's clock.</summary>
    public abstract Task LetTimePassAsync();

    public abstract ValueTask DisposeAsync();

    /// <summary>From now on the answer to each commit of <paramref name="store"/> gets lost, until <see cref="LostAnswers.Dispose"/>.</summary>
    public LostAnswers LoseAnswers(IStore store)
    {
        var lost = new LostAnswers(() => WhenCommitted(store, null));
        WhenCommitted(store, step =>
        {
            lost.Steps.Add(step);
            throw new CommitAnswerLostException($"The answer to the commit of {step} was lost on purpose.");
        });
        return lost;
    }
}

/// <summary>Which answers were lost.</summary>
public sealed class LostAnswers(Action stop) : IDisposable
{
    public List<string> Steps { get; } = [];

    public void Dispose() => stop();
}
