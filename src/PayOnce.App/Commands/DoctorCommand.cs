using System.CommandLine;
using PayOnce.App.Output;

namespace PayOnce.App.Commands;

/// <summary><c>doctor</c>: is everything here that a run needs?</summary>
internal static class DoctorCommand
{
    public static Command Create(Cli cli) => cli.Command("doctor", "Check the machine, the store, the audit trails and the integrations", [], async call =>
    {
        if (call.Storage is not { } storage) return Answer.Unusable("--data and --postgres cannot both be given: the data is in one place.");
        var checks = new List<CheckDocument>();
        await foreach (var check in new Doctor(call, storage).ExamineAsync()) checks.Add(check);
        var faults = checks.Count(c => c.Result == Doctor.Fault);
        var warnings = checks.Count(c => c.Result == Doctor.Warning);
        return new Answer(faults == 0 ? ExitCode.Done : ExitCode.Fault, new DoctorDocument(faults == 0, checks), screen =>
        {
            var table = new Table("Result", "Check", "What was found");
            foreach (var check in checks) table.Add(check.Result == Doctor.Ok ? "OK" : check.Result, check.Check, check.Message);
            screen.Table(table);
            screen.Line((faults, warnings) switch
            {
                (0, 0) => "Everything is in order.",
                (0, _) => $"No fault, {Wording.Count(warnings, "warning")}.",
                _ => $"{Wording.Count(faults, "fault")}, {Wording.Count(warnings, "warning")}.",
            });
        });
    });
}
