using System.CommandLine;
using PayOnce.App.Output;
using PayOnce.Claims;
using PayOnce.Exporters;
using PayOnce.Guard;
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
            var stored = await store.FindIntegrationAsync(organisation.OrganisationId, call.Stop);
            var rules = stored is not null
                ? new IntakeRules(IntegrationSettings.FromStored(stored.SettingsJson).Currencies)
                : IntakeRules.None;
            var report = await new ProgressDisplay(call).ShowAsync<ImportReport>(show =>
                ClaimsImport.RunAsync(store, organisation, rules, input.Name, content, call.Actor, call.Surroundings.Clock, progress => show(Shown(progress)), call.Stop));
            return Imported(organisation, input.Name, report, isSetUp: stored is not null);
        }));
    }

    public static Command Adopt(Cli cli)
    {
        var org = Typed.Organisation();
        var file = Typed.File("Claims that left before PayOnce came, as CSV (claim_id,reference) or JSON ({claimId, reference})");
        var reason = Typed.Reason("Why they are taken to be exported; stays in the audit trail");
        Typed.NeedsWords(reason);
        return cli.Command("adopt", "Register claims that were exported before PayOnce came, so that they are never sent", [org, file, reason], call => call.WithOrganisationAsync(org, async (store, organisation) =>
        {
            var (input, refusal) = InputFile.Open(call, call.Get(file));
            if (input is null) return refusal!;
            await using var content = input.Content;
            var list = await AdoptList.ReadAsync(input.Name, content, call.Stop);
            if (list.ProblemCount > 0)
            {
                return Answer.Unusable($"Nothing was adopted: {Wording.Count(list.ProblemCount, "problem")} in {input.Name}, and half a list would let the other half be sent again.", list.Problems);
            }
            var answer = await call.Engine(store).AdoptAsync(organisation.OrganisationId, list.Claims, call.Get(reason)!.Trim(), call.Actor);
            return answer switch
            {
                AdoptAnswer.Adopted adopted => Adopted(organisation, adopted),
                AdoptAnswer.Busy busy => Answer.Refused(ExitCodes.Of(answer), $"{RunSentences.Going(busy.Run, left: null, call.Moments(organisation))} Nothing was adopted."),
                _ => throw new InvalidOperationException("Unknown answer to an adoption."),
            };
        }));
    }

    public static Command Generate(Cli cli)
    {
        var count = new Option<int>("--count") { Description = "How many claims", HelpName = "N", Required = true, CustomParser = result => Typed.Whole(result, 1, int.MaxValue) };
        var seed = new Option<ulong>("--seed") { Description = "The same seed gives the same claims on every machine", HelpName = "S", Required = true, CustomParser = result => Typed.Whole(result, 0UL, ulong.MaxValue) };
        var output = new Option<string>("--out") { Description = "File to write, ending in .json, .jsonl or .csv; - for JSON Lines on standard output", HelpName = "FILE", Required = true };
        return cli.Command("generate", "Make up realistic claims for trying things out", [count, seed, output], async call =>
        {
            var (file, claims) = (call.Get(output)!, ClaimsGenerator.Generate(call.Get(count), call.Get(seed)));
            if (file == InputFile.Standard)
            {
                return call.Json
                    ? Answer.Unusable("--out - and --json exclude each other: standard output can hold only one of them.")
                    : new Answer(ExitCode.Done, new GenerateDocument(file, call.Get(count), call.Get(seed)), screen => ClaimsWriter.WriteAsync(screen.Raw, ClaimsFormat.JsonLines, claims, ClaimsGenerator.Dimensions, call.Stop));
            }
            if (ClaimsWriter.FormatOf(file) is not { } format) return Answer.Unusable($"--out {Problem.Printable(file)} must end in .json, .jsonl or .csv.");
            var path = call.Surroundings.Absolute(file);
            await using (var to = new FileStream(path, FileMode.Create, FileAccess.Write)) await ClaimsWriter.WriteAsync(to, format, claims, ClaimsGenerator.Dimensions, call.Stop);
            return new Answer(ExitCode.Done, new GenerateDocument(path, call.Get(count), call.Get(seed)), screen => screen.Line($"{Wording.Claims(call.Get(count))} written to {path}."));
        });
    }

    private static Answer Adopted(Organisation organisation, AdoptAnswer.Adopted adopted) =>
        new(ExitCodes.Of(adopted), new AdoptDocument(organisation.OrganisationId, adopted.RunId, adopted.Count, [.. adopted.AlreadyHeld.Select(HeldClaimDocument.Of)]), screen =>
        {
            screen.Line($"{Wording.Claims(adopted.Count)} adopted as run {adopted.RunId}: {(adopted.Count == 1 ? "it counts" : "they count")} as exported and {(adopted.Count == 1 ? "is" : "are")} never sent.");
            if (adopted.AlreadyHeld.Count == 0) return;
            screen.Line($"{Wording.Claims(adopted.AlreadyHeld.Count)} left as {(adopted.AlreadyHeld.Count == 1 ? "it was" : "they were")}, since a run has {(adopted.AlreadyHeld.Count == 1 ? "it" : "them")} already:");
            var table = new Table("Claim", "State", "Run#");
            foreach (var held in adopted.AlreadyHeld.Take(MostShown)) table.Add(held.ClaimId, held.State.Text().Replace('_', ' '), Wording.Number(held.RunId));
            screen.Table(table);
            if (adopted.AlreadyHeld.Count > MostShown) screen.Line($"and {Wording.Number(adopted.AlreadyHeld.Count - MostShown)} more; --json names them all.");
        });

    private static Answer Imported(Organisation organisation, string file, ImportReport report, bool isSetUp)
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
            if (report.Added + report.Updated > 0) screen.Line(isSetUp ? $"Next: `payonce sync {id}`, or first `payonce sync {id} --dry-run`." : $"Next: `payonce integrations set {id} FILE`.");
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
