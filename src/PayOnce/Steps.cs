namespace PayOnce;

/// <summary>
/// Called before and after every protocol step with a stable name such as <c>reserve:before</c>. The same names serve as
/// kill points of real processes, crash points of the simulator, and words in the log.
/// </summary>
public interface ISteps
{
    /// <summary>Reached a step. An implementation may never return: then the process has died here.</summary>
    ValueTask At(string name);
}

/// <summary>The steps' names, in the order of the protocol.</summary>
public static class StepNames
{
    public const string Lease = "lease";
    public const string Recover = "recover";
    public const string Settle = "settle";
    public const string Count = "count";
    public const string Reserve = "reserve";
    public const string Start = "start";
    public const string Publish = "publish";
    public const string Confirm = "confirm";
    public const string Release = "release";
    public const string Doubt = "doubt";

    /// <summary>Over an API: the commit that ends tries and starts others (P1b and P2).</summary>
    public const string Record = "record";

    /// <summary>Over an API: one try of one batch (N1).</summary>
    public const string Send = "send";

    /// <summary>Asking the accounting system for export keys.</summary>
    public const string ReadBack = "read-back";

    /// <summary>Restore mode: marks written for what was found at the accounting system.</summary>
    public const string AdoptFound = "adopt-found";
    public const string Finish = "finish";

    /// <summary>Inside publish: the bytes are in the temporary file, not yet forced to disk.</summary>
    public const string PublishWritten = "publish:written";

    /// <summary>Inside publish: the bytes are on disk under the temporary name.</summary>
    public const string PublishSynced = "publish:synced";

    /// <summary>Inside publish: the file has its final name; the folder is not yet forced to disk.</summary>
    public const string PublishLinked = "publish:linked";

    /// <summary>Every point at which a process can be told to die.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        .. new[] { Lease, Recover, Settle, Count, Reserve, Start, Publish, Confirm, Release, Doubt, Record, Send, ReadBack, AdoptFound, Finish }.SelectMany(name => new[] { Before(name), After(name) }),
        PublishWritten, PublishSynced, PublishLinked,
    ];

    public static string Before(string step) => step + ":before";

    public static string After(string step) => step + ":after";
}

/// <summary>A step is one call with its name before and after it.</summary>
internal static class StepsAround
{
    public static async Task<T> Around<T>(this ISteps steps, string name, Func<Task<T>> call)
    {
        await steps.At(StepNames.Before(name));
        var answer = await call();
        await steps.At(StepNames.After(name));
        return answer;
    }
}

/// <summary>The ordinary implementation: does nothing.</summary>
public sealed class NoSteps : ISteps
{
    public static NoSteps Instance { get; } = new();

    public ValueTask At(string name) => ValueTask.CompletedTask;
}
