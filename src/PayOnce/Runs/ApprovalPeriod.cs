namespace PayOnce.Runs;

/// <summary>Days of approval as a person gives them, turned into instants in the organisation's time zone.</summary>
public static class ApprovalPeriod
{
    /// <summary>From the first instant of <paramref name="from"/> up to the last of <paramref name="to"/>; null is no bound.</summary>
    public static (DateTimeOffset? From, DateTimeOffset? Before) Of(DateOnly? from, DateOnly? to, TimeZoneInfo zone) =>
        (StartOf(from, zone), to == DateOnly.MaxValue ? null : StartOf(to?.AddDays(1), zone));

    // The first instant of a day: midnight, or where the clocks jump over midnight the first minute after.
    private static DateTimeOffset? StartOf(DateOnly? day, TimeZoneInfo zone)
    {
        if (day is not { } date) return null;
        var local = date.ToDateTime(TimeOnly.MinValue);
        while (zone.IsInvalidTime(local)) local = local.AddMinutes(1);
        var offset = zone.IsAmbiguousTime(local) ? zone.GetAmbiguousTimeOffsets(local).Max() : zone.GetUtcOffset(local);
        return date == DateOnly.MinValue ? null : new DateTimeOffset(local, offset).ToUniversalTime();
    }
}
