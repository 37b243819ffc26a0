using System.CommandLine;
using PayOnce.App.Output;
using PayOnce.Runs;
using PayOnce.Stores;

namespace PayOnce.App.Commands;

/// <summary><c>status</c>: an organisation at a glance.</summary>
internal static class StatusCommand
{
    public static Command Create(Cli cli)
    {
        var org = Typed.Organisation();
        return cli.Command("status", "What waits, what the last run did, and what needs a person", [org], call => call.WithOrganisationAsync(org, async (store, organisation) =>
        {
            var status = await store.GetStatusAsync(organisation.OrganisationId, call.Stop);
            var integration = await store.FindIntegrationAsync(organisation.OrganisationId, call.Stop);
            var unfetched = await store.ListUnfetchedFilesAsync(organisation.OrganisationId, call.Stop);
            var moments = call.Moments(organisation);
            // A dead process leaves its run running until the next one recovers it.
            var cutOff = status.Running is { } running ? call.Surroundings.Node.IsGone(running.Holder) : status.LastRun is { State: RunState.Running };
            if (cutOff) status = status with { Running = null };
            var message = cutOff ? RunSentences.CutOff(organisation.OrganisationId, status.LastRun!) : Sentence(status, integration, moments);
            return new Answer(ExitCode.Done, Document(organisation, status, integration, unfetched, message), screen => Show(screen, organisation, status, unfetched, message, moments));
        }));
    }

    private static StatusDocument Document(Organisation organisation, OrganisationStatus status, StoredIntegration? integration, IReadOnlyList<RunFile> unfetched, string message)
    {
        var last = status.LastRun;
        return new StatusDocument(
            organisation.OrganisationId,
            organisation.Name,
            IntegrationStatus(status, integration),
            last?.RunId,
            last?.EndedAt,
            last?.Counters.Total ?? 0,
            last?.Counters.Exported ?? 0,
            (last?.Counters.Rejected ?? 0) + (last?.Counters.InDoubt ?? 0),
            new ClaimCountsDocument(status.Claims, status.Waiting, AmountDocument.Of(status.WaitingTotals), status.Reserved, status.Exported, status.Rejected, status.InDoubt, status.Withdrawn),
            last is null ? null : RunDocument.Of(last),
            status.Running is { } running ? RunSentences.Running(running, left: null) : null,
            [.. unfetched.Select(f => new UnfetchedDocument(f.RunId, f.Name, f.Claims))],
            message);
    }

    private static string IntegrationStatus(OrganisationStatus status, StoredIntegration? integration) => (status, integration) switch
    {
        (_, null) => "not_set_up",
        ({ Running: not null }, _) => "running",
        ({ InDoubt: > 0 } or { LastRun.State: RunState.Failed or RunState.Running }, _) => "needs_attention",
        _ => "ready",
    };

    private static string Sentence(OrganisationStatus status, StoredIntegration? integration, Moments moments) => (status, integration) switch
    {
        ({ Running: { } run }, _) => RunSentences.Going(run, left: null, moments),
        (_, null) => "No integration is set up yet: `payonce integrations set` says which accounting system the claims go to.",
        ({ Claims: 0, Waiting: 0 }, _) => "No claim was taken in yet.",
        ({ Waiting: 0, LastRun: { } last }, _) => $"No claims are waiting. The last run was {moments.At(last.EndedAt ?? last.StartedAt)}.",
        ({ Waiting: 0 }, _) => "No claims are waiting.",
        ({ Waiting: 1 }, _) => $"1 claim is ready to export, {Wording.Amounts(status.WaitingTotals)}.",
        _ => $"{Wording.Claims(status.Waiting)} are ready to export, {Wording.Amounts(status.WaitingTotals)} in total.",
    };

    private static void Show(Screen screen, Organisation organisation, OrganisationStatus status, IReadOnlyList<RunFile> unfetched, string message, Moments moments)
    {
        var id = organisation.OrganisationId;
        screen.Line($"{organisation.Name} ({id})");
        screen.Line(message);
        screen.Facts(
            ("Taken in", Wording.Claims(status.Claims)),
            ("Waiting", Wording.Number(status.Waiting)),
            ("Being sent", status.Reserved == 0 ? null : Wording.Number(status.Reserved)),
            ("Exported", Wording.Number(status.Exported)),
            ("Rejected", Wording.Number(status.Rejected)),
            ("In doubt", Wording.Number(status.InDoubt)),
            ("Withdrawn", status.Withdrawn == 0 ? null : Wording.Number(status.Withdrawn)));
        if (status.LastRun is { } last)
        {
            var state = last.State == RunState.Running && status.Running is null ? "cut off" : Wording.Status(last.Status).ToLowerInvariant();
            screen.Line($"Run {last.RunId}, {state}: {RunSentences.Counted(last.Counters)}. Started {moments.At(last.StartedAt)} by {last.Actor}.");
            if (last.Failure is { } failure) screen.Line($"It could not do its work: {failure}");
        }
        if (status.InDoubt > 0) screen.Line(RunSentences.InDoubt(id, status.InDoubt));
        if (status.Rejected > 0) screen.Line($"{Wording.Claims(status.Rejected)} rejected; the next run tries again: `payonce claims list {id} --state rejected`.");
        foreach (var file in unfetched) screen.Line(RunSentences.Unfetched(id, file));
    }
}
