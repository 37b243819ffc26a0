namespace PayOnce;

/// <summary>The process that runs the engine, as others see it in the lease. Injected, so that a simulation can have several.</summary>
public interface INode
{
    /// <summary>One line that names this process for people and for <see cref="IsGone"/>: host, process id and its start.</summary>
    string Holder { get; }

    /// <summary>
    /// True only when it is certain that the process named by <paramref name="holder"/> no longer runs, for instance because it
    /// ran on this same machine and its process id is free. False when in the least doubt: then the lease's time must run out.
    /// </summary>
    bool IsGone(string holder);

    /// <summary>A number that this process has not given out before, on whichever thread it is asked: two requests in the same instant of its clock are two all the same.</summary>
    long NextNumber();
}
