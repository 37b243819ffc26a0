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
            Description = $"Address to listen on, also several. Default: {ServerOptions.DefaultUrl}",
            HelpName = "URL",
            AllowMultipleArgumentsPerToken = true,
        };
        var config = new Option<string?>("--config")
        {
            Description = $"The server's settings as JSON, see docs/operating.md. Default: the environment variable {ServerConfiguration.Variable}",
            HelpName = "FILE",
        };
        return cli.Command("serve", "Serve the dashboard and the HTTP API until Ctrl-C", [urls, config], call => call.WithStoreAsync(async store =>
        {
            var (options, problems) = ServerConfiguration.Read(call.Get(config), call.Surroundings.Variables, call.Surroundings);
            if (options is null) return Answer.Unusable("The server's settings cannot be used.", problems);
            if (call.Get(urls) is { Length: > 0 } asked)
            {
                options.Urls = asked;
                if (options.Check().ToList() is { Count: > 0 } wrong) return Answer.Unusable("--urls cannot be used.", wrong);
            }
            var observability = Observability.Start(call.Surroundings);
            var app = PayOnceServer.Build(new ServerParts(store, call.Engine(store), call.Apis(store), call.Vault, call.Surroundings, call.Steps) { Options = options });
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
                    await using (app) await app.WaitForShutdownAsync(call.Stop);
                    observability?.Dispose();
                },
            };
        }, create: true));
    }
}
