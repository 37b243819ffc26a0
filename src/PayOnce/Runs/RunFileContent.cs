using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using PayOnce.Stores;

namespace PayOnce.Runs;

/// <summary>A run's file read back from its frozen bytes: the same to the byte whenever and wherever.</summary>
public static class RunFileContent
{
    /// <summary>Writes the whole file.</summary>
    /// <exception cref="InvalidDataException">The stored bytes no longer have the file's checksum. What was written must be thrown away.</exception>
    public static async Task WriteAsync(IStore store, string organisationId, RunFile file, Stream to, CancellationToken cancel)
    {
        await foreach (var piece in ReadAsync(store, organisationId, file, cancel)) to.Write(piece.Span);
    }

    /// <summary>The file in pieces, each valid until the next. The checksum is compared after the last one.</summary>
    /// <exception cref="InvalidDataException">The stored bytes no longer have the file's checksum.</exception>
    public static async IAsyncEnumerable<ReadOnlyMemory<byte>> ReadAsync(IStore store, string organisationId, RunFile file, [EnumeratorCancellation] CancellationToken cancel)
    {
        if (file.ErasedAt is { } at) throw new InvalidOperationException(FormattableString.Invariant($"The bytes of {file.Name} were erased on {at:yyyy-MM-dd}."));
        using var sha = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        sha.AppendData(file.Prologue.Span);
        yield return file.Prologue;
        var first = true;
        await foreach (var bytes in store.ReadBatchesAsync(organisationId, file.RunId, cancel))
        {
            if (!first && !file.Separator.IsEmpty)
            {
                sha.AppendData(file.Separator.Span);
                yield return file.Separator;
            }
            first = false;
            sha.AppendData(bytes.Span);
            yield return bytes;
        }
        sha.AppendData(file.Epilogue.Span);
        yield return file.Epilogue;
        if (Convert.ToHexStringLower(sha.GetHashAndReset()) != file.Sha256)
            throw new InvalidDataException($"The stored bytes of {file.Name} no longer have its checksum. The store is damaged; do not import this file.");
    }
}
