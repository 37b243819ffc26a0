using System.CommandLine;
using PayOnce.App.Output;
using PayOnce.Sandbox;

namespace PayOnce.App.Commands;

/// <summary><c>sandbox NAME</c>: runs a stand-in for an accounting system, to try settings and faults without one.</summary>
internal static class SandboxCommand
{
    public static Command Create(Cli cli)
    {
        var name = new Argument<string>("NAME") { Description = "Which accounting system: " + string.Join(", ", SandboxCatalogue.All.Select(kind => kind.Name)) };
        var port = new Option<int>("--port") { Description = "Port on 127.0.0.1. Default: any free one", HelpName = "N", CustomParser = result => Typed.Whole(result, 0, 65_535) };
        var seed = new Option<ulong>("--seed") { Description = "Seed of the faults that happen by chance", HelpName = "S", CustomParser = result => Typed.Whole(result, 0UL, ulong.MaxValue) };
        var faults = new Option<string?>("--faults") { Description = "What goes wrong: a JSON file, or KIND=SHARE,KIND=SHARE", HelpName = "FILE|KIND=SHARE,…" };
        var set = new Option<string?>("--set") { Description = "How the stand-in behaves: NAME=VALUE,NAME=VALUE", HelpName = "NAME=VALUE,…" };
        var log = new Option<string?>("--log") { Description = "Append a line of JSON for each request to this file", HelpName = "FILE" };
        return cli.Command("sandbox", "Run a stand-in for an accounting system on this machine until Ctrl-C", [name, port, seed, faults, set, log], async call =>
        {
            if (SandboxCatalogue.Find(call.Get(name)) is not { } kind)
                return Answer.Unusable($"There is no stand-in \"{Problem.Printable(call.Get(name))}\"; there are {string.Join(", ", SandboxCatalogue.All.Select(known => known.Name))}.");
            var (options, wrong) = StandInOptions.Parse(call.Get(set));
            if (options is null) return Answer.Unusable($"--set: {wrong}");
            var standIn = kind.Create(options, call.Surroundings.Clock);
            if (options.Problem is { } problem) return Answer.Unusable($"--set: {problem}");
            var plan = new FaultPlan(call.Get(seed));
            if (call.Get(faults) is { } asked && Read(call, asked, plan) is { } unread) return Answer.Unusable($"--faults: {unread}");
            return await StartAsync(call, standIn, plan, call.Get(port), call.Get(log));
        });
    }

    private static string? Read(Call call, string asked, FaultPlan plan)
    {
        if (asked.Contains('=', StringComparison.Ordinal)) return FaultPlanJson.ApplyRates(asked, plan);
        try
        {
            return FaultPlanJson.Apply(File.ReadAllBytes(call.Surroundings.Absolute(asked)), plan);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return fault.Message;
        }
    }

    private static async Task<Answer> StartAsync(Call call, IStandIn standIn, FaultPlan plan, int port, string? log)
    {
        StreamWriter? lines = null;
        SandboxHost host;
        try
        {
            if (log is not null) lines = new StreamWriter(call.Surroundings.Absolute(log), append: true) { AutoFlush = true, NewLine = "\n" };
            host = await SandboxServer.StartAsync(standIn, plan, port, call.Surroundings.Clock, lines is null ? null : request => lines.WriteLine(request.ToJson()), call.Stop);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            if (lines is not null) await lines.DisposeAsync();
            return Answer.Refused(ExitCode.Fault, $"The sandbox was not started: {fault.Message}");
        }
        return new Answer(ExitCode.Done, new SandboxDocument(standIn.Name, host.Address.AbsoluteUri), screen =>
        {
            screen.Line(host.Address.AbsoluteUri);
            screen.Line($"A stand-in for {standIn.Name} listens there until Ctrl-C. What it holds: {host.Address.AbsoluteUri}_sandbox/state");
        })
        {
            Afterwards = async () =>
            {
                var stopped = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                await using var asked = call.Stop.Register(stopped.SetResult);
                await stopped.Task;
                await host.DisposeAsync();
                if (lines is not null) await lines.DisposeAsync();
            },
        };
    }
}
