using PayOnce.History;

namespace PayOnce.Stores;

/// <summary>A place in a list by run and batch, as one number.</summary>
internal static class RunPlace
{
    private const int BatchBits = 24;

    public static long Number(long runId, int batch) => (runId << BatchBits) | (uint)batch;

    /// <summary>The list's own end where there is no place yet.</summary>
    public static (long RunId, int Batch) Of(ListCursor? at) => at is null ? (long.MaxValue, int.MaxValue) : (at.Number >> BatchBits, (int)(at.Number & ((1L << BatchBits) - 1)));
}
