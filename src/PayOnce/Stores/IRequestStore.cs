using PayOnce.Runs;
using PayOnce.Scheduling;

namespace PayOnce.Stores;

/// <summary>
/// The seam to what a server keeps beside the protocol: requests for runs, schedules and their fires, the kill switch, wishes to
/// stop, notifications. Each method is at most one transaction, as in <see cref="IStore"/>, and stays within the given
/// organisation's rows; those that look for work across organisations tell their ids and nothing else of them.
/// </summary>
/// <remarks>
/// A request never sends anything by itself: the lease decides who runs, the guard what leaves. So the worst that a request taken
/// twice could cost is a run that finds nothing left to export.
/// </remarks>
public interface IRequestStore
{
    // ---- Requests ------------------------------------------------------------------------------------------------------

    /// <summary>
    /// Puts an order into the queue, with an audit event, unless its idempotency key is known, or it does not want to wait and would
    /// have to. In one commit.
    /// </summary>
    /// <param name="isGone">As for <see cref="IStore.TakeLeaseAsync"/>: a lease whose holder is certainly gone makes nobody wait.</param>
    Task<QueueAnswer> QueueRequestAsync(RunOrder order, Func<string, bool> isGone, CancellationToken cancel);

    Task<StoredRequest?> FindRequestAsync(string organisationId, long requestId, CancellationToken cancel);

    /// <summary>The request that was asked for under this idempotency key; null if none was.</summary>
    Task<StoredRequest?> FindRequestByKeyAsync(string organisationId, string idempotencyKey, CancellationToken cancel);

    /// <summary>Requests, newest first.</summary>
    Task<IReadOnlyList<StoredRequest>> ListRequestsAsync(string organisationId, long? before, int size, CancellationToken cancel);

    /// <summary>The running request, if any, then those that wait, in their order.</summary>
    Task<IReadOnlyList<StoredRequest>> ListUnfinishedRequestsAsync(string organisationId, CancellationToken cancel);

    /// <summary>Takes a request that waits out of the queue, with an audit event.</summary>
    Task<CancelAnswer> CancelRequestAsync(string organisationId, long requestId, string actor, CancellationToken cancel);

    /// <summary>Organisations with a request that is not over, whose oldest such request comes first; at most <paramref name="size"/>. What can be done about it, <see cref="TakeRequestAsync"/> tells.</summary>
    Task<IReadOnlyList<string>> FindRequestWorkAsync(int size, CancellationToken cancel);

    /// <summary>
    /// Takes the organisation's next request, by compare-and-set: one that was left by its node (the node is certainly gone; its
    /// run's lease has run out by the store's clock; it was taken longer than <paramref name="patience"/> ago and never got a
    /// lease), else the first that waits. Never while another request runs, while export is paused, or, for a request that may
    /// wait, while somebody else has the lease.
    /// </summary>
    /// <param name="node">Who takes it (<see cref="INode.Holder"/>).</param>
    /// <param name="patience">Also how long a run may have been over without its node saying so.</param>
    Task<TakeRequestAnswer> TakeRequestAsync(string organisationId, string node, Func<string, bool> isGone, TimeSpan patience, CancellationToken cancel);

    /// <summary>Puts a taken request back into the queue, in its old place. False if it is no longer ours.</summary>
    Task<bool> ReleaseRequestAsync(TakenRequest taken, CancellationToken cancel);

    /// <summary>Ends a taken request, with its notifications in the outbox, in one commit. False if it is no longer ours: nothing changed.</summary>
    Task<bool> EndRequestAsync(TakenRequest taken, RequestEnd end, CancellationToken cancel);

    // ---- Stopping a run ------------------------------------------------------------------------------------------------

    /// <summary>Writes down that a run shall stop, with an audit event. Whoever runs it looks each second.</summary>
    Task<StopAnswer> RequestStopAsync(string organisationId, long runId, string actor, CancellationToken cancel);

    /// <summary>The run for which <paramref name="holder"/> has the organisation's lease, and whether somebody wants it to stop; null if it has none.</summary>
    Task<RunWatch?> FindStopAsync(string organisationId, string holder, CancellationToken cancel);

    // ---- The kill switch -----------------------------------------------------------------------------------------------

    /// <summary>Why nothing starts: the installation's pause before the organisation's own; null if nothing is paused.</summary>
    Task<Pause?> FindPauseAsync(string organisationId, CancellationToken cancel);

    /// <summary>Pauses the organisation, with an audit event; false if it is paused already: the first reason stands.</summary>
    Task<bool> PauseAsync(string organisationId, string reason, string actor, CancellationToken cancel);

    /// <summary>Ends the organisation's own pause, with an audit event; false if there was none.</summary>
    Task<bool> ResumeAsync(string organisationId, string actor, CancellationToken cancel);

    Task<Pause?> FindInstallationPauseAsync(CancellationToken cancel);

    /// <summary>Pauses every organisation; false if that is so already. Each pause is kept with who ended it; it belongs to no organisation's trail.</summary>
    Task<bool> PauseInstallationAsync(string reason, string actor, CancellationToken cancel);

    Task<bool> ResumeInstallationAsync(string actor, CancellationToken cancel);

    // ---- Schedules -----------------------------------------------------------------------------------------------------

    Task<Schedule?> FindScheduleAsync(string organisationId, string integration, CancellationToken cancel);

    /// <summary>Keeps a changed schedule with an audit event, if it is still of <paramref name="version"/> (0: there is none yet).</summary>
    Task<SaveAnswer<Schedule>> SaveScheduleAsync(ScheduleDraft draft, int version, string actor, CancellationToken cancel);

    /// <summary>Enabled schedules of all organisations whose time has come by the store's clock, longest due first; at most <paramref name="size"/>.</summary>
    Task<IReadOnlyList<DueSchedule>> FindDueSchedulesAsync(int size, CancellationToken cancel);

    /// <summary>
    /// Makes a fire, keyed by (organisation, integration, scheduled instant), and the request it asks for, and moves the schedule's
    /// next time, in one commit. A request of the schedule that still waits is enough: then no further one is made.
    /// </summary>
    Task<FireAnswer> FireAsync(FireDraft draft, CancellationToken cancel);

    /// <summary>Fires, latest scheduled time first.</summary>
    Task<IReadOnlyList<ScheduleFire>> ListFiresAsync(string organisationId, string integration, DateTimeOffset? before, int size, CancellationToken cancel);

    // ---- Notifications -------------------------------------------------------------------------------------------------

    Task<StoredNotificationSettings?> FindNotificationSettingsAsync(string organisationId, CancellationToken cancel);

    /// <summary>Keeps changed settings as a new version with an audit event, if the newest is still <paramref name="version"/> (0: there is none yet).</summary>
    Task<SaveAnswer<StoredNotificationSettings>> SaveNotificationSettingsAsync(string organisationId, NotificationSettings settings, int version, string actor, CancellationToken cancel);

    /// <summary>Organisations with a notification that is due, longest due first; at most <paramref name="size"/>.</summary>
    Task<IReadOnlyList<string>> FindNotificationWorkAsync(int size, CancellationToken cancel);

    /// <summary>
    /// Takes the organisation's notification that is longest due, for <paramref name="holdFor"/>: if its node says nothing until then,
    /// it is due again, so a receiver may get it twice, under the same id. Null if none is due.
    /// </summary>
    Task<Notification?> TakeNotificationAsync(string organisationId, TimeSpan holdFor, CancellationToken cancel);

    /// <summary>Writes how a try ended. False if another try began meanwhile.</summary>
    Task<bool> EndNotificationTryAsync(Notification taken, NotificationTry end, CancellationToken cancel);

    /// <summary>Notifications, newest first.</summary>
    Task<IReadOnlyList<Notification>> ListNotificationsAsync(string organisationId, long? before, int size, CancellationToken cancel);
}
