using Npgsql;
using PayOnce.Audit;
using PayOnce.Runs;
using PayOnce.Scheduling;

namespace PayOnce.Stores.Postgres;

// Each step here shares the lease row first, as the protocol's steps do, so that a run's beginning (which locks it) and a change of its
// request cannot pass each other, and a lost commit can be waited for.
public sealed partial class PostgresStore : IRequestStore
{
    public Task<QueueAnswer> QueueRequestAsync(RunOrder order, Func<string, bool> isGone, CancellationToken cancel) =>
        StepAsync<QueueAnswer>(order.OrganisationId, async work =>
        {
            // The head's lock makes orders come one after the other: each gets its number, and sees those before it.
            var (head, at) = await ShareAndLockHeadAsync(work);
            if (order.IdempotencyKey is { } key && await FindByKeyAsync(work, key) is { } earlier) return RequestRules.Again(earlier.Request, earlier.Hash, order);

            var scene = await ReadRequestSceneAsync(work, isGone);
            if (order.WhenBusy == WhenBusy.Reject)
            {
                var run = scene.LeaseHeldByRun is { } held ? await FindRunAsync(work, held) : null;
                if (run is not null || scene.Unfinished.Count > 0) return new QueueAnswer.Busy(run, scene.Unfinished.Count > 0 ? scene.Unfinished[0] : null, scene.Now);
                if (scene.Pause is not null) return new QueueAnswer.Paused(scene.Pause);
            }
            var request = RequestRules.New(order, await NextRequestIdAsync(work), at);
            await work.AppendAsync(head, at, AuditEntries.RunRequested(request.RequestId, order), RequestRows.Insert(request, order.Hash()));
            return new QueueAnswer.Queued(request, scene.Unfinished.Count, scene.Pause);
        }, cancel);

    public Task<StoredRequest?> FindRequestAsync(string organisationId, long requestId, CancellationToken cancel) =>
        AskFirstAsync(organisationId, RequestRows.ReadRequest, cancel, RequestRows.Find(organisationId, requestId));

    public Task<StoredRequest?> FindRequestByKeyAsync(string organisationId, string idempotencyKey, CancellationToken cancel) =>
        AskFirstAsync(organisationId, RequestRows.ReadRequest, cancel, Sql.Of(
            $"select {RequestRows.Request} from payonce.run_requests q where q.organisation_id = $1 and q.idempotency_key = $2", organisationId, idempotencyKey));

    public async Task<IReadOnlyList<StoredRequest>> ListRequestsAsync(string organisationId, long? before, int size, CancellationToken cancel) =>
        await AskListAsync(organisationId, RequestRows.ReadRequest, cancel, Sql.Of(
            $"select {RequestRows.Request} from payonce.run_requests q where q.organisation_id = $1 and q.request_id < $2 order by q.request_id desc limit $3",
            organisationId, before ?? long.MaxValue, size));

    public async Task<IReadOnlyList<StoredRequest>> ListUnfinishedRequestsAsync(string organisationId, CancellationToken cancel) =>
        await AskListAsync(organisationId, RequestRows.ReadRequest, cancel, RequestRows.Unfinished(organisationId));

    public Task<CancelAnswer> CancelRequestAsync(string organisationId, long requestId, string actor, CancellationToken cancel) =>
        StepAsync<CancelAnswer>(organisationId, async work =>
        {
            var request = await LockRequestAsync(work, requestId);
            if (request is null) return CancelAnswer.NoSuchRequest.Instance;
            if (request.State != RequestState.Queued) return new CancelAnswer.NotWaiting(request);
            await work.AppendAsync(AuditEntries.RequestCancelled(requestId, actor), Sql.Of(
                "update payonce.run_requests set state = 'cancelled', ended_at = clock_timestamp() where organisation_id = $1 and request_id = $2", organisationId, requestId));
            return CancelAnswer.Cancelled.Instance;
        }, cancel);

    public async Task<IReadOnlyList<string>> FindRequestWorkAsync(int size, CancellationToken cancel) =>
        await AskListAsync(EveryOrganisation, reader => reader.GetString(0), cancel, Sql.Of(
            "select organisation_id from payonce.run_requests where ended_at is null group by organisation_id order by min(asked_at), organisation_id limit $1", size));

    public Task<TakeRequestAnswer> TakeRequestAsync(string organisationId, string node, Func<string, bool> isGone, TimeSpan patience, CancellationToken cancel) =>
        StepAsync(organisationId, async work =>
        {
            // Looked at without a lock first: most looks find nothing to take.
            if (RequestRules.Decide(await ReadRequestSceneAsync(work, isGone), isGone, patience) is RequestRules.Decision.Leave { Answer: var nothing }) return nothing;
            await using (await work.ReadAsync(LeaseStatements.Share(organisationId), Sql.Of(
                "select 1 from payonce.run_requests where organisation_id = $1 and ended_at is null order by request_id for update", organisationId))) { }
            var scene = await ReadRequestSceneAsync(work, isGone);
            switch (RequestRules.Decide(scene, isGone, patience))
            {
                case RequestRules.Decision.Take(var request):
                    return new TakeRequestAnswer.Taken(await TakeAsync(work, request.TakenBy(node, scene.Now, runId: null)));
                case RequestRules.Decision.Close(var request, var run):
                    return new TakeRequestAnswer.Over(await TakeAsync(work, request.TakenBy(node, scene.Now, request.RunId)), run);
                case RequestRules.Decision.Leave leave:
                    return leave.Answer;
                default:
                    throw new InvalidOperationException("A decision that the store does not know.");
            }
        }, cancel);

    public Task<bool> ReleaseRequestAsync(TakenRequest taken, CancellationToken cancel) =>
        StepAsync(taken.OrganisationId, async work =>
        {
            if (!await ChangeTakenAsync(work, Sql.Of(
                "update payonce.run_requests set state = 'queued', run_id = null where organisation_id = $1 and request_id = $2 and state = 'running' and attempt = $3 and node = $4",
                taken.OrganisationId, taken.RequestId, taken.Attempt, taken.Node))) return false;
            work.ProvedBy(() => Sql.Of(
                "select 1 from payonce.run_requests where organisation_id = $1 and request_id = $2 and not (state = 'running' and attempt = $3)", taken.OrganisationId, taken.RequestId, taken.Attempt));
            return true;
        }, cancel);

    public Task<bool> EndRequestAsync(TakenRequest taken, RequestEnd end, CancellationToken cancel) =>
        StepAsync(taken.OrganisationId, async work =>
        {
            var (id, requestId) = (taken.OrganisationId, taken.RequestId);
            if (!await ChangeTakenAsync(work, Sql.Of(
                """
                update payonce.run_requests set state = $5, outcome = $6, run_id = coalesce($7, run_id), ended_at = clock_timestamp()
                where organisation_id = $1 and request_id = $2 and state = 'running' and attempt = $3 and node = $4
                """, id, requestId, taken.Attempt, taken.Node, end.State.Text(), end.OutcomeJson, end.RunId))) return false;
            // One request of an organisation is taken at a time: nobody else counts up.
            await work.ExecuteAsync([.. end.Notifications.Select(draft => Sql.Of(
                """
                insert into payonce.notifications (organisation_id, notification_id, kind, channel, payload, state, next_try_at, created_at)
                select $1, (select coalesce(max(notification_id), 0) + 1 from payonce.notifications where organisation_id = $1), $2, $3, $4, 'waiting', now, now from clock_timestamp() as now
                """, id, draft.Kind.Text(), draft.Channel.Text(), draft.PayloadJson))]);
            work.ProvedBy(() => Sql.Of(
                "select 1 from payonce.run_requests where organisation_id = $1 and request_id = $2 and attempt = $3 and ended_at is not null", id, requestId, taken.Attempt));
            return true;
        }, cancel);

    public async Task<long> CountTakenForRequestAsync(string organisationId, long requestId, CancellationToken cancel) =>
        await AskFirstAsync(organisationId, reader => reader.GetInt64(0), cancel, Sql.Of(
            "select coalesce(sum(reserved - released), 0)::bigint from payonce.runs where organisation_id = $1 and request_id = $2", organisationId, requestId));

    private static async Task<(AuditHead Head, DateTimeOffset At)> ShareAndLockHeadAsync(PostgresTransaction work)
    {
        await using var reader = await work.ReadAsync(LeaseStatements.Share(work.OrganisationId), work.AskHead());
        await reader.NextResultAsync(work.Cancel);
        return await work.ReadHeadAsync(reader);
    }

    private static async Task<bool> ChangeTakenAsync(PostgresTransaction work, NpgsqlBatchCommand change) =>
        (await work.ExecuteAsync(LeaseStatements.Share(work.OrganisationId), change))[1] == 1;

    private static async Task<StoredRequest> TakeAsync(PostgresTransaction work, StoredRequest taken)
    {
        await work.ExecuteAsync(Sql.Of(
            "update payonce.run_requests set state = 'running', attempt = $3, node = $4, taken_at = $5, run_id = $6 where organisation_id = $1 and request_id = $2",
            taken.OrganisationId, taken.RequestId, taken.Attempt, taken.Node, taken.TakenAt, taken.RunId));
        work.ProvedBy(() => Sql.Of(
            "select 1 from payonce.run_requests where organisation_id = $1 and request_id = $2 and attempt >= $3", taken.OrganisationId, taken.RequestId, taken.Attempt));
        return taken;
    }

    private static async Task<StoredRequest?> LockRequestAsync(PostgresTransaction work, long requestId)
    {
        await using (await work.ReadAsync(LeaseStatements.Share(work.OrganisationId), Sql.Of(
            "select 1 from payonce.run_requests where organisation_id = $1 and request_id = $2 for update", work.OrganisationId, requestId))) { }
        return (await work.ListAsync(RequestRows.ReadRequest, RequestRows.Find(work.OrganisationId, requestId))).SingleOrDefault();
    }

    private static async Task<long> NextRequestIdAsync(PostgresTransaction work) =>
        (await work.ListAsync(reader => reader.GetInt64(0), Sql.Of(
            "select coalesce(max(request_id), 0) + 1 from payonce.run_requests where organisation_id = $1", work.OrganisationId)))[0];

    private static async Task<RequestRules.Scene> ReadRequestSceneAsync(PostgresTransaction work, Func<string, bool> isGone)
    {
        var lease = await LookAtLeaseAsync(work);
        var unfinished = await work.ListAsync(RequestRows.ReadRequest, RequestRows.Unfinished(work.OrganisationId));
        var run = RequestRules.Running(unfinished)?.RunId is { } runId ? await FindRunAsync(work, runId) : null;
        return new RequestRules.Scene(unfinished, lease.IsHeld(isGone) ? lease.RunId : null, run, lease.Pause, lease.Now);
    }

    private static async Task<(StoredRequest Request, string Hash)?> FindByKeyAsync(PostgresTransaction work, string key)
    {
        var found = await work.ListAsync(reader => (RequestRows.ReadRequest(reader), reader.GetString(RequestRows.RequestWidth)), Sql.Of(
            $"select {RequestRows.Request}, q.asked_hash from payonce.run_requests q where q.organisation_id = $1 and q.idempotency_key = $2", work.OrganisationId, key));
        return found.Count == 0 ? null : found[0];
    }
}
