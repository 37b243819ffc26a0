namespace PayOnce.Sandbox;

/// <summary>What a stand-in asks while it answers one request: should this go wrong now, and what time is it.</summary>
/// <param name="path">The request's method and path, which scripted faults may be limited to.</param>
public sealed class FaultContext(FaultPlan plan, string path, TimeProvider clock)
{
    public TimeProvider Clock => clock;

    /// <summary>Whether this fault of the stand-in's own happens now. Asked once for each time it could.</summary>
    public bool Take(FaultKind kind) => plan.Take(kind, path) is not null;

    /// <param name="fault">How long, where the fault is one of time.</param>
    public bool Take(FaultKind kind, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out Fault? fault) => (fault = plan.Take(kind, path)) is not null;
}
