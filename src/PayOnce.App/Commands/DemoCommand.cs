using System.CommandLine;
using System.Globalization;
using PayOnce.App.Output;
using PayOnce.App.Server;

namespace PayOnce.App.Commands;

/// <summary><c>demo</c>: shows in under a minute what PayOnce does, with a process really killed in the middle.</summary>
internal static class DemoCommand
{
    public static Command Create(Cli cli)
    {
        var exit = new Option<bool>("--exit") { Description = "End when everything was shown, without the dashboard" };
        return cli.Command("demo", "Show it: two organisations, an export each, the same again, a kill in the middle and the recovery", [exit], async call =>
        {
            if (call.Storage is Storage.Postgres && call.StorageWasNamed) return Answer.Unusable("The demo works in a folder of its own: --data DIR names it.");
            if (call.StorageWasNamed && call.Storage is not Storage.Embedded) return Answer.Unusable("--data and --postgres cannot both be given: the data is in one place.");
            var named = call.StorageWasNamed ? ((Storage.Embedded)call.Storage!).Folder : null;
            if (named is not null && Directory.Exists(named) && Directory.EnumerateFileSystemEntries(named).Any())
                return Answer.Unusable($"{named} is not empty. The demo works in a folder of its own, so that it never touches real claims.");
            var folder = named ?? Directory.CreateTempSubdirectory("payonce-demo-").FullName;
            Directory.CreateDirectory(folder);

            if (call.Json)
            {
                var steps = new List<DemoStepDocument>();
                await using (var quiet = new Demo(call.Surroundings, call.Actor, folder, steps.Add, call.Stop)) await quiet.RunAsync();
                return new Answer(ExitCode.Done, new DemoDocument(folder, steps), _ => { });
            }
            Demo? demo = null;
            DemoServer? server = null;
            return new Answer(ExitCode.Done, new DemoDocument(folder, []), async screen =>
            {
                var number = 0;
                var start = call.Surroundings.Clock.GetTimestamp();
                demo = new Demo(call.Surroundings, call.Actor, folder, step =>
                {
                    screen.Line(string.Create(CultureInfo.InvariantCulture, $"{++number}. {step.Title}"));
                    foreach (var line in step.Lines) screen.Line("   " + line);
                    screen.Line();
                    screen.Flush();
                }, call.Stop);
                await demo.RunAsync();
                screen.Line($"That took {Wording.Duration(call.Surroundings.Clock.GetElapsedTime(start))}.");
                if (call.Get(exit)) return;
                server = await DemoServer.StartAsync(new Storage.Embedded(folder), call.Surroundings, call.Actor, call.Steps, call.Stop);
                screen.Line();
                screen.Line($"The dashboard shows all of it: {server.Address}");
                screen.Line($"Sign in as {DemoServer.Email} with the password {server.Password}. Ctrl-C ends it.");
            })
            {
                Afterwards = async () =>
                {
                    if (server is not null)
                    {
                        await server.WaitAsync(call.Stop);
                        await server.DisposeAsync();
                    }
                    if (demo is not null) await demo.DisposeAsync();
                },
            };
        });
    }
}
