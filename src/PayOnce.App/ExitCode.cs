namespace PayOnce.App;

/// <summary>What the process answers to whoever started it; documented in docs/cli.md.</summary>
internal enum ExitCode
{
    /// <summary>Done.</summary>
    Done = 0,

    /// <summary>An unexpected fault: the store cannot be reached, a run failed, a check found damage.</summary>
    Fault = 1,

    /// <summary>Wrong usage or unusable input; nothing was changed, except that an import keeps what it read before the place it could not read on from.</summary>
    Unusable = 2,

    /// <summary>Finished, and some claims were refused or rejected.</summary>
    Refused = 3,

    /// <summary>Finished, and some claims are in doubt. Wins over <see cref="Refused"/>, since doubt can cost money.</summary>
    InDoubt = 4,

    /// <summary>Somebody else is running for this organisation, or export is paused; nothing was started.</summary>
    Busy = 5,
}
