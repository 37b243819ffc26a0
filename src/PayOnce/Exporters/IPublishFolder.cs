namespace PayOnce.Exporters;

/// <summary>
/// A folder outside PayOnce from which somebody else takes files. The only thing about a file that leaves the machine's own
/// store, so it is done in two steps: staging can be repeated and leaves nothing that an importer would take; publishing is one
/// rename that never replaces.
/// </summary>
public interface IPublishFolder
{
    /// <summary>Writes the content under a temporary name in the folder and forces it to disk.</summary>
    /// <returns>Null if it is there; otherwise why not, for people. Nothing is left behind then.</returns>
    Task<string?> StageAsync(string folder, string name, IAsyncEnumerable<ReadOnlyMemory<byte>> content, CancellationToken cancel);

    /// <summary>N1: gives the staged file its final name, never replacing, and forces the folder to disk. Made once; never repeated by itself.</summary>
    /// <param name="sha256">Of the staged content, lower-case hexadecimal.</param>
    Task<PublishAnswer> PublishAsync(string folder, string name, string sha256, CancellationToken cancel);

    /// <summary>Removes what was staged, if it is there.</summary>
    void Discard(string folder, string name);

    /// <summary>The read-back of a folder: is the file there, with our checksum?</summary>
    Task<FolderFinding> FindAsync(string folder, string name, string sha256, CancellationToken cancel);
}

/// <summary>How publishing ended.</summary>
public abstract record PublishAnswer
{
    private PublishAnswer() { }

    /// <summary>It stands in the folder under its name with our checksum.</summary>
    public sealed record Published : PublishAnswer { public static Published Instance { get; } = new(); }

    /// <summary>Provably not published: the system refused, or a file with other content has the name.</summary>
    public sealed record Refused(string Why) : PublishAnswer;

    /// <summary>No proof either way.</summary>
    public sealed record Unknown(string Why) : PublishAnswer;
}

/// <summary>What a look into the folder says.</summary>
public abstract record FolderFinding
{
    private FolderFinding() { }

    /// <summary>There, with our checksum: proof that it was published.</summary>
    public sealed record Present : FolderFinding { public static Present Instance { get; } = new(); }

    /// <summary>Not there. Proves nothing where others empty the folder.</summary>
    public sealed record Absent : FolderFinding { public static Absent Instance { get; } = new(); }

    /// <summary>A file of that name with other content: a matter for a person.</summary>
    public sealed record OtherContent : FolderFinding { public static OtherContent Instance { get; } = new(); }

    /// <summary>The folder could not be read.</summary>
    public sealed record Unreadable(string Why) : FolderFinding;
}
