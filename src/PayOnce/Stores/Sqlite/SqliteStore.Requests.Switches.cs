using PayOnce.Audit;
using PayOnce.Runs;
using PayOnce.Scheduling;

namespace PayOnce.Stores.Sqlite;

// Stopping a run, and the kill switch.
public sealed partial class SqliteStore
{
    /// <inheritdoc/>
    public Task<StopAnswer> RequestStopAsync(string organisationId, long runId, string actor, CancellationToken cancel) => WriteAsync<StopAnswer>(db =>
    {
        if (ReadRun(db, organisationId, runId) is not { } run) return StopAnswer.NoSuchRun.Instance;
        if (run.State != RunState.Running) return new StopAnswer.NotRunning(run);
        if (run.Stop is { } earlier) return new StopAnswer.Asked(earlier);
        var now = Now();
        db.Run("update runs set stop_requested_at = ?3, stop_requested_by = ?4 where organisation_id = ?1 and run_id = ?2", organisationId, runId, now, actor);
        Tell(db, organisationId, now, AuditEntries.RunStopRequested(runId, actor));
        return new StopAnswer.Asked(new StopWish(now, actor));
    }, cancel);

    /// <inheritdoc/>
    public Task<RunWatch?> FindStopAsync(string organisationId, string holder, CancellationToken cancel) => ReadAsync(db => db.First("""
        select r.run_id, r.rejected, r.stop_requested_at, r.stop_requested_by
        from run_leases l cross join runs r on r.organisation_id = l.organisation_id and r.run_id = l.run_id where l.organisation_id = ?1 and l.holder = ?2
        """, row => new RunWatch(row.Long(0), row.Long(1), row.TimeOrNull(2) is { } at ? new StopWish(at, row.Text(3)) : null), organisationId, holder), cancel);

    /// <inheritdoc/>
    public Task<Pause?> FindPauseAsync(string organisationId, CancellationToken cancel) => ReadAsync(db => ReadPause(db, organisationId), cancel);

    /// <inheritdoc/>
    public Task<bool> PauseAsync(string organisationId, string reason, string actor, CancellationToken cancel) => WriteAsync(db =>
    {
        var now = Now();
        if (!BeginPause(db, organisationId, reason, actor, now)) return false;
        Tell(db, organisationId, now, AuditEntries.ExportPaused(reason, actor));
        return true;
    }, cancel);

    /// <inheritdoc/>
    public Task<bool> ResumeAsync(string organisationId, string actor, CancellationToken cancel) => WriteAsync(db =>
    {
        var now = Now();
        if (EndPause(db, organisationId, actor, now) is not { } ended) return false;
        Tell(db, organisationId, now, AuditEntries.ExportResumed(ended, actor));
        return true;
    }, cancel);

    /// <inheritdoc/>
    public Task<Pause?> FindInstallationPauseAsync(CancellationToken cancel) => ReadAsync(db => ReadPause(db, StoreAnswers.Installation), cancel);

    /// <inheritdoc/>
    public Task<bool> PauseInstallationAsync(string reason, string actor, CancellationToken cancel) => WriteAsync(db =>
    {
        var now = Now();
        if (!BeginPause(db, StoreAnswers.Installation, reason, actor, now)) return false;
        db.Proof = later => later.Any("select 1 from pauses where organisation_id = ?1 and since >= ?2", StoreAnswers.Installation, now);
        return true;
    }, cancel);

    /// <inheritdoc/>
    public Task<bool> ResumeInstallationAsync(string actor, CancellationToken cancel) => WriteAsync(db =>
    {
        if (EndPause(db, StoreAnswers.Installation, actor, Now()) is not { } ended) return false;
        db.Proof = later => later.Any("select 1 from pauses where organisation_id = ?1 and since = ?2 and ended_at is not null", StoreAnswers.Installation, ended.Since);
        return true;
    }, cancel);

    /// <summary>The installation's before the organisation's own: its name comes before every valid id.</summary>
    private static Pause? ReadPause(SqliteSession db, string organisationId) => db.First(
        "select since, reason, actor, organisation_id from pauses where organisation_id in (?1, ?2) and ended_at is null order by organisation_id limit 1",
        row => new Pause(row.Time(0), row.Text(1), row.Text(2), row.Text(3) == StoreAnswers.Installation), StoreAnswers.Installation, organisationId);

    private static bool BeginPause(SqliteSession db, string organisationId, string reason, string actor, DateTimeOffset now) => db.Run("""
        insert into pauses (organisation_id, since, reason, actor)
        select ?1, max(?2, coalesce((select max(since) + 1 from pauses where organisation_id = ?1), ?2)), ?3, ?4
        where not exists (select 1 from pauses where organisation_id = ?1 and ended_at is null)
        """, organisationId, now, reason, actor) == 1;

    private static Pause? EndPause(SqliteSession db, string organisationId, string actor, DateTimeOffset now)
    {
        var open = db.First("select since, reason, actor from pauses where organisation_id = ?1 and ended_at is null",
            row => new Pause(row.Time(0), row.Text(1), row.Text(2), organisationId == StoreAnswers.Installation), organisationId);
        if (open is null) return null;
        db.Run("update pauses set ended_at = ?3, ended_by = ?4 where organisation_id = ?1 and since = ?2", organisationId, open.Since, now, actor);
        return open;
    }
}
