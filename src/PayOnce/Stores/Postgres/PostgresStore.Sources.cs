using Npgsql;
using PayOnce.Audit;
using PayOnce.Scheduling;
using PayOnce.Sources;

namespace PayOnce.Stores.Postgres;

// Where claims are read from, how far that is, and what was told back.
public sealed partial class PostgresStore
{
    private const string SourceColumns =
        """
        s.organisation_id, s.version, s.settings, s.changed_by, s.changed_at, s.next_at, s.approved_until, s.withdrawn_until, s.reading, s.began_at, s.ended_at, s.read, s.added, s.updated,
        s.withdrawn, s.failure, s.write_back_at, s.write_back_tries, s.write_back_failure, s.written_at
        """;

    public Task<StoredSource?> FindSourceAsync(string organisationId, CancellationToken cancel) =>
        AskFirstAsync(organisationId, ReadSource, cancel, FindSource(organisationId));

    public Task<SaveAnswer<StoredSource>> SaveSourceAsync(string organisationId, SourceSettings settings, int version, string actor, CancellationToken cancel) =>
        StepAsync<SaveAnswer<StoredSource>>(organisationId, async work =>
        {
            var (head, at) = await ShareAndLockHeadAsync(work);
            var earlier = await work.FirstAsync(ReadSource, FindSource(organisationId));
            if ((earlier?.Version ?? 0) != version) return new SaveAnswer<StoredSource>.Changed(earlier);
            var anew = earlier is null || earlier.Settings.View != settings.View;
            await work.AppendAsync(head, at, AuditEntries.SourceChanged(version + 1, settings, actor), Sql.Of(
                """
                insert into payonce.sources as s (organisation_id, version, settings, changed_by, changed_at, next_at, write_back_at) values ($1, $2, $3, $4, $5, $6, $7)
                on conflict (organisation_id) do update
                set version = excluded.version, settings = excluded.settings, changed_by = excluded.changed_by, changed_at = excluded.changed_at, next_at = excluded.next_at,
                    write_back_at = excluded.write_back_at, reading_until = null,
                    approved_until = case when $8 then null else s.approved_until end, withdrawn_until = case when $8 then null else s.withdrawn_until end
                """,
                organisationId, version + 1, settings.ToJson(), actor, at, SourceTimes.FirstReading(settings, at), SourceTimes.FirstWriteBack(settings, at), anew));
            return new SaveAnswer<StoredSource>.Saved((await work.FirstAsync(ReadSource, FindSource(organisationId)))!);
        }, cancel);

    public async Task<IReadOnlyList<string>> FindDueSourcesAsync(int size, CancellationToken cancel) =>
        await AskListAsync(EveryOrganisation, reader => reader.GetString(0), cancel, Sql.Of(
            "select organisation_id from payonce.sources where next_at is not null and next_at <= clock_timestamp() order by next_at, organisation_id limit $1", size));

    public Task<TakenReading?> TakeReadingAsync(string organisationId, TimeSpan holdFor, CancellationToken cancel) =>
        StepAsync<TakenReading?>(organisationId, async work =>
        {
            await work.AnyAsync(LeaseStatements.Share(organisationId));
            var source = await work.FirstAsync(ReadSource, Sql.Of(
                $"select {SourceColumns} from payonce.sources s where s.organisation_id = $1 and (s.reading_until is null or s.reading_until < clock_timestamp()) for update", organisationId));
            if (source is not { Settings.Enabled: true }) return null;
            var number = (source.Last?.Number ?? 0) + 1;
            await work.ExecuteAsync(Sql.Of(
                """
                update payonce.sources
                set reading = $2, reading_until = clock_timestamp() + $3, began_at = clock_timestamp(), ended_at = null, read = 0, added = 0, updated = 0, withdrawn = 0, failure = null,
                    next_at = clock_timestamp() + $4::interval
                where organisation_id = $1
                """, organisationId, number, holdFor, SourceTimes.Interval(source.Settings)));
            work.ProvedBy(() => Sql.Of("select 1 from payonce.sources where organisation_id = $1 and reading = $2", organisationId, number));
            return new TakenReading(source, number);
        }, cancel);

    public Task<bool> KeepReadingAsync(TakenReading taken, ReadingStep step, TimeSpan holdFor, CancellationToken cancel) =>
        StepAsync(taken.Source.OrganisationId, async work =>
        {
            var id = taken.Source.OrganisationId;
            if (!await ChangeTakenAsync(work, Sql.Of(
                """
                update payonce.sources
                set approved_until = greatest(approved_until, $4), withdrawn_until = greatest(withdrawn_until, $5), read = read + $6, added = added + $7, updated = updated + $8,
                    withdrawn = withdrawn + $9, reading_until = clock_timestamp() + $10
                where organisation_id = $1 and reading = $2 and version = $3 and ended_at is null
                """,
                id, taken.Number, taken.Source.Version, step.ApprovedUntil, step.WithdrawnUntil, step.Read, step.Added, step.Updated, step.Withdrawn, holdFor))) return false;
            if (step.NoLongerRefused.Count > 0)
                await work.ExecuteAsync(Sql.Of("delete from payonce.source_refusals where organisation_id = $1 and claim_id = any ($2::text[])", id, Sql.Texts(step.NoLongerRefused.ToArray())));
            if (step.Refused.Count > 0)
                await work.ExecuteAsync(Sql.Of(
                    """
                    insert into payonce.source_refusals (organisation_id, claim_id, approved_at, reason, since)
                    select $1, i.claim_id, i.approved_at, i.reason, clock_timestamp() from unnest($2::text[], $3::timestamptz[], $4::text[]) as i(claim_id, approved_at, reason)
                    on conflict (organisation_id, claim_id) do update set approved_at = excluded.approved_at, reason = excluded.reason
                    """,
                    id, Sql.Texts(step.Refused.Select(each => each.ClaimId).ToArray()), step.Refused.Select(each => each.ApprovedAt?.ToUniversalTime()).ToArray(),
                    Sql.Texts(step.Refused.Select(each => each.Reason).ToArray())));
            // What is there at its place was read; done again it would be counted twice.
            var total = (await work.ListAsync(reader => reader.GetInt64(0), Sql.Of("select read from payonce.sources where organisation_id = $1", id)))[0];
            work.ProvedBy(() => Sql.Of("select 1 from payonce.sources where organisation_id = $1 and reading = $2 and read = $3", id, taken.Number, total));
            return true;
        }, cancel);

    public Task<bool> EndReadingAsync(TakenReading taken, string? failure, CancellationToken cancel) =>
        StepAsync(taken.Source.OrganisationId, async work =>
        {
            var id = taken.Source.OrganisationId;
            if (!await ChangeTakenAsync(work, Sql.Of(
                "update payonce.sources set ended_at = clock_timestamp(), reading_until = null, failure = $3 where organisation_id = $1 and reading = $2 and ended_at is null",
                id, taken.Number, failure))) return false;
            work.ProvedBy(() => Sql.Of("select 1 from payonce.sources where organisation_id = $1 and reading = $2 and ended_at is not null", id, taken.Number));
            return true;
        }, cancel);

    public async Task<IReadOnlyList<SourceRefusal>> ListRefusalsAsync(string organisationId, string? afterClaimId, int size, CancellationToken cancel) =>
        await AskListAsync(organisationId, row => new SourceRefusal(row.GetString(0), row.TimeOrNull(1), row.GetString(2), row.Time(3)), cancel, Sql.Of(
            "select claim_id, approved_at, reason, since from payonce.source_refusals where organisation_id = $1 and claim_id > $2 order by claim_id limit $3", organisationId, afterClaimId ?? "", size));

    public async Task<IReadOnlyList<string>> FindDueWriteBacksAsync(int size, CancellationToken cancel) =>
        await AskListAsync(EveryOrganisation, reader => reader.GetString(0), cancel, Sql.Of(
            "select organisation_id from payonce.sources where write_back_at is not null and write_back_at <= clock_timestamp() order by write_back_at, organisation_id limit $1", size));

    public Task<StoredSource?> TakeWriteBackAsync(string organisationId, TimeSpan holdFor, CancellationToken cancel) =>
        StepAsync(organisationId, async work =>
        {
            await work.AnyAsync(LeaseStatements.Share(organisationId));
            var source = await work.FirstAsync(ReadSource, Sql.Of(
                $"""
                update payonce.sources s set write_back_at = clock_timestamp() + $2
                where s.organisation_id = $1 and s.write_back_at is not null and s.write_back_at <= clock_timestamp()
                returning {SourceColumns}
                """, organisationId, holdFor));
            if (source is not null) work.ProvedBy(() => Sql.Of("select 1 from payonce.sources where organisation_id = $1 and write_back_at = $2", organisationId, source.WriteBack.NextAt));
            return source;
        }, cancel);

    public async Task<IReadOnlyList<UnwrittenRun>> ListUnwrittenRunsAsync(string organisationId, int size, CancellationToken cancel) =>
        await AskListAsync(organisationId, row => new UnwrittenRun(row.GetInt64(0), row.GetInt64(1)), cancel, Sql.Of(
            """
            select r.run_id, r.version
            from payonce.runs r left join payonce.source_write_backs w on w.organisation_id = $1 and w.run_id = r.run_id
            where r.organisation_id = $1 and r.state <> 'running' and r.reserved > 0 and w.version is distinct from r.version
            order by r.run_id limit $2
            """, organisationId, size));

    public Task NoteWrittenAsync(string organisationId, UnwrittenRun run, CancellationToken cancel) =>
        StepAsync(organisationId, async work =>
        {
            await work.ExecuteAsync(LeaseStatements.Share(organisationId), Sql.Of(
                """
                insert into payonce.source_write_backs (organisation_id, run_id, version) values ($1, $2, $3)
                on conflict (organisation_id, run_id) do update set version = excluded.version
                """, organisationId, run.RunId, run.Version));
            work.ProvedBy(() => Sql.Of("select 1 from payonce.source_write_backs where organisation_id = $1 and run_id = $2 and version = $3", organisationId, run.RunId, run.Version));
            return true;
        }, cancel);

    public Task EndWriteBackAsync(string organisationId, TimeSpan next, string? failure, CancellationToken cancel) =>
        StepAsync(organisationId, async work =>
        {
            await work.AnyAsync(LeaseStatements.Share(organisationId));
            var ended = await work.ListAsync(reader => (reader.TimeOrNull(0), reader.GetInt32(1)), Sql.Of(
                """
                update payonce.sources
                set write_back_at = case when write_back_at is null then null else clock_timestamp() + $2 end, write_back_failure = $3,
                    write_back_tries = case when $3::text is null then 0 else write_back_tries + 1 end, written_at = case when $3::text is null then clock_timestamp() else written_at end
                where organisation_id = $1
                returning write_back_at, write_back_tries
                """, organisationId, next, failure));
            foreach (var (at, tries) in ended)
                work.ProvedBy(() => Sql.Of("select 1 from payonce.sources where organisation_id = $1 and write_back_at is not distinct from $2 and write_back_tries = $3", organisationId, at, tries));
            return true;
        }, cancel);

    private static NpgsqlBatchCommand FindSource(string organisationId) => Sql.Of($"select {SourceColumns} from payonce.sources s where s.organisation_id = $1", organisationId);

    private static StoredSource ReadSource(NpgsqlDataReader row) => new(
        row.GetString(0), row.GetInt32(1), SourceSettings.FromStored(row.GetString(2)), row.GetString(3), row.Time(4), row.TimeOrNull(5), row.TimeOrNull(6), row.TimeOrNull(7),
        row.TimeOrNull(9) is { } began ? new ReadingReport(row.GetInt64(8), began, row.TimeOrNull(10), row.GetInt64(11), row.GetInt64(12), row.GetInt64(13), row.GetInt64(14), row.Text(15)) : null,
        new WriteBackState(row.TimeOrNull(16), row.GetInt32(17), row.Text(18), row.TimeOrNull(19)));
}
