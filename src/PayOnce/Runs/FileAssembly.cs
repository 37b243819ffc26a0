using System.Globalization;
using System.Security.Cryptography;
using PayOnce.Exporters;
using PayOnce.Stores;

namespace PayOnce.Runs;

/// <summary>
/// Adds up a run's file while its batches are reserved: counts, control totals, and the checksum of the whole, which needs the
/// batches in their order although two may be reserved at the same time. Composes exactly as <see cref="RunFileContent"/> reads.
/// </summary>
internal sealed class FileAssembly
{
    private readonly IBatchRenderer renderer;
    private readonly IncrementalHash sha = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly Dictionary<int, ArraySegment<byte>> early = [];
    private readonly Stack<byte[]> spare = [];
    private readonly SortedDictionary<string, long> totals = new(StringComparer.Ordinal);
    private readonly Lock access = new();
    private int nextBatch = 1;
    private bool empty = true;

    public FileAssembly(IBatchRenderer renderer)
    {
        this.renderer = renderer;
        Hash(renderer.Prologue.Span);
    }

    public long Bytes { get; private set; }

    public long Claims { get; private set; }

    public long Lines { get; private set; }

    /// <summary>Adds a batch; one that comes before its turn is copied and waits.</summary>
    public void Add(int batch, RenderedBatch rendered)
    {
        lock (access)
        {
            Claims += rendered.Claims;
            Lines += rendered.Lines;
            foreach (var total in rendered.ControlTotals) totals[total.Currency] = totals.GetValueOrDefault(total.Currency) + total.AmountMinor;
            Place(batch, rendered.Bytes);
        }
    }

    /// <summary>A batch number that was given out and came back without bytes.</summary>
    public void Skip(int batch)
    {
        lock (access) Place(batch, ReadOnlyMemory<byte>.Empty);
    }

    /// <summary>The file as it stands when the last batch is in.</summary>
    public FileDraft Draft(string organisationId, long runId, string format, string? folder, long lastVoucher)
    {
        if (early.Count > 0) throw new InvalidOperationException($"Batch {nextBatch} of run {runId} is missing from its file.");
        Hash(renderer.Epilogue.Span);
        var checksum = Convert.ToHexStringLower(sha.GetHashAndReset());
        var control = totals.Select(total => new ControlTotal(total.Key, total.Value)).ToList();
        return new FileDraft(
            Name(organisationId, runId, format, Claims, control, checksum, renderer.FileExtension),
            renderer.ContentType, checksum, Bytes, Claims, Lines, control,
            renderer.Prologue, renderer.Separator, renderer.Epilogue, folder, lastVoucher);
    }

    // The name tells a person what is in it and a machine which file it is: run, count, control total, start of the checksum.
    private static string Name(string organisationId, long runId, string format, long claims, List<ControlTotal> totals, string checksum, string extension) =>
        string.Create(CultureInfo.InvariantCulture,
            $"{organisationId}-{format}-run{runId:000000}-{claims}claims-{string.Join('_', totals.Select(t => $"{t.AmountMinor / 100}.{t.AmountMinor % 100:00}{t.Currency}"))}-{checksum[..8]}.{extension}");

    private void Place(int batch, ReadOnlyMemory<byte> bytes)
    {
        if (batch != nextBatch)
        {
            early.Add(batch, Copy(bytes));
            return;
        }
        Append(bytes.Span);
        for (nextBatch++; early.Remove(nextBatch, out var waiting); nextBatch++)
        {
            Append(waiting);
            spare.Push(waiting.Array!);
        }
    }

    // Every other batch may come early; a new array of megabytes for each of them would be most of the run's garbage.
    private ArraySegment<byte> Copy(ReadOnlyMemory<byte> bytes)
    {
        if (!spare.TryPop(out var room) || room.Length < bytes.Length) room = GC.AllocateUninitializedArray<byte>(bytes.Length + bytes.Length / 4);
        bytes.CopyTo(room);
        return new ArraySegment<byte>(room, 0, bytes.Length);
    }

    private void Append(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty) return;
        if (!empty) Hash(renderer.Separator.Span);
        empty = false;
        Hash(bytes);
    }

    private void Hash(ReadOnlySpan<byte> bytes)
    {
        sha.AppendData(bytes);
        Bytes += bytes.Length;
    }
}
