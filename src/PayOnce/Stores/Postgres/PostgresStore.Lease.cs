using PayOnce.Audit;
using PayOnce.Runs;
using PayOnce.Scheduling;

namespace PayOnce.Stores.Postgres;

public sealed partial class PostgresStore
{
    public async Task<LeaseAnswer> TakeLeaseAsync(LeaseRequest request, Func<string, bool> isGone, CancellationToken cancel)
    {
        var answer = await StepAsync<LeaseAnswer>(request.OrganisationId, async work =>
        {
            // Looked at without a lock first: who only asks does not wait for the steps of whoever runs.
            var lease = await LookAtLeaseAsync(work);
            if (lease.IsHeld(isGone)) return await BusyAsync(work, lease);
            if (lease.Pause is { } seen) return new LeaseAnswer.Paused(seen);
            lease = await LockLeaseAsync(work);
            if (lease.IsHeld(isGone)) return await BusyAsync(work, lease);
            if (lease.Pause is { } pause) return new LeaseAnswer.Paused(pause);

            var runId = lease.LastRunId + 1;
            if (request.Request is { } taken && !await GiveRunAsync(work, taken, runId)) return new LeaseAnswer.RequestLost(taken);
            var scope = request.Scope;
            var (head, at) = await work.LockHeadAsync();
            var (epoch, forgot) = await NextEpochAsync(work, lease, request.KnownOutside);
            await work.AppendAsync(
                head, at, [.. forgot is null ? [] : new[] { AuditEntries.RestoreBegun(forgot, request.Actor) }, AuditEntries.RunStarted(runId, request, epoch)],
                [.. forgot is null ? [] : RestoreStatements.Begin(request.OrganisationId, forgot, request.Actor, at),
                Sql.Of(
                    """
                    insert into payonce.runs (organisation_id, run_id, trigger, state, actor, holder, nonce, epoch, scope_from, scope_before, scope_limit, scope_claim_id,
                                              exporter, format, integration_version, started_at, first_voucher, request_id)
                    values ($1, $2, $3, 'running', $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)
                    """,
                    request.OrganisationId, runId, request.Trigger.Text(), request.Actor, request.Holder, request.Nonce, epoch, scope.From, scope.Before, scope.Limit, scope.ClaimId,
                    request.Exporter, request.Format, request.IntegrationVersion, at, lease.NextVoucher, request.Request?.RequestId),
                Sql.Of(
                    """
                    update payonce.run_leases
                    set epoch = $2, holder = $3, run_id = $4, last_run_id = $4, taken_at = clock_timestamp(), expires_at = clock_timestamp() + $5
                    where organisation_id = $1
                    """,
                    request.OrganisationId, epoch, request.Holder, runId, request.Duration)]);
            return new LeaseAnswer.Taken(new Lease(request.OrganisationId, epoch, runId, request.Actor, lease.NextVoucher));
        }, cancel);
        // What was imported since the last run is about to be read.
        if (answer is LeaseAnswer.Taken) await AnalyseAsync(request.OrganisationId);
        return answer;
    }

    // Of a run that begins, and why the database must be older than what is known outside: restore mode begins with the run then.
    private static async Task<(long Epoch, string? Forgot)> NextEpochAsync(PostgresTransaction work, LeaseRow lease, WitnessedEpoch known)
    {
        var nonce = (await work.ListAsync(reader => reader.GetString(0), Sql.Of(
            "select nonce from payonce.runs where organisation_id = $1 and epoch = $2 order by run_id desc limit 1", work.OrganisationId, known.Epoch))).SingleOrDefault();
        return (Math.Max(lease.Epoch, known.Epoch) + 1, StoreAnswers.Forgot(lease.Epoch, nonce, known));
    }

    public Task<bool> RenewLeaseAsync(Lease lease, TimeSpan duration, CancellationToken cancel) =>
        StepAsync(lease.OrganisationId, async work =>
        {
            var until = (await work.ListAsync(reader => reader.Time(0), Sql.Of(
                "update payonce.run_leases set expires_at = clock_timestamp() + $4 where organisation_id = $1 and epoch = $2 and run_id = $3 returning expires_at",
                lease.OrganisationId, lease.Epoch, lease.RunId, duration))).Cast<DateTimeOffset?>().FirstOrDefault();
            if (until is null) return false;
            work.ProvedBy(() => Sql.Of(
                "select 1 from payonce.run_leases where organisation_id = $1 and epoch = $2 and run_id = $3 and expires_at = $4",
                lease.OrganisationId, lease.Epoch, lease.RunId, until));
            return true;
        }, cancel);

    public async Task<bool> FinishRunAsync(Lease lease, RunState state, string? failure, CancellationToken cancel)
    {
        var finished = await StepAsync(lease.OrganisationId, async work =>
        {
            if (!await work.HoldsAsync(lease)) return false;
            var counters = await work.ListAsync(reader => Columns.ReadCounters(reader, 0), Sql.Of(
                $"""
                update payonce.runs r set state = $3, ended_at = clock_timestamp(), failure = $4
                where organisation_id = $1 and run_id = $2 and state = 'running' and reserved = exported + rejected + in_doubt + released
                returning {Columns.Counters}
                """,
                lease.OrganisationId, lease.RunId, state.Text(), failure));
            if (counters.Count == 0) return false;
            await work.AppendAsync(
                AuditEntries.RunFinished(lease, state, counters[0]),
                Sql.Of("update payonce.run_leases set holder = null, run_id = null where organisation_id = $1 and epoch = $2", lease.OrganisationId, lease.Epoch));
            return true;
        }, cancel);
        if (finished) await AnalyseAsync(lease.OrganisationId);
        return finished;
    }

    /// <summary>Writes the run to its request; false unless the request is still in the hands of whoever asks, and has no run in this attempt.</summary>
    private static async Task<bool> GiveRunAsync(PostgresTransaction work, TakenRequest taken, long runId) => (await work.ExecuteAsync(Sql.Of(
        """
        update payonce.run_requests set run_id = $5
        where organisation_id = $1 and request_id = $2 and state = 'running' and attempt = $3 and node = $4 and run_id is null
        """, taken.OrganisationId, taken.RequestId, taken.Attempt, taken.Node, runId)))[0] == 1;

    private static async Task<LeaseRow> LookAtLeaseAsync(PostgresTransaction work) =>
        (await work.ListAsync(LeaseRow.Read, LeaseStatements.Look(work.OrganisationId))).SingleOrDefault()
        ?? throw new InvalidOperationException($"There is no organisation \"{work.OrganisationId}\".");

    /// <summary>Keeps everybody else's steps out until the transaction ends. Read again behind the lock, in a statement that sees what it waited for.</summary>
    private static async Task<LeaseRow> LockLeaseAsync(PostgresTransaction work)
    {
        await using (await work.ReadAsync(LeaseStatements.Lock(work.OrganisationId))) { }
        return await LookAtLeaseAsync(work);
    }

    private static async Task<LeaseAnswer> BusyAsync(PostgresTransaction work, LeaseRow lease) =>
        new LeaseAnswer.Busy(await FindRunAsync(work, lease.RunId!.Value) ?? throw new InvalidOperationException("The lease names a run that is not there."), lease.ExpiresAt!.Value, lease.Now);

    private static async Task<Run?> FindRunAsync(PostgresTransaction work, long runId) =>
        (await work.ListAsync(Columns.ReadRun, Sql.Of($"select {Columns.Run} from payonce.runs r where organisation_id = $1 and run_id = $2", work.OrganisationId, runId))).SingleOrDefault();
}
