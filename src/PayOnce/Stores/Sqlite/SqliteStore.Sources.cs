using PayOnce.Audit;
using PayOnce.Scheduling;
using PayOnce.Sources;

namespace PayOnce.Stores.Sqlite;

// Where claims are read from, how far that is, and what was told back.
public sealed partial class SqliteStore
{
    private const string SourceColumns = """
        organisation_id, version, settings, changed_by, changed_at, next_at, approved_until, withdrawn_until, reading, began_at, ended_at, read, added, updated,
        withdrawn, failure, write_back_at, write_back_tries, write_back_failure, written_at
        """;

    /// <inheritdoc/>
    public Task<StoredSource?> FindSourceAsync(string organisationId, CancellationToken cancel) => ReadAsync(db => ReadSource(db, organisationId), cancel);

    /// <inheritdoc/>
    public Task<SaveAnswer<StoredSource>> SaveSourceAsync(string organisationId, SourceSettings settings, int version, string actor, CancellationToken cancel) =>
        WriteAsync<SaveAnswer<StoredSource>>(db =>
        {
            var earlier = ReadSource(db, organisationId);
            if ((earlier?.Version ?? 0) != version) return new SaveAnswer<StoredSource>.Changed(earlier);
            var now = Now();
            var anew = earlier is null || earlier.Settings.View != settings.View;
            db.Run("""
                insert into sources (organisation_id, version, settings, changed_by, changed_at, next_at, write_back_at) values (?1, ?2, ?3, ?4, ?5, ?6, ?7)
                on conflict (organisation_id) do update
                set version = excluded.version, settings = excluded.settings, changed_by = excluded.changed_by, changed_at = excluded.changed_at, next_at = excluded.next_at,
                    write_back_at = excluded.write_back_at, reading_until = null,
                    approved_until = case when ?8 = 1 then null else approved_until end, withdrawn_until = case when ?8 = 1 then null else withdrawn_until end
                """, organisationId, version + 1, settings.ToJson(), actor, now, SourceTimes.FirstReading(settings, now), SourceTimes.FirstWriteBack(settings, now), anew ? 1 : 0);
            Tell(db, organisationId, now, AuditEntries.SourceChanged(version + 1, settings, actor));
            return new SaveAnswer<StoredSource>.Saved(ReadSource(db, organisationId)!);
        }, cancel);

    /// <inheritdoc/>
    public Task<IReadOnlyList<string>> FindDueSourcesAsync(int size, CancellationToken cancel) => ReadAsync<IReadOnlyList<string>>(db =>
        db.All("select organisation_id from sources where next_at is not null and next_at <= ?1 order by next_at, organisation_id limit ?2", row => row.Text(0), Now(), size), cancel);

    /// <inheritdoc/>
    public Task<TakenReading?> TakeReadingAsync(string organisationId, TimeSpan holdFor, CancellationToken cancel) => WriteAsync<TakenReading?>(db =>
    {
        var now = Now();
        if (db.Any("select 1 from sources where organisation_id = ?1 and reading_until >= ?2", organisationId, now)) return null;
        if (ReadSource(db, organisationId) is not { Settings.Enabled: true } source) return null;
        var number = (source.Last?.Number ?? 0) + 1;
        db.Run("""
            update sources
            set reading = ?2, reading_until = ?3, began_at = ?4, ended_at = null, read = 0, added = 0, updated = 0, withdrawn = 0, failure = null, next_at = ?5
            where organisation_id = ?1
            """, organisationId, number, now + holdFor, now, now + SourceTimes.Interval(source.Settings));
        db.Proof = later => later.Any("select 1 from sources where organisation_id = ?1 and reading = ?2", organisationId, number);
        return new TakenReading(source, number);
    }, cancel);

    /// <inheritdoc/>
    public Task<bool> KeepReadingAsync(TakenReading taken, ReadingStep step, TimeSpan holdFor, CancellationToken cancel) => WriteAsync(db =>
    {
        var (id, now) = (taken.Source.OrganisationId, Now());
        if (db.Run("""
            update sources
            set approved_until = max(coalesce(approved_until, ?4), coalesce(?4, approved_until)), withdrawn_until = max(coalesce(withdrawn_until, ?5), coalesce(?5, withdrawn_until)),
                read = read + ?6, added = added + ?7, updated = updated + ?8, withdrawn = withdrawn + ?9, reading_until = ?10
            where organisation_id = ?1 and reading = ?2 and version = ?3 and ended_at is null
            """, id, taken.Number, taken.Source.Version, step.ApprovedUntil, step.WithdrawnUntil, step.Read, step.Added, step.Updated, step.Withdrawn, now + holdFor) == 0) return false;
        foreach (var claimId in step.NoLongerRefused) db.Run("delete from source_refusals where organisation_id = ?1 and claim_id = ?2", id, claimId);
        foreach (var refused in step.Refused)
        {
            db.Run("""
                insert into source_refusals (organisation_id, claim_id, approved_at, reason, since) values (?1, ?2, ?3, ?4, ?5)
                on conflict (organisation_id, claim_id) do update set approved_at = excluded.approved_at, reason = excluded.reason
                """, id, refused.ClaimId, refused.ApprovedAt, refused.Reason, now);
        }
        // What is there at its place was read; done again it would be counted twice.
        var total = db.Number("select read from sources where organisation_id = ?1", id);
        db.Proof = later => later.Any("select 1 from sources where organisation_id = ?1 and reading = ?2 and read = ?3", id, taken.Number, total);
        return true;
    }, cancel);

    /// <inheritdoc/>
    public Task<bool> EndReadingAsync(TakenReading taken, string? failure, CancellationToken cancel) => WriteAsync(db =>
    {
        var id = taken.Source.OrganisationId;
        if (db.Run("update sources set ended_at = ?3, reading_until = null, failure = ?4 where organisation_id = ?1 and reading = ?2 and ended_at is null", id, taken.Number, Now(), failure) == 0) return false;
        db.Proof = later => later.Any("select 1 from sources where organisation_id = ?1 and reading = ?2 and ended_at is not null", id, taken.Number);
        return true;
    }, cancel);

    /// <inheritdoc/>
    public Task<IReadOnlyList<SourceRefusal>> ListRefusalsAsync(string organisationId, string? afterClaimId, int size, CancellationToken cancel) => ReadAsync<IReadOnlyList<SourceRefusal>>(db =>
        db.All("select claim_id, approved_at, reason, since from source_refusals where organisation_id = ?1 and claim_id > ?2 order by claim_id limit ?3",
            row => new SourceRefusal(row.Text(0), row.TimeOrNull(1), row.Text(2), row.Time(3)), organisationId, afterClaimId ?? "", size), cancel);

    /// <inheritdoc/>
    public Task<IReadOnlyList<string>> FindDueWriteBacksAsync(int size, CancellationToken cancel) => ReadAsync<IReadOnlyList<string>>(db =>
        db.All("select organisation_id from sources where write_back_at is not null and write_back_at <= ?1 order by write_back_at, organisation_id limit ?2", row => row.Text(0), Now(), size), cancel);

    /// <inheritdoc/>
    public Task<StoredSource?> TakeWriteBackAsync(string organisationId, TimeSpan holdFor, CancellationToken cancel) => WriteAsync(db =>
    {
        var now = Now();
        if (db.Run("update sources set write_back_at = ?3 where organisation_id = ?1 and write_back_at is not null and write_back_at <= ?2", organisationId, now, now + holdFor) == 0) return null;
        db.Proof = later => later.Any("select 1 from sources where organisation_id = ?1 and write_back_at = ?2", organisationId, now + holdFor);
        return ReadSource(db, organisationId);
    }, cancel);

    /// <inheritdoc/>
    public Task<IReadOnlyList<UnwrittenRun>> ListUnwrittenRunsAsync(string organisationId, int size, CancellationToken cancel) => ReadAsync<IReadOnlyList<UnwrittenRun>>(db =>
        db.All("""
            select r.run_id, r.version
            from runs r left join source_write_backs w on w.organisation_id = r.organisation_id and w.run_id = r.run_id
            where r.organisation_id = ?1 and r.state <> 'running' and r.reserved > 0 and w.version is not r.version
            order by r.run_id limit ?2
            """, row => new UnwrittenRun(row.Long(0), row.Long(1)), organisationId, size), cancel);

    /// <inheritdoc/>
    public Task NoteWrittenAsync(string organisationId, UnwrittenRun run, CancellationToken cancel) => WriteAsync(db =>
    {
        db.Run("""
            insert into source_write_backs (organisation_id, run_id, version) values (?1, ?2, ?3)
            on conflict (organisation_id, run_id) do update set version = excluded.version
            """, organisationId, run.RunId, run.Version);
        db.Proof = later => later.Any("select 1 from source_write_backs where organisation_id = ?1 and run_id = ?2 and version = ?3", organisationId, run.RunId, run.Version);
        return true;
    }, cancel);

    /// <inheritdoc/>
    public Task EndWriteBackAsync(string organisationId, TimeSpan next, string? failure, CancellationToken cancel) => WriteAsync(db =>
    {
        var now = Now();
        db.Run("""
            update sources
            set write_back_at = case when write_back_at is null then null else ?2 end, write_back_failure = ?3,
                write_back_tries = case when ?3 is null then 0 else write_back_tries + 1 end, written_at = case when ?3 is null then ?4 else written_at end
            where organisation_id = ?1
            """, organisationId, now + next, failure, now);
        var tries = ReadSource(db, organisationId)?.WriteBack.Tries;
        db.Proof = later => ReadSource(later, organisationId)?.WriteBack.Tries == tries;
        return true;
    }, cancel);

    private static StoredSource? ReadSource(SqliteSession db, string organisationId) => db.First($"select {SourceColumns} from sources where organisation_id = ?1", row => new StoredSource(
        row.Text(0), row.Int(1), SourceSettings.FromStored(row.Text(2)), row.Text(3), row.Time(4), row.TimeOrNull(5), row.TimeOrNull(6), row.TimeOrNull(7),
        row.TimeOrNull(9) is { } began ? new ReadingReport(row.Long(8), began, row.TimeOrNull(10), row.Long(11), row.Long(12), row.Long(13), row.Long(14), row.TextOrNull(15)) : null,
        new WriteBackState(row.TimeOrNull(16), row.Int(17), row.TextOrNull(18), row.TimeOrNull(19))), organisationId);
}
