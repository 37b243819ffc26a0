using PayOnce.Audit;
using PayOnce.Runs;
using PayOnce.Scheduling;

namespace PayOnce.Stores.Sqlite;

public sealed partial class SqliteStore : IRequestStore
{
    /// <inheritdoc/>
    public Task<QueueAnswer> QueueRequestAsync(RunOrder order, Func<string, bool> isGone, CancellationToken cancel) => WriteAsync<QueueAnswer>(db =>
    {
        var id = order.OrganisationId;
        if (order.IdempotencyKey is { } key && FindByKey(db, id, key) is { } earlier) return RequestRules.Again(earlier.Request, earlier.Hash, order);

        var now = Now();
        var unfinished = ReadUnfinished(db, id);
        var pause = ReadPause(db, id);
        if (order.WhenBusy == WhenBusy.Reject)
        {
            var lease = ReadLease(db, id);
            var run = lease.IsHeld(now) && !isGone(lease.Holder!) ? RequireRun(db, id, lease.RunId!.Value) : null;
            if (run is not null || unfinished.Count > 0) return new QueueAnswer.Busy(run, unfinished.FirstOrDefault(), now);
            if (pause is not null) return new QueueAnswer.Paused(pause);
        }
        return new QueueAnswer.Queued(InsertRequest(db, order, now), unfinished.Count, pause);
    }, cancel);

    /// <inheritdoc/>
    public Task<StoredRequest?> FindRequestAsync(string organisationId, long requestId, CancellationToken cancel) => ReadAsync(db => ReadRequest(db, organisationId, requestId), cancel);

    /// <inheritdoc/>
    public Task<StoredRequest?> FindRequestByKeyAsync(string organisationId, string idempotencyKey, CancellationToken cancel) =>
        ReadAsync(db => FindByKey(db, organisationId, idempotencyKey)?.Request, cancel);

    /// <inheritdoc/>
    public Task<IReadOnlyList<StoredRequest>> ListRequestsAsync(string organisationId, long? before, int size, CancellationToken cancel) => ReadAsync<IReadOnlyList<StoredRequest>>(db =>
        db.All($"select {RequestRows.Request} from run_requests q where q.organisation_id = ?1 and q.request_id < ?2 order by q.request_id desc limit ?3",
            RequestRows.ReadRequest, organisationId, before ?? long.MaxValue, size), cancel);

    /// <inheritdoc/>
    public Task<IReadOnlyList<StoredRequest>> ListUnfinishedRequestsAsync(string organisationId, CancellationToken cancel) =>
        ReadAsync<IReadOnlyList<StoredRequest>>(db => ReadUnfinished(db, organisationId), cancel);

    /// <inheritdoc/>
    public Task<CancelAnswer> CancelRequestAsync(string organisationId, long requestId, string actor, CancellationToken cancel) => WriteAsync<CancelAnswer>(db =>
    {
        if (ReadRequest(db, organisationId, requestId) is not { } request) return CancelAnswer.NoSuchRequest.Instance;
        if (request.State != RequestState.Queued) return new CancelAnswer.NotWaiting(request);
        var now = Now();
        db.Run("update run_requests set state = 'cancelled', ended_at = ?3 where organisation_id = ?1 and request_id = ?2", organisationId, requestId, now);
        Tell(db, organisationId, now, AuditEntries.RequestCancelled(requestId, actor));
        return CancelAnswer.Cancelled.Instance;
    }, cancel);

    /// <inheritdoc/>
    public Task<IReadOnlyList<string>> FindRequestWorkAsync(int size, CancellationToken cancel) => ReadAsync<IReadOnlyList<string>>(db =>
        db.All("select organisation_id from run_requests where ended_at is null group by organisation_id order by min(asked_at), organisation_id limit ?1", row => row.Text(0), size), cancel);

    /// <inheritdoc/>
    public async Task<TakeRequestAnswer> TakeRequestAsync(string organisationId, string node, Func<string, bool> isGone, TimeSpan patience, CancellationToken cancel)
    {
        // Looked at beside the writer first: most looks find nothing to take.
        var seen = await ReadAsync(db => RequestRules.Decide(ReadRequestScene(db, organisationId, isGone), isGone, patience), cancel);
        if (seen is RequestRules.Decision.Leave { Answer: var nothing }) return nothing;
        return await WriteAsync(db =>
        {
            var scene = ReadRequestScene(db, organisationId, isGone);
            switch (RequestRules.Decide(scene, isGone, patience))
            {
                case RequestRules.Decision.Take(var request):
                    return new TakeRequestAnswer.Taken(Take(db, request.TakenBy(node, scene.Now, runId: null)));
                case RequestRules.Decision.Close(var request, var run):
                    return new TakeRequestAnswer.Over(Take(db, request.TakenBy(node, scene.Now, request.RunId)), run);
                case RequestRules.Decision.Leave leave:
                    return leave.Answer;
                default:
                    throw new InvalidOperationException("A decision that the store does not know.");
            }
        }, cancel);
    }

    /// <inheritdoc/>
    public Task<bool> ReleaseRequestAsync(TakenRequest taken, CancellationToken cancel) => WriteAsync(db =>
    {
        if (db.Run("update run_requests set state = 'queued', run_id = null where organisation_id = ?1 and request_id = ?2 and state = 'running' and attempt = ?3 and node = ?4",
            taken.OrganisationId, taken.RequestId, taken.Attempt, taken.Node) == 0) return false;
        db.Proof = later => later.Any("select 1 from run_requests where organisation_id = ?1 and request_id = ?2 and not (state = 'running' and attempt = ?3)", taken.OrganisationId, taken.RequestId, taken.Attempt);
        return true;
    }, cancel);

    /// <inheritdoc/>
    public Task<bool> EndRequestAsync(TakenRequest taken, RequestEnd end, CancellationToken cancel) => WriteAsync(db =>
    {
        var now = Now();
        var (id, requestId) = (taken.OrganisationId, taken.RequestId);
        if (db.Run("""
            update run_requests set state = ?5, outcome = ?6, run_id = coalesce(?7, run_id), ended_at = ?8
            where organisation_id = ?1 and request_id = ?2 and state = 'running' and attempt = ?3 and node = ?4
            """, id, requestId, taken.Attempt, taken.Node, end.State.Text(), end.OutcomeJson, end.RunId, now) == 0) return false;
        foreach (var draft in end.Notifications)
        {
            db.Run("""
                insert into notifications (organisation_id, notification_id, kind, channel, payload, state, next_try_at, created_at)
                values (?1, (select coalesce(max(notification_id), 0) + 1 from notifications where organisation_id = ?1), ?2, ?3, ?4, 'waiting', ?5, ?5)
                """, id, draft.Kind.Text(), draft.Channel.Text(), draft.PayloadJson, now);
        }
        db.Proof = later => later.Any("select 1 from run_requests where organisation_id = ?1 and request_id = ?2 and attempt = ?3 and ended_at is not null", id, requestId, taken.Attempt);
        return true;
    }, cancel);

    /// <inheritdoc/>
    public Task<long> CountTakenForRequestAsync(string organisationId, long requestId, CancellationToken cancel) => ReadAsync(db =>
        db.Number("select sum(reserved - released) from runs where organisation_id = ?1 and request_id = ?2", organisationId, requestId), cancel);

    private static StoredRequest InsertRequest(SqliteSession db, RunOrder order, DateTimeOffset now)
    {
        var id = order.OrganisationId;
        var requestId = db.Number("select max(request_id) from run_requests where organisation_id = ?1", id) + 1;
        db.Run("""
            insert into run_requests (organisation_id, request_id, kind, "trigger", scope, actor, when_busy, idempotency_key, asked_hash, state, asked_at)
            values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, 'queued', ?10)
            """, id, requestId, order.Kind.Text(), order.Trigger.Text(), order.Scope.ToJson(), order.Actor, order.WhenBusy.Text(), order.IdempotencyKey, order.Hash(), now);
        Tell(db, id, now, AuditEntries.RunRequested(requestId, order));
        return RequestRules.New(order, requestId, now);
    }

    private static StoredRequest Take(SqliteSession db, StoredRequest taken)
    {
        db.Run("update run_requests set state = 'running', attempt = ?3, node = ?4, taken_at = ?5, run_id = ?6 where organisation_id = ?1 and request_id = ?2",
            taken.OrganisationId, taken.RequestId, taken.Attempt, taken.Node, taken.TakenAt, taken.RunId);
        db.Proof = later => later.Any("select 1 from run_requests where organisation_id = ?1 and request_id = ?2 and attempt >= ?3", taken.OrganisationId, taken.RequestId, taken.Attempt);
        return taken;
    }

    private RequestRules.Scene ReadRequestScene(SqliteSession db, string organisationId, Func<string, bool> isGone)
    {
        var now = Now();
        var unfinished = ReadUnfinished(db, organisationId);
        var lease = ReadLease(db, organisationId);
        var run = RequestRules.Running(unfinished)?.RunId is { } runId ? RequireRun(db, organisationId, runId) : null;
        return new RequestRules.Scene(unfinished, lease.IsHeld(now) && !isGone(lease.Holder!) ? lease.RunId : null, run, ReadPause(db, organisationId), now);
    }

    private static StoredRequest? ReadRequest(SqliteSession db, string organisationId, long requestId) =>
        db.First($"select {RequestRows.Request} from run_requests q where q.organisation_id = ?1 and q.request_id = ?2", RequestRows.ReadRequest, organisationId, requestId);

    private static List<StoredRequest> ReadUnfinished(SqliteSession db, string organisationId) =>
        db.All($"select {RequestRows.Request} from run_requests q where q.organisation_id = ?1 and q.ended_at is null order by q.state <> 'running', q.request_id", RequestRows.ReadRequest, organisationId);

    private sealed record Keyed(StoredRequest Request, string Hash);

    private static Keyed? FindByKey(SqliteSession db, string organisationId, string key) => db.First(
        $"select {RequestRows.Request}, q.asked_hash from run_requests q where q.organisation_id = ?1 and q.idempotency_key = ?2",
        row => new Keyed(RequestRows.ReadRequest(row), row.Text(RequestRows.RequestWidth)), organisationId, key);
}
