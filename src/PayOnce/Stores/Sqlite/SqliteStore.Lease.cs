using PayOnce.Audit;
using PayOnce.Runs;
using PayOnce.Scheduling;

namespace PayOnce.Stores.Sqlite;

public sealed partial class SqliteStore
{
    /// <inheritdoc/>
    public Task<LeaseAnswer> TakeLeaseAsync(LeaseRequest request, Func<string, bool> isGone, CancellationToken cancel) => WriteAsync<LeaseAnswer>(db =>
    {
        var now = Now();
        var id = request.OrganisationId;
        var lease = ReadLease(db, id);
        if (lease.IsHeld(now) && !isGone(lease.Holder!))
            return new LeaseAnswer.Busy(RequireRun(db, id, lease.RunId!.Value), lease.ExpiresAt!.Value, now);
        if (ReadPause(db, id) is { } pause) return new LeaseAnswer.Paused(pause);

        var runId = lease.LastRunId + 1;
        if (request.Request is { } taken && !GiveRun(db, taken, runId)) return new LeaseAnswer.RequestLost(taken);
        var epoch = NextEpoch(db, id, lease, request.KnownOutside, request.Actor, now);
        InsertRun(db, id, runId, request.Trigger, RunState.Running, request.Actor, request.Holder, request.Nonce, epoch, request.Scope,
            request.Exporter, request.Format, request.IntegrationVersion, now, lease.NextVoucher, request.Request?.RequestId);
        db.Run("update run_leases set epoch = ?2, holder = ?3, run_id = ?4, last_run_id = ?4, taken_at = ?5, expires_at = ?6 where organisation_id = ?1",
            id, epoch, request.Holder, runId, now, now + request.Duration);
        Tell(db, id, now, AuditEntries.RunStarted(runId, request, epoch));
        return new LeaseAnswer.Taken(new Lease(id, epoch, runId, request.Actor, lease.NextVoucher));
    }, cancel);

    /// <inheritdoc/>
    public Task<bool> RenewLeaseAsync(Lease lease, TimeSpan duration, CancellationToken cancel) => WriteAsync(db =>
    {
        var expires = Now() + duration;
        var ours = db.Run("update run_leases set expires_at = ?4 where organisation_id = ?1 and epoch = ?2 and run_id = ?3", lease.OrganisationId, lease.Epoch, lease.RunId, expires) == 1;
        if (ours) db.Proof = later => later.Any("select 1 from run_leases where organisation_id = ?1 and epoch = ?2 and expires_at >= ?3", lease.OrganisationId, lease.Epoch, expires);
        return ours;
    }, cancel);

    /// <inheritdoc/>
    public Task<bool> FinishRunAsync(Lease lease, RunState state, string? failure, CancellationToken cancel) => WriteAsync(db =>
    {
        if (!IsOurs(db, lease)) return false;
        var now = Now();
        var ended = db.Run("""
            update runs set state = ?3, ended_at = ?4, failure = ?5
            where organisation_id = ?1 and run_id = ?2 and state = 'running' and reserved = exported + rejected + in_doubt + released
            """, lease.OrganisationId, lease.RunId, state.Text(), now, failure);
        if (ended == 0) return false;
        db.Run("update run_leases set holder = null, run_id = null where organisation_id = ?1 and epoch = ?2", lease.OrganisationId, lease.Epoch);
        Tell(db, lease.OrganisationId, now, AuditEntries.RunFinished(lease, state, RequireRun(db, lease.OrganisationId, lease.RunId).Counters));
        return true;
    }, cancel);

    // Of a run that begins; where the database is older than what is known outside, restore mode begins with it.
    private static long NextEpoch(SqliteSession db, string organisationId, LeaseRow lease, WitnessedEpoch known, string actor, DateTimeOffset now)
    {
        var nonce = db.First("select nonce from runs where organisation_id = ?1 and epoch = ?2 order by run_id desc limit 1", row => row.Text(0), organisationId, known.Epoch);
        if (StoreAnswers.Forgot(lease.Epoch, nonce, known) is { } forgot) BeginRestore(db, organisationId, forgot, actor, now);
        return Math.Max(lease.Epoch, known.Epoch) + 1;
    }

    /// <summary>
    /// The fence. The transaction has held the file's one write lock since it began, so what is true here is true at its commit:
    /// a take-over and a write of the old epoch cannot pass each other. A lease that has run out and was not taken is still ours.
    /// </summary>
    private static bool IsOurs(SqliteSession db, Lease lease) => db.Any(
        "select 1 from run_leases where organisation_id = ?1 and epoch = ?2 and run_id = ?3", lease.OrganisationId, lease.Epoch, lease.RunId);

    private sealed record LeaseRow(long Epoch, string? Holder, long? RunId, long LastRunId, long NextVoucher, DateTimeOffset? ExpiresAt)
    {
        public bool IsHeld(DateTimeOffset now) => Holder is not null && ExpiresAt > now;
    }

    private static LeaseRow ReadLease(SqliteSession db, string organisationId) => db.First(
        "select epoch, holder, run_id, last_run_id, next_voucher, expires_at from run_leases where organisation_id = ?1",
        row => new LeaseRow(row.Long(0), row.TextOrNull(1), row.LongOrNull(2), row.Long(3), row.Long(4), row.TimeOrNull(5)), organisationId)
        ?? throw new InvalidOperationException($"There is no organisation {organisationId}.");

    private static Run? ReadRun(SqliteSession db, string organisationId, long runId) =>
        db.First($"select {SqliteColumns.Run} from runs where organisation_id = ?1 and run_id = ?2", SqliteColumns.ReadRun, organisationId, runId);

    private static Run RequireRun(SqliteSession db, string organisationId, long runId) =>
        ReadRun(db, organisationId, runId) ?? throw new InvalidOperationException(FormattableString.Invariant($"Organisation {organisationId} has no run {runId}."));

    private static void InsertRun(SqliteSession db, string organisationId, long runId, RunTrigger trigger, RunState state, string actor, string holder, string nonce, long epoch,
        ClaimScope scope, string exporter, string format, int integrationVersion, DateTimeOffset now, long firstVoucher, long? requestId = null) => db.Run("""
        insert into runs (organisation_id, run_id, "trigger", state, actor, holder, nonce, epoch, scope_from, scope_before, scope_limit, scope_claim_id,
                          exporter, format, integration_version, started_at, first_voucher, request_id, month)
        values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19)
        """,
        organisationId, runId, trigger.Text(), state.Text(), actor, holder, nonce, epoch, scope.From, scope.Before, scope.Limit, scope.ClaimId,
        exporter, format, integrationVersion, now, firstVoucher, requestId, MonthOf(db, organisationId, now));

    /// <summary>Writes the run to its request; false unless the request is still in the hands of whoever asks, and has no run in this attempt.</summary>
    private static bool GiveRun(SqliteSession db, TakenRequest taken, long runId) => db.Run("""
        update run_requests set run_id = ?5
        where organisation_id = ?1 and request_id = ?2 and state = 'running' and attempt = ?3 and node = ?4 and run_id is null
        """, taken.OrganisationId, taken.RequestId, taken.Attempt, taken.Node, runId) == 1;

    /// <summary>The first day of the month that it is in the organisation's time zone.</summary>
    private static string MonthOf(SqliteSession db, string organisationId, DateTimeOffset now)
    {
        var zone = db.First("select time_zone from organisations where organisation_id = ?1", row => row.Text(0), organisationId)!;
        return TimeZoneInfo.ConvertTime(now, TimeZoneInfo.FindSystemTimeZoneById(zone)).ToString("yyyy-MM-01", System.Globalization.CultureInfo.InvariantCulture);
    }
}
