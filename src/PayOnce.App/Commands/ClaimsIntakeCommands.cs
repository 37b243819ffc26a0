using System.CommandLine;
using PayOnce.App.Output;
using PayOnce.Claims;
using PayOnce.Exporters;
using PayOnce.Stores;

namespace PayOnce.App.Commands;

/// <summary>How claims come in: <c>claims import</c>, <c>claims adopt</c>, and for trying things out <c>claims generate</c>.</summary>
internal static class ClaimsIntakeCommands
{
    // As many as a person reads; --json names them all, up to what the import keeps.
    private const int MostShown = 50;

    public static Command Import(Cli cli)
    {
        var org = Typed.Organisation();
        var file = Typed.File("Claims as a JSON array, JSON Lines or CSV");
        return cli.Command("import", "Take in approved claims; the same file twice changes nothing", [org, file], call => call.WithOrganisationAsync(org, async (store, organisation) =>
        {
            var (input, refusal) = InputFile.Open(call, call.Get(file));
            if (input is null) return refusal!;
            await using var content = input.Content;
            var rules = await store.FindIntegrationAsync(organisation.OrganisationId, call.Stop) is { } stored
                ? new IntakeRules(IntegrationSettings.FromStored(stored.SettingsJson).Currencies)
                : IntakeRules.None;
            var report = await new ProgressDisplay(call).ShowAsync<ImportReport>(show =>
                ClaimsImport.RunAsync(store, organisation, rules, input.Name, content, call.Actor, call.Surroundings.Clock, progress => show(Shown(progress)), call.Stop));
            return Imported(organisation, input.Name, report);
        }));
    }

    public static Command Adopt(Cli cli) => new("adopt");

    public static Command Generate(Cli cli) => new("generate");

    private static Answer Imported(Organisation organisation, string file, ImportReport report)
    {
        var id = organisation.OrganisationId;
        var document = new ImportDocument(
            id, file, report.Added, report.Updated, report.Unchanged, report.Refused, report.Unreadable,
            report.ProblemCount, [.. report.Problems.Select(ProblemDocument.Of)], report.WarningCount, [.. report.Warnings.Select(ProblemDocument.Of)]);
        return new Answer(ExitCodes.Of(report), document, screen =>
        {
            screen.Line($"{file}: {Wording.Claims(report.Added)} added, {Wording.Number(report.Updated)} updated, {Wording.Number(report.Unchanged)} unchanged, {Wording.Number(report.Refused)} refused.");
            Problems(screen, report.Refused == 0 ? "" : "Refused, and not taken in:", report.Problems, report.ProblemCount);
            Problems(screen, "Taken in, but look at these:", report.Warnings, report.WarningCount);
            if (report.Added + report.Updated > 0) screen.Line($"Next: `payonce sync {id}`, or first `payonce sync {id} --dry-run`.");
        })
        {
            Complaint = report.Unreadable ? $"{file} could not be read to its end. What was read before that is in; put the file right and import it again." : null,
        };
    }

    private static void Problems(Screen screen, string title, IReadOnlyList<Problem> problems, long all)
    {
        if (problems.Count == 0) return;
        if (title.Length > 0) screen.Line(title);
        foreach (var problem in problems.Take(MostShown)) screen.Line($"  {problem}");
        if (all > MostShown) screen.Line($"  and {Wording.Number(all - MostShown)} more; --json names {(all > problems.Count ? $"{Wording.Number(problems.Count)} of them" : "them all")}.");
    }

    private static Progress Shown(ImportProgress progress) => new(
        progress.BytesTotal is null ? progress.Claims : progress.BytesRead,
        progress.BytesTotal,
        progress.BytesTotal is { } total and > 0 ? $"{Wording.Claims(progress.Claims)} read, {progress.BytesRead * 100 / total} % of the file" : $"{Wording.Claims(progress.Claims)} read");
}
