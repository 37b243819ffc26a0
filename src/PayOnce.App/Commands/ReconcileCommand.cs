using System.CommandLine;
using PayOnce.App.Output;
using PayOnce.Reconciliation;

namespace PayOnce.App.Commands;

/// <summary><c>reconcile</c>: asks the accounting system what it holds, and settles what is in doubt.</summary>
internal static class ReconcileCommand
{
    public static Command Create(Cli cli)
    {
        var org = Typed.Organisation();
        var all = new Option<bool>("--all") { Description = "Compare the whole history with the accounting system: missing there, unknown here, other amount" };
        return cli.Command("reconcile", "Ask the accounting system what it holds, and settle what is in doubt; sends nothing", [org, all], call => call.WithOrganisationAsync(org, async (store, organisation) =>
        {
            await using var signal = call.StopSignal(store, organisation.OrganisationId);
            var outcome = await call.Engine(store).ReconcileAsync(new ReconcileRequest(organisation.OrganisationId, call.Actor, call.Get(all)), signal.Token);
            return outcome switch
            {
                ReconcileOutcome.Ended ended => Ended(ended, organisation, call.Moments(organisation)),
                ReconcileOutcome.Busy busy => Answer.Refused(ExitCode.Busy, $"{RunSentences.Going(busy.Run, busy.Left, call.Moments(organisation))} Nothing was asked."),
                ReconcileOutcome.TakenOver takenOver => Answer.Refused(ExitCode.Fault, RunSentences.TakenOver(takenOver.RunId)),
                ReconcileOutcome.Paused paused => Answer.Refused(ExitCode.Busy, $"{RunSentences.Paused(paused.Pause, call.Moments(organisation))} Nothing was asked."),
                ReconcileOutcome.NotReady notReady => Answer.Refused(ExitCode.Unusable, "Nothing was asked: there is nothing to ask with.", notReady.Problems),
                _ => throw new InvalidOperationException($"Unknown outcome {outcome.GetType().Name}."),
            };
        }));
    }

    private static Answer Ended(ReconcileOutcome.Ended ended, Organisation organisation, Moments moments)
    {
        var report = ended.Report;
        var sentences = ReconcileSentences.Of(report, organisation.OrganisationId, ended.InDoubt, moments).ToList();
        var exit = report.Failure is not null ? ExitCode.Fault : ended.InDoubt > 0 ? ExitCode.InDoubt : report.Differences.Count > 0 ? ExitCode.Refused : ExitCode.Done;
        var document = new ReconcileDocument(
            organisation.OrganisationId, ended.Run.RunId, ended.Run.Status, report.Found, report.Released, report.Raised, ended.InDoubt, ended.Waiting, report.Compared,
            [.. report.InDoubt.Select(StillInDoubtDocument.Of)], [.. report.Differences.Select(DifferenceDocument.Of)], report.Failure, string.Join(' ', sentences));
        return new Answer(exit, document, screen =>
        {
            foreach (var sentence in sentences) screen.Line(sentence);
            ReconcileSentences.Show(screen, report, moments);
        });
    }
}
