using PayOnce.Audit;
using PayOnce.Runs;
using PayOnce.Scheduling;

namespace PayOnce.Stores.Postgres;

// Stopping a run, and the kill switch.
public sealed partial class PostgresStore
{
    public Task<StopAnswer> RequestStopAsync(string organisationId, long runId, string actor, CancellationToken cancel) =>
        StepAsync<StopAnswer>(organisationId, async work =>
        {
            // The run's row before the trail's head, as whoever finishes a run does.
            await using (await work.ReadAsync(LeaseStatements.Share(organisationId), Sql.Of("select 1 from payonce.runs where organisation_id = $1 and run_id = $2 for update", organisationId, runId))) { }
            if (await FindRunAsync(work, runId) is not { } run) return StopAnswer.NoSuchRun.Instance;
            if (run.State != RunState.Running) return new StopAnswer.NotRunning(run);
            if (run.Stop is { } earlier) return new StopAnswer.Asked(earlier);
            var (head, at) = await work.LockHeadAsync();
            await work.AppendAsync(head, at, AuditEntries.RunStopRequested(runId, actor), Sql.Of(
                "update payonce.runs set stop_requested_at = $3, stop_requested_by = $4 where organisation_id = $1 and run_id = $2", organisationId, runId, at, actor));
            return new StopAnswer.Asked(new StopWish(at, actor));
        }, cancel);

    public Task<RunWatch?> FindStopAsync(string organisationId, string holder, CancellationToken cancel) =>
        AskFirstAsync(organisationId, reader => new RunWatch(reader.GetInt64(0), reader.GetInt64(1), reader.TimeOrNull(2) is { } at ? new StopWish(at, reader.GetString(3)) : null), cancel, Sql.Of(
            """
            select r.run_id, r.rejected, r.stop_requested_at, r.stop_requested_by
            from payonce.run_leases l join payonce.runs r on r.organisation_id = $1 and r.run_id = l.run_id where l.organisation_id = $1 and l.holder = $2
            """, organisationId, holder));

    public Task<Pause?> FindPauseAsync(string organisationId, CancellationToken cancel) =>
        AskFirstAsync(organisationId, RequestRows.ReadPause, cancel, RequestRows.FindPause(organisationId));

    public Task<bool> PauseAsync(string organisationId, string reason, string actor, CancellationToken cancel) =>
        StepAsync(organisationId, async work =>
        {
            // Behind the lease's lock: a run that begins at the same moment began before, or is refused.
            var (head, at) = await ShareAndLockHeadAsync(work);
            if (!await BeginPauseAsync(work, reason, actor)) return false;
            await work.AppendAsync(head, at, AuditEntries.ExportPaused(reason, actor));
            return true;
        }, cancel);

    public Task<bool> ResumeAsync(string organisationId, string actor, CancellationToken cancel) =>
        StepAsync(organisationId, async work =>
        {
            var (head, at) = await ShareAndLockHeadAsync(work);
            if (await EndPauseAsync(work, actor) is not { } ended) return false;
            await work.AppendAsync(head, at, AuditEntries.ExportResumed(ended, actor));
            return true;
        }, cancel);

    public Task<Pause?> FindInstallationPauseAsync(CancellationToken cancel) => FindPauseAsync(StoreAnswers.Installation, cancel);

    public Task<bool> PauseInstallationAsync(string reason, string actor, CancellationToken cancel) =>
        StepAsync(StoreAnswers.Installation, async work =>
        {
            if (!await BeginPauseAsync(work, reason, actor)) return false;
            work.ProvedBy(() => Sql.Of("select 1 from payonce.pauses where organisation_id = $1 and ended_at is null and reason = $2 and actor = $3", StoreAnswers.Installation, reason, actor));
            return true;
        }, cancel);

    public Task<bool> ResumeInstallationAsync(string actor, CancellationToken cancel) =>
        StepAsync(StoreAnswers.Installation, async work =>
        {
            if (await EndPauseAsync(work, actor) is not { } ended) return false;
            work.ProvedBy(() => Sql.Of("select 1 from payonce.pauses where organisation_id = $1 and since = $2 and ended_at is not null", StoreAnswers.Installation, ended.Since));
            return true;
        }, cancel);

    // Two at once for the installation, where no lock orders them, meet at the unique key.
    private static Task<bool> BeginPauseAsync(PostgresTransaction work, string reason, string actor) => work.AnyAsync(Sql.Of(
        """
        insert into payonce.pauses (organisation_id, since, reason, actor) values ($1, clock_timestamp(), $2, $3)
        on conflict (organisation_id) where ended_at is null do nothing returning 1
        """, work.OrganisationId, reason, actor));

    private static async Task<Pause?> EndPauseAsync(PostgresTransaction work, string actor) => (await work.ListAsync(RequestRows.ReadPause, Sql.Of(
        "update payonce.pauses set ended_at = clock_timestamp(), ended_by = $2 where organisation_id = $1 and ended_at is null returning since, reason, actor, organisation_id",
        work.OrganisationId, actor))).SingleOrDefault();
}
