namespace PayOnce.Stores;

/// <summary>Times as whole microseconds since 1970-01-01T00:00:00Z, which both stores keep: the number of a place in a list.</summary>
internal static class Micros
{
    private static readonly long Earliest = Of(DateTimeOffset.MinValue);
    private static readonly long Latest = Of(DateTimeOffset.MaxValue);

    public static long Of(DateTimeOffset time) => Sqlite.SqliteTime.ToMicroseconds(time);

    /// <summary>A number that somebody typed may be no time: the nearest one then.</summary>
    public static DateTimeOffset Time(long micros) => Sqlite.SqliteTime.FromMicroseconds(Math.Clamp(micros, Earliest, Latest));
}
