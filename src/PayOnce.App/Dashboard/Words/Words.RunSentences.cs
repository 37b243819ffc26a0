using PayOnce.App.Background;
using PayOnce.Runs;

namespace PayOnce.App.Dashboard;

/// <summary>What is said about a run, in whole sentences that also say what did not happen.</summary>
internal sealed partial class Words
{
    /// <summary>A run under way: how many, then how long.</summary>
    /// <param name="system">The accounting system (<see cref="System(string)"/>).</param>
    public Told Going(long run, RunTrigger trigger, string system, RunPace pace)
    {
        var c = pace.Counters;
        if (trigger is RunTrigger.Reconcile)
            return new(Say($"Avstemmingen i kjøring {Id(run)} er i gang.", $"The reconciliation in run {Id(run)} is going on."), Say("Ingenting sendes.", "Nothing is sent."));
        if (pace.Stopping) return new(Say("Stopper.", "Stopping."), Stopping(pace));
        if (c.Total == 0 && c.Reserved == 0) return new(Say($"Kjøring {Id(run)} er i gang.", $"Run {Id(run)} has started."), WorkingOutTime);
        if (pace.Late && pace.Silent is null)
        {
            return new(
                Say("Dette tar lengre tid enn beregnet.", "This is taking longer than estimated."),
                Say($"{Number(pace.Handled)} av {Claims(pace.Total)} er behandlet.", $"{Number(pace.Handled)} of {Claims(pace.Total)} {(pace.Total == 1 ? "is" : "are")} handled."));
        }
        return new(Handled(pace), pace.Silent is { } silent ? Waiting(system, pace.ByFile, silent) : TimeLeft(pace.Left));
    }

    public string WorkingOutTime => Say("Vi beregner tiden.", "Working out how long it will take.");

    /// <summary>Rounded up by <see cref="PayOnce.Runs.TimeLeft"/>; from ten minutes on with the time of day.</summary>
    public string TimeLeft(TimeSpan? left) => left switch
    {
        null => WorkingOutTime,
        { TotalSeconds: <= 30 } => Say("Under et halvt minutt igjen.", "Less than half a minute left."),
        { TotalMinutes: <= 1 } => Say("Omtrent 1 minutt igjen.", "About 1 minute left."),
        { TotalMinutes: < 10 } l => Say($"Omtrent {Number((long)l.TotalMinutes)} minutter igjen.", $"About {Number((long)l.TotalMinutes)} minutes left."),
        { TotalMinutes: <= 60 } l => Say(
            $"Omtrent {Number((long)l.TotalMinutes)} minutter igjen, ferdig rundt kl. {Around(l)}.",
            $"About {Number((long)l.TotalMinutes)} minutes left, done around {Around(l)}."),
        { } l => Say($"Omtrent {Hours(l)} timer igjen, ferdig rundt kl. {Around(l)}.", $"About {Hours(l)} hours left, done around {Around(l)}."),
    };

    /// <summary>A run that is over.</summary>
    /// <param name="file">Null where it made none.</param>
    /// <param name="allExported">Whether all that it skipped is known to be exported, not held in doubt.</param>
    public string Over(Run run, IReadOnlyList<ControlTotal> exported, RunFile? file, bool allExported)
    {
        var c = run.Counters;
        var end = At(run.EndedAt ?? run.StartedAt);
        if (run.Trigger is RunTrigger.Adopt)
            return Say($"{Claims(c.Exported)} ble registrert som eksportert før PayOnce, {end}. Ingenting ble sendt.", $"{Claims(c.Exported)} {(c.Exported == 1 ? "was" : "were")} registered as exported before PayOnce, {end}. Nothing was sent.");
        if (run.Trigger is RunTrigger.Reconcile && run.State is PayOnce.Runs.RunState.Finished)
            return Say($"Avstemmingen var ferdig {end}. Ingenting ble sendt.", $"The reconciliation finished {end}. Nothing was sent.");
        var inFile = file is not null;
        var sum = c.Exported == 0 || exported.Count == 0 ? "" : $", {Money(exported)}";
        return run.Status switch
        {
            "finished" or "finished_rejections" when c.Candidates == 0 => Say($"Ferdig {end}. {NothingLeft(c, allExported)}", $"Finished {end}. {NothingLeft(c, allExported)}"),
            "finished" => Say(
                $"Ferdig {end}. {Done(c.Exported, inFile)}{sum}{AlsoSkipped(c)}. Ingen avvist, ingen uavklart.",
                $"Finished {end}. {Done(c.Exported, inFile)}{sum}{AlsoSkipped(c)}. None rejected, none in doubt."),
            "finished_rejections" => Say(
                $"Ferdig {end}. {Done(c.Exported, inFile)}{sum}{AlsoSkipped(c)}, {Number(c.Rejected)} avvist. {(c.Rejected == 1 ? "Det avviste er" : $"De {Number(c.Rejected)} er")} ikke bokført.",
                $"Finished {end}. {Done(c.Exported, inFile)}{sum}{AlsoSkipped(c)}, {Number(c.Rejected)} rejected. {(c.Rejected == 1 ? "The rejected one is" : $"The {Number(c.Rejected)} are")} not booked."),
            "in_doubt" => Say(
                $"{Headline(run)} {end}. {Done(c.Exported, inFile)}{sum}. For {Claims(c.InDoubt)} vet vi ikke om {(c.InDoubt == 1 ? "det" : "de")} er bokført.{AlsoRejected(c)}",
                $"{Headline(run)} {end}. {Done(c.Exported, inFile)}{sum}. For {Claims(c.InDoubt)} we do not know whether {(c.InDoubt == 1 ? "it is" : "they are")} booked.{AlsoRejected(c)}"),
            "failed" when c.Exported == 0 => Say($"Kjøringen mislyktes {end}, før noe ble eksportert.{AlsoRejected(c)}", $"The run failed {end}, before anything was exported.{AlsoRejected(c)}"),
            "failed" => Say(
                $"Kjøringen mislyktes {end}. {Done(c.Exported, inFile)}{sum}. {Claims(Unsent(c))} er ikke sendt.{AlsoRejected(c)} Ingen er uavklart.",
                $"The run failed {end}. {Done(c.Exported, inFile)}{sum}. {Claims(Unsent(c))} {(Unsent(c) == 1 ? "was" : "were")} not sent.{AlsoRejected(c)} None are in doubt."),
            "cancelled" => Say(
                $"{StoppedBy(run)} {end}. {Claims(c.Exported)} ble {(inFile ? "lagt i filen" : "eksportert")}{sum}, {Number(Unsent(c))} ble ikke sendt.{AlsoRejected(c)}",
                $"{StoppedBy(run)} {end}. {Claims(c.Exported)} {(c.Exported == 1 ? "was" : "were")} {(inFile ? "put in the file" : "exported")}{sum}, {Number(Unsent(c))} {(Unsent(c) == 1 ? "was" : "were")} not sent.{AlsoRejected(c)}"),
            _ => Say($"Kjøringen er trukket tilbake. {Claims(c.Released)} ble lagt tilbake.", $"The run was rolled back. {Claims(c.Released)} {(c.Released == 1 ? "was" : "were")} given back."),
        };
    }

    /// <summary>Who rolled it back, and when.</summary>
    public string RolledBackBy(string actor, DateTimeOffset at) => Say($"Trukket tilbake {At(at)} av {actor}.", $"Rolled back {At(at)} by {actor}.");

    // ---- What is heard and shown while a run goes on ----

    public string ProgressHeading => Say("Fremdrift", "Progress");

    public string ProgressLabel(long run) => Say($"Behandlede krav i kjøring {Id(run)}", $"Handled claims in run {Id(run)}");

    public string ProgressText(long handled, long total) => Say($"{Number(handled)} av {Number(total)}", $"{Number(handled)} of {Number(total)}");

    public string LastUpdated => Say("Sist oppdatert", "Last updated");

    public string AtClock(DateTimeOffset at) => Say($"kl. {ClockWithSeconds(at)}", $"at {ClockWithSeconds(at)}");

    public string UpdateNow => Say("Oppdater nå", "Update now");

    public string StopUpdating => Say("Stans automatisk oppdatering", "Stop automatic updates");

    public string StartUpdating => Say("Oppdater automatisk", "Update automatically");

    public string LostContact => Say("Vi får ikke kontakt med PayOnce. Kjøringen fortsetter på tjeneren.", "We cannot reach PayOnce. The run goes on at the server.");

    public string RunIsOver => Say("Kjøringen er ferdig.", "The run is over.");

    public string ReloadForReport => Say("Last siden på nytt for hele rapporten", "Reload the page for the whole report");

    private string Handled(RunPace pace)
    {
        var c = pace.Counters;
        var done = pace.ByFile ? c.Reserved - c.Rejected : c.Exported;
        if (done == pace.Handled)
        {
            return pace.ByFile
                ? Say($"Lagt {Number(done)} av {Claims(pace.Total)} i filen.", $"Put {Number(done)} of {Claims(pace.Total)} in the file.")
                : Say($"Eksportert {Number(done)} av {Claims(pace.Total)}.", $"Exported {Number(done)} of {Claims(pace.Total)}.");
        }
        var parts = new List<string> { pace.ByFile ? Say($"{Number(done)} lagt i filen", $"{Number(done)} in the file") : Say($"{Number(done)} eksportert", $"{Number(done)} exported") };
        if (c.SkippedDuplicates > 0) parts.Add(Say($"{Number(c.SkippedDuplicates)} hoppet over", $"{Number(c.SkippedDuplicates)} skipped"));
        if (c.Rejected > 0) parts.Add(Say($"{Number(c.Rejected)} avvist", $"{Number(c.Rejected)} rejected"));
        if (c.InDoubt > 0) parts.Add(Say($"{Number(c.InDoubt)} uavklart", $"{Number(c.InDoubt)} in doubt"));
        if (c.Released > 0 && !pace.ByFile) parts.Add(Say($"{Number(c.Released)} lagt tilbake", $"{Number(c.Released)} given back"));
        return Say($"Behandlet {Number(pace.Handled)} av {Claims(pace.Total)}: {string.Join(", ", parts)}.", $"Handled {Number(pace.Handled)} of {Claims(pace.Total)}: {string.Join(", ", parts)}.");
    }

    private string Waiting(string system, bool byFile, TimeSpan silent)
    {
        var time = silent.TotalSeconds < 90 ? Say("et minutt", "a minute") : Say($"{Number((long)silent.TotalMinutes)} minutter", $"{Number((long)silent.TotalMinutes)} minutes");
        return byFile
            ? Say($"Det har ikke skjedd noe på {time}. Ingen krav sendes to ganger.", $"Nothing has happened for {time}. No claim is sent twice.")
            : Say($"{Capital(system)} har ikke svart på {time}. Vi venter og prøver igjen. Ingen krav sendes to ganger.", $"{Capital(system)} has not answered for {time}. We are waiting and will try again. No claim is sent twice.");
    }

    private string Stopping(RunPace pace)
    {
        if (pace.ByFile) return StopFile;
        var sent = pace.OnTheWay;
        return sent == 0
            ? Say("Ingen krav er underveis.", "No claims are on the way.")
            : Say($"{Claims(sent)} kan allerede være sendt, vi venter på svar for dem.", $"{Claims(sent)} may already be sent; we are waiting for answers.");
    }

    private string NothingLeft(RunCounters c, bool allExported) => c.SkippedDuplicates switch
    {
        0 => Say("Ingen krav var klare. Ingenting ble sendt.", "No claims were ready. Nothing was sent."),
        1 when allExported => Say("Kravet var allerede eksportert. Ingenting ble sendt.", "The claim was already exported. Nothing was sent."),
        _ when allExported => Say($"Alle {Claims(c.SkippedDuplicates)} var allerede eksportert. Ingenting ble sendt.", $"All {Claims(c.SkippedDuplicates)} were already exported. Nothing was sent."),
        _ => Say(
            $"Tidligere kjøringer har alle {Claims(c.SkippedDuplicates)}, eksportert eller uavklart. Ingenting ble sendt.",
            $"Earlier runs have all {Claims(c.SkippedDuplicates)}, exported or in doubt. Nothing was sent."),
    };

    private string Done(long number, bool inFile) => inFile
        ? Say($"{Claims(number)} lagt i filen", $"{Claims(number)} put in the file")
        : Say($"{Claims(number)} eksportert", $"{Claims(number)} exported");

    private string Headline(Run run) => run.State switch
    {
        PayOnce.Runs.RunState.Failed => Say("Mislyktes", "Failed"),
        PayOnce.Runs.RunState.Cancelled => StoppedBy(run),
        _ => Say("Ferdig", "Finished"),
    };

    private string StoppedBy(Run run) => run.Stop switch
    {
        { By: var by } when RejectionLimit.Of(by) is { } most => most == 0
            ? Say("Et krav ble avvist, og kjøringen ble stoppet", "A claim was rejected, and the run was stopped")
            : Say($"Mer enn {Claims(most)} ble avvist, og kjøringen ble stoppet", $"More than {Claims(most)} {(most == 1 ? "was" : "were")} rejected, and the run was stopped"),
        { By: { Length: > 0 } by } => Say($"{by} stoppet kjøringen", $"{by} stopped the run"),
        _ => Say("Kjøringen ble stoppet", "The run was stopped"),
    };

    private string AlsoSkipped(RunCounters c) => c.SkippedDuplicates == 0 ? "" : Say($", {Number(c.SkippedDuplicates)} hoppet over", $", {Number(c.SkippedDuplicates)} skipped");

    private string AlsoRejected(RunCounters c) => c.Rejected == 0 ? "" : Say($" {Number(c.Rejected)} avvist.", $" {Number(c.Rejected)} rejected.");

    private string Hours(TimeSpan left) => (Math.Ceiling(left.TotalHours * 2) / 2).ToString("0.#", Culture);

    private string Around(TimeSpan left)
    {
        var end = visit.Now + left;
        var past = end.Ticks % (5 * TimeSpan.TicksPerMinute);
        return Clock(past == 0 ? end : end.AddTicks((5 * TimeSpan.TicksPerMinute) - past));
    }
}

/// <summary>A state in two parts: how far, and what follows from it.</summary>
internal readonly record struct Told(string First, string Then)
{
    public override string ToString() => $"{First} {Then}".Trim();
}
