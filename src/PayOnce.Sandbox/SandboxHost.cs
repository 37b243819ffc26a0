using Microsoft.AspNetCore.Builder;

namespace PayOnce.Sandbox;

/// <summary>A stand-in that runs. Disposing of it closes the port and drops what is still to be processed late.</summary>
public sealed class SandboxHost : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly Wire wire;

    internal SandboxHost(WebApplication app, Wire wire)
    {
        (this.app, this.wire) = (app, wire);
        Address = new Uri(app.Urls.First() + "/");
    }

    /// <summary>Such as <c>http://127.0.0.1:40123/</c>.</summary>
    public Uri Address { get; }

    public IStandIn StandIn => wire.StandIn;

    public FaultPlan Faults => wire.Faults;

    /// <summary>Waits until no request is being processed any more, also none whose connection was cut long ago.</summary>
    public Task IdleAsync(CancellationToken cancel = default) => wire.IdleAsync(cancel);

    public async ValueTask DisposeAsync()
    {
        await app.StopAsync();
        await app.DisposeAsync();
    }
}
