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

    /// <summary>From now on the answer to the next commit of <paramref name="store"/> gets lost, once.</summary>
    public LostAnswer LoseNextAnswer(IStore store)
    {
        var lost = new LostAnswer();
        WhenCommitted(store, step =>
        {
            if (lost.Step is not null) return;
            lost.Step = step;
            throw new CommitAnswerLostException($"The answer to the commit of {step} was lost on purpose.");
        });
        return lost;
    }
}

/// <summary>Which answer was lost; null as long as none was.</summary>
public sealed class LostAnswer
{
    public string? Step { get; set; }
}
