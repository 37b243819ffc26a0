using System.CommandLine;
using System.CommandLine.Help;
using PayOnce.App.Commands;
using PayOnce.App.Host;
using PayOnce.App.Output;
using PayOnce.Stores;

namespace PayOnce.App;

/// <summary>The command line: parses, carries out, prints one answer, and turns whatever goes wrong into a sentence and an exit code.</summary>
internal sealed class Cli : IDisposable
{
    private const string CommandMissing = "Required command was not provided.";

    private readonly RootCommand root = new("PayOnce hands each approved expense claim to the accounting system once.");
    private readonly GlobalOptions options = new();
    private readonly Surroundings surroundings;
    private readonly CountedStream output;

    private Cli(Surroundings surroundings)
    {
        this.surroundings = surroundings;
        output = new CountedStream(surroundings.Output);
        root.Directives.Clear();
        root.Subcommands.Add(DemoCommand.Create(this));
        root.Subcommands.Add(OrganisationsCommand.Create(this));
        root.Subcommands.Add(IntegrationsCommand.Create(this));
        root.Subcommands.Add(ClaimsCommand.Create(this));
        root.Subcommands.Add(SourceCommand.Create(this));
        root.Subcommands.Add(SyncCommand.Create(this));
        root.Subcommands.Add(ReconcileCommand.Create(this));
        root.Subcommands.Add(RunsCommand.Create(this));
        root.Subcommands.Add(StatusCommand.Create(this));
        root.Subcommands.Add(AuditCommand.Create(this));
        root.Subcommands.Add(RetentionCommand.Create(this));
        root.Subcommands.Add(PersonsCommand.Create(this));
        root.Subcommands.Add(RestoreCommand.Create(this));
        root.Subcommands.Add(DoctorCommand.Create(this));
        root.Subcommands.Add(ServeCommand.Create(this));
        root.Subcommands.Add(SandboxCommand.Create(this));
        options.AddTo(root);
    }

    /// <summary>Carries out one command line and returns the process's exit code.</summary>
    public static async Task<int> RunAsync(IReadOnlyList<string> args, Surroundings surroundings, CancellationToken stop)
    {
        using var cli = new Cli(surroundings);
        // Claim ids may begin with @, which would otherwise name a file of further arguments.
        var typed = cli.root.Parse(args.Count == 0 ? ["--help"] : args, new ParserConfiguration { EnablePosixBundling = false, ResponseFileTokenReplacer = null });
        if (typed.Errors.Count > 0 && typed.Action is not HelpAction) return (int)await cli.UsageErrorAsync(typed, args);
        return await typed.InvokeAsync(
            new InvocationConfiguration
            {
                Output = new StreamWriter(cli.output) { AutoFlush = true, NewLine = "\n" },
                Error = surroundings.Error,
                EnableDefaultExceptionHandler = false,
                // Otherwise the process is ended two seconds after Ctrl-C, whatever the engine is doing then.
                ProcessTerminationTimeout = null,
            },
            stop);
    }

    /// <summary>A command with its arguments and options, and what carries it out.</summary>
    public Command Command(string name, string description, IEnumerable<Symbol> symbols, Func<Call, Task<Answer>> run)
    {
        var command = new Command(name, description);
        foreach (var symbol in symbols)
        {
            if (symbol is Argument argument) command.Arguments.Add(argument);
            else command.Options.Add((Option)symbol);
        }
        command.SetAction(async (typed, stop) => (int)await CarryOutAsync(typed, run, stop));
        return command;
    }

    public void Dispose() => output.Dispose();

    private async Task<ExitCode> CarryOutAsync(ParseResult typed, Func<Call, Task<Answer>> run, CancellationToken stop)
    {
        var json = typed.GetValue(options.Json);
        try
        {
            var (steps, problem) = KillPoints.Of(surroundings.Variable);
            if (problem is not null) return await PrintAsync(Answer.Unusable(problem.ToString(), problem), json);
            await using var call = new Call(typed, options, surroundings, steps, stop);
            return await PrintAsync(await run(call), json);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return await PrintAsync(Answer.Refused(ExitCode.Fault, "Stopped before it was done. What was finished by then stays; the same command goes on from there."), json);
        }
        catch (Exception fault)
        {
            var answer = Answer.Refused(ExitCode.Fault, FaultSentence.Of(fault));
            if (surroundings.Variable("PAYONCE_DEBUG") is "1") answer = answer with { Complaint = $"{answer.Complaint}\n{fault}" };
            return await PrintAsync(answer, json);
        }
    }

    private async Task<ExitCode> PrintAsync(Answer answer, bool json)
    {
        if (answer.Complaint is { } complaint) await surroundings.Error.WriteLineAsync(complaint);
        if (json)
        {
            // After a fault in the middle of a long document a second one would make both unreadable.
            if (output.Written == 0) await DocumentsJson.WriteAsync(output, answer.Document, CancellationToken.None);
        }
        else
        {
            await using var screen = new Screen(output, surroundings.OutputWidth);
            await answer.Show(screen);
        }
        if (answer.Afterwards is { } afterwards) await afterwards();
        return answer.Exit;
    }

    private Task<ExitCode> UsageErrorAsync(ParseResult typed, IReadOnlyList<string> args)
    {
        var path = new List<string>();
        for (var at = typed.CommandResult; at is not null; at = at.Parent as System.CommandLine.Parsing.CommandResult) path.Insert(0, at.Command.Name);
        path[0] = "payonce";
        var errors = typed.Errors.Select(e => e.Message).Distinct().ToList();
        // Said of every unknown command as well, where it only confuses.
        if (errors.Count > 1) errors.Remove(CommandMissing);
        var message = $"{string.Join(' ', errors)} See `{string.Join(' ', path)} --help`.";
        return PrintAsync(Answer.Unusable(message, [.. errors.Select(e => new Problem(e))]) with { Complaint = message }, args.Contains("--json"));
    }
}
