using System.CommandLine;
using System.Globalization;
using PayOnce.App.Output;

namespace PayOnce.App.Commands;

/// <summary><c>demo</c>: shows in under a minute what PayOnce does, with a process really killed in the middle.</summary>
internal static class DemoCommand
{
    public static Command Create(Cli cli)
    {
        var exit = new Option<bool>("--exit") { Description = "End when everything was shown" };
        return cli.Command("demo", "Show it: two organisations, an export each, the same again, a kill in the middle and the recovery", [exit], async call =>
        {
            if (call.Storage is Storage.Postgres && call.StorageWasNamed) return Answer.Unusable("The demo works in a folder of its own: --data DIR names it.");
            if (call.StorageWasNamed && call.Storage is not Storage.Embedded) return Answer.Unusable("--data and --postgres cannot both be given: the data is in one place.");
            var named = call.StorageWasNamed ? ((Storage.Embedded)call.Storage!).Folder : null;
            if (named is not null && Directory.Exists(named) && Directory.EnumerateFileSystemEntries(named).Any())
                return Answer.Unusable($"{named} is not empty. The demo works in a folder of its own, so that it never touches real claims.");
            var folder = named ?? Directory.CreateTempSubdirectory("payonce-demo-").FullName;
            Directory.CreateDirectory(folder);

            var steps = new List<DemoStepDocument>();
            Demo Showing(Action<DemoStepDocument> tell) => new(call.Surroundings, call.Actor, folder, tell, call.Stop);
            if (call.Json) await Showing(steps.Add).RunAsync();
            return new Answer(ExitCode.Done, new DemoDocument(folder, steps), async screen =>
            {
                var number = 0;
                var start = call.Surroundings.Clock.GetTimestamp();
                await Showing(step =>
                {
                    screen.Line(string.Create(CultureInfo.InvariantCulture, $"{++number}. {step.Title}"));
                    foreach (var line in step.Lines) screen.Line("   " + line);
                    screen.Line();
                    screen.Flush();
                }).RunAsync();
                screen.Line($"That took {Wording.Duration(call.Surroundings.Clock.GetElapsedTime(start))}.");
            });
        });
    }
}
