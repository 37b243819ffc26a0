using System.Diagnostics;
using System.Diagnostics.Metrics;
using PayOnce.Runs;

namespace PayOnce;

/// <summary>
/// What the engine tells whoever measures it: nothing unless somebody listens. Tags are words of the product and organisations'
/// ids; never a claim's id, a name or an amount.
/// </summary>
public static class Telemetry
{
    /// <summary>The name of the meter and of the activity source.</summary>
    public const string Name = "PayOnce";

    internal static readonly ActivitySource Activities = new(Name);

    private static readonly Meter Meter = new(Name);
    private static readonly Counter<long> RunsEnded = Meter.CreateCounter<long>("payonce.runs", "{run}", "Runs that ended, by state and trigger.");
    private static readonly Counter<long> ClaimsSettled = Meter.CreateCounter<long>("payonce.run.claims", "{claim}", "Claims by what became of them in runs that ended.");
    private static readonly Histogram<double> RunSeconds = Meter.CreateHistogram<double>("payonce.run.duration", "s", "How long runs took.");
    private static readonly Histogram<double> LeaseWait = Meter.CreateHistogram<double>("payonce.lease.wait", "s", "How long runs waited for their turn.");
    private static readonly Counter<long> TriesEnded = Meter.CreateCounter<long>("payonce.attempts", "{attempt}", "Tries over an API that ended, by what their answer proves.");

    internal static void RunEnded(string organisationId, Run run)
    {
        var organisation = KeyValuePair.Create<string, object?>("organisation", organisationId);
        RunsEnded.Add(1, organisation, new("state", run.Status), new("trigger", run.Trigger.Text()));
        if (run.EndedAt is { } ended) RunSeconds.Record((ended - run.StartedAt).TotalSeconds, organisation);
        var counters = run.Counters;
        Claims("exported", counters.Exported);
        Claims("rejected", counters.Rejected);
        Claims("in_doubt", counters.InDoubt);
        Claims("skipped", counters.SkippedDuplicates);

        void Claims(string became, long number)
        {
            if (number > 0) ClaimsSettled.Add(number, organisation, new("became", became));
        }
    }

    internal static void LeaseTaken(string organisationId, TimeSpan waited) => LeaseWait.Record(waited.TotalSeconds, new KeyValuePair<string, object?>("organisation", organisationId));

    internal static void TryEnded(string organisationId, AttemptOutcome outcome, int? status) =>
        TriesEnded.Add(1, new("organisation", organisationId), new("outcome", outcome.Text()), new("status", status));
}
