using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace PayOnce.Sandbox;

/// <summary>Runs a stand-in behind Kestrel on a loopback port.</summary>
public static class SandboxServer
{
    /// <summary>Longest request body taken.</summary>
    public const int LongestBody = 64 * 1024 * 1024;

    /// <param name="port">0: any free one.</param>
    /// <param name="clock">The stand-in's clock, which delays are counted by as well. Null: the machine's.</param>
    /// <param name="log">Told of every request when it is done with; one call at a time.</param>
    /// <exception cref="IOException">The port is taken.</exception>
    public static async Task<SandboxHost> StartAsync(
        IStandIn standIn, FaultPlan? faults = null, int port = 0, TimeProvider? clock = null, Action<RequestRecord>? log = null, CancellationToken cancel = default)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ApplicationName = typeof(SandboxServer).Assembly.GetName().Name, ContentRootPath = AppContext.BaseDirectory });
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = TimeSpan.FromSeconds(2));
        builder.WebHost.UseKestrelCore().ConfigureKestrel(options =>
        {
            options.Listen(IPAddress.Loopback, port);
            options.AddServerHeader = false;
            options.Limits.MaxRequestBodySize = LongestBody;
            // A client that is paused in the middle is one of the things to be tried.
            options.Limits.MinRequestBodyDataRate = null;
            options.Limits.MinResponseDataRate = null;
        });
        var app = builder.Build();
        var wire = new Wire(standIn, faults ?? new FaultPlan(), clock ?? TimeProvider.System, log, app.Lifetime.ApplicationStopping);
        app.Run(wire.AnswerAsync);
        try
        {
            await app.StartAsync(cancel);
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }
        return new SandboxHost(app, wire);
    }

    // The program that runs the sandbox listens to signals itself.
    private sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
