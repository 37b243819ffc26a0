using PayOnce.App.Dashboard.Parts;
using PayOnce.Exporters;
using PayOnce.Guard;
using PayOnce.Runs;
using PayOnce.Scheduling;
using PayOnce.Stores;

namespace PayOnce.App.Dashboard;

/// <summary>States in one vocabulary: the same word wherever a state is shown, never more than the evidence says.</summary>
internal sealed partial class Words
{
    /// <summary>Every word of <see cref="Run.Status"/>, for filters, in the order in which they are shown.</summary>
    public static IReadOnlyList<string> RunStatuses { get; } = ["running", "finished", "finished_rejections", "in_doubt", "failed", "cancelled", "rolled_back"];

    /// <summary>A run's state (<see cref="Run.Status"/>).</summary>
    public StateWord RunState(string status) => status switch
    {
        "running" => new(Say("Pågår", "Running"), "info"),
        "finished" => new(Say("Ferdig", "Finished"), "success"),
        "finished_rejections" => new(Say("Ferdig, noe avvist", "Finished, some rejected"), "warning"),
        "in_doubt" => new(Say("Ferdig, noe uavklart", "Finished, some in doubt"), "warning"),
        "failed" => new(Say("Mislykket", "Failed"), "danger"),
        "cancelled" => new(Say("Stoppet", "Stopped"), "neutral"),
        "rolled_back" => new(Say("Trukket tilbake", "Rolled back"), "neutral"),
        _ => throw new ArgumentOutOfRangeException(nameof(status), status, null),
    };

    /// <summary>A run that is still going: whether it stops, and whether the accounting system keeps it waiting.</summary>
    public StateWord RunUnderWay(bool stopping, bool waiting) => stopping
        ? new(Say("Stopper", "Stopping"), "info")
        : waiting ? new(Say("Venter", "Waiting"), "info") : RunState("running");

    /// <summary>A request for a run.</summary>
    public StateWord RequestState(RequestState state) => state switch
    {
        Scheduling.RequestState.Queued => new(Say("I kø", "Queued"), "neutral"),
        Scheduling.RequestState.Running => RunState("running"),
        Scheduling.RequestState.Done => RunState("finished"),
        Scheduling.RequestState.Refused => new(Say("Ikke startet", "Not started"), "warning"),
        Scheduling.RequestState.Failed => RunState("failed"),
        Scheduling.RequestState.Cancelled => RunState("cancelled"),
        _ => throw new ArgumentOutOfRangeException(nameof(state), state, null),
    };

    /// <summary>Where a claim is by its newest mark.</summary>
    /// <param name="state">Null where no run has had it.</param>
    /// <param name="waiting">The next run takes it.</param>
    public StateWord ClaimState(MarkState? state, Evidence? evidence, bool waiting) => state switch
    {
        null or MarkState.Released when waiting => new(Say("Klar", "Ready"), "info"),
        null => new(Say("Ukjent", "Unknown"), "neutral"),
        MarkState.Reserved => new(Say("Sendes", "Sending"), "info"),
        MarkState.Exported => Exported(evidence),
        MarkState.Rejected => new(Say("Avvist", "Rejected"), "danger"),
        MarkState.InDoubt => new(Say("Uavklart", "In doubt"), "warning"),
        MarkState.Released => new(Say("Ikke sendt", "Not sent"), "neutral"),
        _ => throw new ArgumentOutOfRangeException(nameof(state), state, null),
    };

    public StateWord ClaimState(Mark? mark, bool waiting) => ClaimState(mark?.State, mark?.Evidence, waiting);

    public StateWord ClaimState(Mark? mark, bool waiting, Withdrawal? withdrawal) => withdrawal is null ? ClaimState(mark, waiting) : WithdrawnClaim;

    /// <summary>A claim that is approved no longer.</summary>
    public StateWord WithdrawnClaim => new(Say("Trukket tilbake", "Withdrawn"), "neutral");

    /// <summary>How far the proof of an export reaches: received is never shown as booked.</summary>
    public StateWord Exported(Evidence? evidence) => evidence switch
    {
        Evidence.Booked => new(Say("Bokført", "Booked"), "success"),
        Evidence.Received => new(Say("Mottatt", "Received"), "success"),
        Evidence.InFile => new(Say("Lagt i fil", "In file"), "success"),
        _ => new(Say("Eksportert", "Exported"), "success"),
    };

    /// <summary>A claim that a run skipped because an earlier one has it.</summary>
    public StateWord Skipped => new(Say("Hoppet over", "Skipped"), "neutral");

    /// <summary>The accounting system by its own name, as it stands in a sentence.</summary>
    /// <param name="exporter">A name of <see cref="ExporterCatalogue"/>; empty where a run had none.</param>
    public string System(string exporter) => exporter switch
    {
        "xledger" => "Xledger",
        "dynamics" => "Business Central",
        _ => Say("regnskapssystemet", "the accounting system"),
    };

    /// <summary>The accounting system's full name, for lists and facts.</summary>
    public string SystemName(string exporter) => exporter switch
    {
        "xledger" => "Xledger",
        "dynamics" => "Microsoft Dynamics 365 Business Central",
        _ => Say("Annet regnskapssystem", "Another accounting system"),
    };

    /// <summary>What started a run or asked for it, where it was no person.</summary>
    public string StartedBy(RunTrigger trigger, string actor) => trigger is RunTrigger.Schedule ? Say("Tidsplan", "Schedule") : actor.Length == 0 ? "–" : actor;

    /// <summary>What kind of run it is; only exports are called runs without a further word.</summary>
    public string Kind(RunTrigger trigger) => trigger switch
    {
        RunTrigger.Manual => Say("Eksport", "Export"),
        RunTrigger.Schedule => Say("Eksport etter tidsplan", "Scheduled export"),
        RunTrigger.ReExport => Say("Ny eksport", "Re-export"),
        RunTrigger.Adopt => Say("Registrering av tidligere eksport", "Registration of earlier exports"),
        RunTrigger.Reconcile => Say("Avstemming", "Reconciliation"),
        _ => throw new ArgumentOutOfRangeException(nameof(trigger), trigger, null),
    };

    public string Outcome(AttemptOutcome? outcome) => outcome switch
    {
        AttemptOutcome.Accepted => Say("Tatt imot", "Accepted"),
        AttemptOutcome.Refused => Say("Avvist", "Refused"),
        AttemptOutcome.Unknown => Say("Ukjent utfall", "Outcome unknown"),
        null => Say("Uten svar", "No answer"),
        _ => throw new ArgumentOutOfRangeException(nameof(outcome), outcome, null),
    };
}
