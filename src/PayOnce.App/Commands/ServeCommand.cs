using System.CommandLine;
using PayOnce.App.Access;
using PayOnce.App.Host;
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
        var newLink = new Option<bool>("--new-link") { Description = "Show a new link for making the first user; one shown earlier no longer counts" };
        return cli.Command("serve", "Serve the dashboard and the HTTP API until Ctrl-C", [urls, config, newLink], call => call.WithStoreAsync(async store =>
        {
            var (options, problems) = ServerConfiguration.Read(call.Get(config), call.Surroundings.Variables, call.Surroundings);
            if (options is null) return Answer.Unusable("The server's settings cannot be used.", problems);
            if (call.Get(urls) is { Length: > 0 } asked)
            {
                options.Urls = asked;
                if (options.Check().ToList() is { Count: > 0 } wrong) return Answer.Unusable("--urls cannot be used.", wrong);
            }
            if (call.Vault is not { } vault)
                return Answer.Unusable($"With PostgreSQL the server must be told where its keys are: --keys DIR or the environment variable {SecretVault.Variable} names a folder that all its nodes share.");
            var (rules, wrongRules) = call.Rules;
            if (rules is null) return Answer.Unusable("The rules for addresses cannot be used.", wrongRules);
            var observability = Observability.Start(call.Surroundings);
            var app = PayOnceServer.Build(ServerParts.Over(store, vault, rules, call.Epochs, call.Surroundings, call.Steps) with { Options = options });
            try
            {
                await app.StartAsync(call.Stop);
            }
            catch (Exception fault) when (fault is IOException or FormatException or InvalidOperationException)
            {
                await app.DisposeAsync();
                return Answer.Refused(ExitCode.Fault, $"The server was not started: {fault.Message}");
            }
            var (first, needed) = await FirstAdministrator.OfferAsync(store, call.Get(newLink), call.Stop);
            var open = PublicAddress.AtHome(options, app.Urls.First());
            return new Answer(ExitCode.Done, new ServeDocument([.. app.Urls], first is null ? null : open + first), screen =>
            {
                foreach (var url in app.Urls) screen.Line($"PayOnce listens on {url}. Ctrl-C ends it.");
                if (first is not null) screen.Line($"Nobody can sign in yet. Make the first user here, within 24 hours: {open}{first}");
                else if (needed) screen.Line("Nobody can sign in yet. An earlier start or another node has shown the link for the first user; --new-link shows a new one.");
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
