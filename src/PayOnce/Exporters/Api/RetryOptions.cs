namespace PayOnce.Exporters.Api;

/// <summary>How often and how patiently something is tried again.</summary>
/// <param name="MaximumTries">Tries in all, the first included; at least 1.</param>
/// <param name="BaseDelay">Before the second try; doubles from try to try.</param>
/// <param name="MaximumDelay">No delay is longer, unless the other side asked for it.</param>
/// <param name="Budget">No try begins later than this after the first one began.</param>
/// <param name="Jitter">Share of a delay that chance may take away, 0 to 1.</param>
public sealed record RetryOptions(int MaximumTries, TimeSpan BaseDelay, TimeSpan MaximumDelay, TimeSpan Budget, double Jitter)
{
    /// <summary>Five tries over at most 150 seconds (design §4).</summary>
    public static RetryOptions Standard { get; } = new(5, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(60), TimeSpan.FromSeconds(150), 0.2);
}
