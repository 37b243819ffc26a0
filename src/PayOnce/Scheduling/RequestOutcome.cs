using System.Text.Json;
using System.Text.Json.Serialization;
using PayOnce.Reconciliation;
using PayOnce.Runs;

namespace PayOnce.Scheduling;

/// <summary>How a request ended, as it is kept with it and told to people; what is null is not told.</summary>
/// <param name="Status">The run's (<see cref="Run.Status"/>); without a run <c>busy</c>, <c>not_ready</c> or <c>fault</c>.</param>
/// <param name="Waiting">Claims of the organisation that wait after it.</param>
/// <param name="Failure">Why it could not do its work, for people.</param>
/// <param name="StoppedBy">Who stopped it; null for a run that had done its work before it saw the wish.</param>
/// <param name="Problems">What is missing to run with.</param>
public sealed record RequestOutcome(
    string Status,
    long? RunId = null,
    long? Candidates = null,
    long? SkippedDuplicates = null,
    long? Exported = null,
    long? Rejected = null,
    long? InDoubt = null,
    long? Waiting = null,
    string? Failure = null,
    string? StoppedBy = null,
    IReadOnlyList<string>? Problems = null)
{
    private const string Failed = "failed";

    public string ToJson() => JsonSerializer.Serialize(this, RequestOutcomeJson.Default.RequestOutcome);

    public static RequestOutcome FromStored(string json) => JsonSerializer.Deserialize(json, RequestOutcomeJson.Default.RequestOutcome)!;

    /// <summary>Of a run that has ended.</summary>
    public static RequestOutcome Of(Run run, long? inDoubt = null, long? waiting = null) => new(
        run.Status, run.RunId, run.Counters.Candidates, run.Counters.SkippedDuplicates, run.Counters.Exported, run.Counters.Rejected, inDoubt ?? run.Counters.InDoubt, waiting, run.Failure,
        run.State == RunState.Cancelled ? run.Stop?.By : null);

    /// <summary>Null where the run has no end of ours: the request goes back to the queue, or is another's by now.</summary>
    public static RequestOutcome? Of(RunOutcome outcome) => outcome switch
    {
        RunOutcome.Ended { Report: var report } => Of(report.Run, waiting: report.Waiting),
        RunOutcome.Busy busy => Busy(busy.Run),
        RunOutcome.NotReady notReady => NotReady(notReady.Problems),
        RunOutcome.TakenOver or RunOutcome.Paused or RunOutcome.RequestLost => null,
        _ => throw new ArgumentOutOfRangeException(nameof(outcome), outcome, null),
    };

    /// <inheritdoc cref="Of(RunOutcome)"/>
    public static RequestOutcome? Of(ReconcileOutcome outcome) => outcome switch
    {
        ReconcileOutcome.Ended ended => Of(ended.Run, ended.InDoubt, ended.Waiting),
        ReconcileOutcome.Busy busy => Busy(busy.Run),
        ReconcileOutcome.NotReady notReady => NotReady(notReady.Problems),
        ReconcileOutcome.TakenOver or ReconcileOutcome.Paused or ReconcileOutcome.RequestLost => null,
        _ => throw new ArgumentOutOfRangeException(nameof(outcome), outcome, null),
    };

    /// <summary>An unexpected fault; what it was stands in the log.</summary>
    public static RequestOutcome Fault { get; } = new("fault", Failure: "An unexpected fault ended it. What was sent by then is settled by the next run.");

    private static RequestOutcome Busy(Run run) => new("busy", Failure: FormattableString.Invariant($"Run {run.RunId}, started by {run.Actor}, was under way."));

    private static RequestOutcome NotReady(IReadOnlyList<Problem> problems) => new("not_ready", Problems: [.. problems.Select(problem => problem.ToString())]);

    /// <summary>The state of a request that ends so.</summary>
    [JsonIgnore]
    public RequestState State => Status switch
    {
        "busy" or "not_ready" => RequestState.Refused,
        "fault" or Failed => RequestState.Failed,
        _ when StoppedBy is not null => RequestState.Cancelled,
        _ => RequestState.Done,
    };

    /// <summary>Why people have to be told; null if they need not: nothing went wrong, or only what somebody did on purpose.</summary>
    [JsonIgnore]
    public NotificationKind? Trouble => Status switch
    {
        "busy" or "not_ready" => NotificationKind.RunNotStarted,
        "fault" or Failed => NotificationKind.RunFailed,
        _ when InDoubt > 0 => NotificationKind.RunInDoubt,
        _ when Rejected > 0 => NotificationKind.RunRejections,
        _ => null,
    };

    /// <summary>The request's end, with what has to be told over the organisation's channels.</summary>
    public RequestEnd EndOf(StoredRequest request, NotificationSettings? settings, DateTimeOffset now) => new(State, ToJson(), RunId, [.. Told(request, settings, now)]);

    private IEnumerable<NotificationDraft> Told(StoredRequest request, NotificationSettings? settings, DateTimeOffset now)
    {
        if (settings is null || !request.Scope.Notify || Trouble is not { } kind) yield break;
        // Why a run failed can be an answer of the accounting system that quotes a claim: it stands with the run, and goes nowhere by itself.
        var outcome = RunId is null ? this : this with { Failure = null };
        var payload = new NotificationPayload(kind.Text(), now, new NotificationData(request.OrganisationId, request.RequestId, request.Trigger.Text(), outcome)).ToJson();
        if (settings.WebhookUrl is not null) yield return new NotificationDraft(kind, NotificationChannel.Webhook, payload);
        if (settings.Emails.Count > 0) yield return new NotificationDraft(kind, NotificationChannel.Email, payload);
    }
}

/// <summary>A notification's body, in the shape that Standard Webhooks recommends: type, timestamp, data.</summary>
public sealed record NotificationPayload(string Type, DateTimeOffset Timestamp, NotificationData Data)
{
    public string ToJson() => JsonSerializer.Serialize(this, RequestOutcomeJson.Default.NotificationPayload);

    public static NotificationPayload FromStored(string json) => JsonSerializer.Deserialize(json, RequestOutcomeJson.Default.NotificationPayload)!;
}

/// <summary>What happened: to which request, and how it ended. No person's name but that of whoever stopped a run.</summary>
public sealed record NotificationData(string Organisation, long Request, string Trigger, RequestOutcome Outcome);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(RequestOutcome))]
[JsonSerializable(typeof(NotificationPayload))]
internal sealed partial class RequestOutcomeJson : JsonSerializerContext;
