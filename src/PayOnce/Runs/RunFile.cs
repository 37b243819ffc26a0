namespace PayOnce.Runs;

/// <summary>
/// The file of a run: the prologue, the batches' frozen bytes in their order with the separator between those that are not
/// empty, and the epilogue. The same to the byte whenever it is read.
/// </summary>
/// <param name="Name">Carries organisation, format, run, count, control total and the start of the checksum.</param>
/// <param name="Sha256">Of the whole file, lower-case hexadecimal.</param>
/// <param name="Manifest">The JSON document that goes with the file.</param>
/// <param name="Folder">The outside folder it is published to; null where it is only downloaded from PayOnce.</param>
public sealed record RunFile(
    long RunId,
    string Name,
    string ContentType,
    string Sha256,
    long Bytes,
    long Claims,
    long Lines,
    IReadOnlyList<ControlTotal> ControlTotals,
    ReadOnlyMemory<byte> Prologue,
    ReadOnlyMemory<byte> Separator,
    ReadOnlyMemory<byte> Epilogue,
    ReadOnlyMemory<byte> Manifest,
    string? Folder,
    RunFileState State)
{
    /// <summary>When it was first fetched from PayOnce; null if nobody has.</summary>
    public DateTimeOffset? FetchedAt { get; init; }

    /// <summary>The voucher or journal a person recorded for the import; null if nobody has.</summary>
    public string? ImportedAs { get; init; }

    /// <summary>When its bytes were erased; null while they are there. Name, sums and checksum stay.</summary>
    public DateTimeOffset? ErasedAt { get; init; }
}

/// <summary>The sum of one currency in a file, in minor units.</summary>
public sealed record ControlTotal(string Currency, long AmountMinor);

/// <summary>Where a run's file is.</summary>
public enum RunFileState
{
    /// <summary>Its publishing to an outside folder has started and is not confirmed.</summary>
    Publishing,

    /// <summary>It can be fetched, or was published.</summary>
    Available,

    /// <summary>Rolled back: it must not be imported and is not given out any more.</summary>
    Withdrawn,
}

/// <summary>The one text constant of each file state.</summary>
public static class RunFileStates
{
    public static string Text(this RunFileState state) => state switch
    {
        RunFileState.Publishing => "publishing",
        RunFileState.Available => "available",
        RunFileState.Withdrawn => "withdrawn",
        _ => throw new ArgumentOutOfRangeException(nameof(state), state, null),
    };

    public static RunFileState State(string text) => text switch
    {
        "publishing" => RunFileState.Publishing,
        "available" => RunFileState.Available,
        "withdrawn" => RunFileState.Withdrawn,
        _ => throw new ArgumentOutOfRangeException(nameof(text), text, null),
    };
}
