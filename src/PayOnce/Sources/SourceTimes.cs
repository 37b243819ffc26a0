namespace PayOnce.Sources;

/// <summary>When a source is looked at next, for both stores alike.</summary>
internal static class SourceTimes
{
    /// <summary>Null: it is not read by itself.</summary>
    public static TimeSpan? Interval(SourceSettings settings) => settings is { Enabled: true, EveryMinutes: { } every } ? TimeSpan.FromMinutes(every) : null;

    /// <summary>At once, if it is read by itself.</summary>
    public static DateTimeOffset? FirstReading(SourceSettings settings, DateTimeOffset now) => Interval(settings) is null ? null : now;

    /// <summary>At once, if anything is told back.</summary>
    public static DateTimeOffset? FirstWriteBack(SourceSettings settings, DateTimeOffset now) => settings is { Enabled: true, WriteBackTable: not null } ? now : null;
}
