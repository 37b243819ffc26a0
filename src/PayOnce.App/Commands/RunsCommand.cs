using System.CommandLine;
using System.Runtime.CompilerServices;
using PayOnce.App.Output;
using PayOnce.Guard;
using PayOnce.Runs;
using PayOnce.Stores;

namespace PayOnce.App.Commands;

/// <summary><c>runs list|show|file|roll-back|imported</c></summary>
internal static class RunsCommand
{
    public static Command Create(Cli cli) => new("runs", "The history: what each run exported, its file, and what became of it")
    {
        List(cli),
        Show(cli),
        RunFileCommand.Create(cli),
        RollBack(cli),
        Imported(cli),
    };

    private static Command List(Cli cli)
    {
        var org = Typed.Organisation();
        var limit = Typed.Limit("At most this many runs");
        return cli.Command("list", "List the runs, newest first", [org, limit], call => call.WithOrganisationAsync(org, (store, organisation) =>
        {
            var runs = ReadAsync(store, organisation.OrganisationId, call.Get(limit) ?? int.MaxValue, call.Stop);
            return Task.FromResult(new Answer(ExitCode.Done, new RunsDocument(organisation.OrganisationId, runs.Select(RunDocument.Of)), async screen =>
            {
                var moments = call.Moments(organisation);
                var table = new Table("Run#", "Started", "By", "State", "Claims#", "Exported#", "Skipped#", "Rejected#", "In doubt#", "Took");
                var any = false;
                await foreach (var run in runs)
                {
                    any = true;
                    var c = run.Counters;
                    table.Add(Wording.Number(run.RunId), moments.Short(run.StartedAt), run.Actor, Wording.Status(run.Status), Wording.Number(c.Total), Wording.Number(c.Exported),
                        Wording.Number(c.SkippedDuplicates), Wording.Number(c.Rejected), Wording.Number(c.InDoubt), run.EndedAt is { } end ? Wording.Duration(end - run.StartedAt) : "");
                    screen.TableInPieces(table);
                }
                if (any) screen.Table(table);
                else screen.Line($"No runs yet. `payonce sync {organisation.OrganisationId}` makes the first.");
            }));
        }));
    }

    private static Command Show(Cli cli)
    {
        var org = Typed.Organisation();
        var number = Typed.Run();
        var claims = new Option<bool>("--claims") { Description = "Also every claim of the run, and every one it skipped" };
        return cli.Command("show", "Show one run: its account, rejected and skipped claims, attempts and file", [org, number, claims], call => call.WithOrganisationAsync(org, async (store, organisation) =>
        {
            if (await store.FindRunAsync(organisation.OrganisationId, call.Get(number), call.Stop) is not { } run) return NoSuchRun(organisation, call.Get(number));
            await call.NoteViewAsync(store, organisation.OrganisationId, "run", FormattableString.Invariant($"run {run.RunId}"));
            return await RunDetails.AnswerAsync(call, store, organisation, run, withClaims: call.Get(claims));
        }));
    }

    private static Command RollBack(Cli cli)
    {
        var org = Typed.Organisation();
        var number = Typed.Run();
        var reason = Typed.Reason("Why; stays in the audit trail");
        var confirm = new Option<long>("--confirm")
        {
            Description = "The run's number once more: its file must not be imported any more",
            HelpName = "RUN",
            Required = true,
            CustomParser = result => Typed.Whole(result, 1, long.MaxValue),
        };
        return cli.Command("roll-back", "Take back a run whose file nobody imported: its claims wait again", [org, number, reason, confirm], call => call.WithOrganisationAsync(org, async (store, organisation) =>
        {
            var (id, run, why) = (organisation.OrganisationId, call.Get(number), call.Get(reason)!);
            if (call.Get(confirm) != run) return Answer.Unusable($"--confirm {call.Get(confirm)} does not repeat the run's number {run}. Nothing was rolled back.");
            return await new DoubleExportGuard(store).RollBackExportMarksAsync(id, run, why, call.Actor, call.Stop) switch
            {
                GuardAnswer<long>.Done done => new Answer(ExitCode.Done, new RolledBackDocument(id, run, done.Value, why.Trim()), screen => screen.Line(
                    $"Run {run} is rolled back: {Wording.Claims(done.Value)} {(done.Value == 1 ? "waits" : "wait")} again and the file is withdrawn. Whoever has a copy must not import it.")),
                GuardAnswer<long>.Refused refused => Answer.Unusable("Nothing was rolled back.", refused.Problem),
                _ => throw new InvalidOperationException("Unknown answer of the guard."),
            };
        }));
    }

    private static Command Imported(Cli cli)
    {
        var org = Typed.Organisation();
        var number = Typed.Run();
        var voucher = Typed.Text("--voucher", "TEXT", "The voucher or journal that the file became in the accounting system");
        return cli.Command("imported", "Record that a run's file was imported: its claims are booked and it cannot be rolled back", [org, number, voucher], call => call.WithOrganisationAsync(org, async (store, organisation) =>
        {
            var (id, run, text) = (organisation.OrganisationId, call.Get(number), call.Get(voucher)!);
            return await new DoubleExportGuard(store).RecordImportAsync(id, run, text, call.Actor, call.Stop) switch
            {
                GuardAnswer<long>.Done done => new Answer(ExitCode.Done, new ImportRecordedDocument(id, run, text.Trim(), done.Value), screen => screen.Line(
                    $"The file of run {run} is recorded as imported, voucher {text.Trim()}: {Wording.Claims(done.Value)} booked.")),
                GuardAnswer<long>.Refused refused => Answer.Unusable("Nothing was recorded.", refused.Problem),
                _ => throw new InvalidOperationException("Unknown answer of the guard."),
            };
        }));
    }

    public static Answer NoSuchRun(Organisation organisation, long run) =>
        Answer.Unusable($"{organisation.OrganisationId} has no run {run}. `payonce runs list {organisation.OrganisationId}` shows those there are.");

    private static async IAsyncEnumerable<Run> ReadAsync(IStore store, string organisation, int limit, [EnumeratorCancellation] CancellationToken cancel)
    {
        const int page = 500;
        long? before = null;
        while (limit > 0)
        {
            var runs = await store.ListRunsAsync(organisation, before, Math.Min(page, limit), cancel);
            foreach (var run in runs) yield return run;
            if (runs.Count < page) yield break;
            limit -= runs.Count;
            before = runs[^1].RunId;
        }
    }
}
