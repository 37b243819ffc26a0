using System.CommandLine;
using PayOnce.App.Output;
using PayOnce.App.Server;

namespace PayOnce.App.Commands;

/// <summary><c>serve</c>: dashboard and HTTP API, with the runs that people, programs and schedules ask for.</summary>
internal static class ServeCommand
{
    public static Command Create(Cli cli)
    {
        var urls = new Option<string[]>("--urls")
        {
            Description = $"Address to listen on, also several. Default: {ServerParts.DefaultUrl}",
            HelpName = "URL",
            AllowMultipleArgumentsPerToken = true,
        };
        return cli.Command("serve", "Serve the dashboard and the HTTP API until Ctrl-C", [urls], call => call.WithStoreAsync(async store =>
        {
            var parts = new ServerParts(store, call.Engine(store), call.Vault, call.Surroundings, call.Steps);
            if (call.Get(urls) is { Length: > 0 } asked) parts = parts with { Urls = asked };
            var app = PayOnceServer.Build(parts);
            try
            {
                await app.StartAsync(call.Stop);
            }
            catch (Exception fault) when (fault is IOException or FormatException or InvalidOperationException)
            {
                await app.DisposeAsync();
                return Answer.Refused(ExitCode.Fault, $"The server was not started: {fault.Message}");
            }
            return new Answer(ExitCode.Done, new ServeDocument([.. app.Urls]), screen =>
            {
                foreach (var url in app.Urls) screen.Line($"PayOnce listens on {url}. Ctrl-C ends it.");
            })
            {
                Afterwards = async () =>
                {
                    await using var ending = app;
                    await app.WaitForShutdownAsync(call.Stop);
                },
            };
        }, create: true));
    }
}
