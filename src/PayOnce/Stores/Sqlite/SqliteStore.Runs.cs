using System.Buffers.Binary;
using System.IO.Compression;
using System.Runtime.CompilerServices;
using PayOnce.Audit;
using PayOnce.Guard;
using PayOnce.Runs;

namespace PayOnce.Stores.Sqlite;

public sealed partial class SqliteStore
{
    /// <inheritdoc/>
    public Task<IReadOnlyList<Run>> ListRunsAsync(string organisationId, long? before, int size, CancellationToken cancel) => ReadAsync<IReadOnlyList<Run>>(db =>
        db.All($"select {SqliteColumns.Run} from runs where organisation_id = ?1 and run_id < ?2 order by run_id desc limit ?3", SqliteColumns.ReadRun, organisationId, before ?? long.MaxValue, size), cancel);

    /// <inheritdoc/>
    public Task<Run?> FindRunAsync(string organisationId, long runId, CancellationToken cancel) => ReadAsync(db => ReadRun(db, organisationId, runId), cancel);

    /// <inheritdoc/>
    public Task<IReadOnlyList<Mark>> ListRunMarksAsync(string organisationId, long runId, string? afterClaimId, int size, CancellationToken cancel) => ReadAsync<IReadOnlyList<Mark>>(db =>
        db.All($"""
            select {SqliteColumns.Mark} from marks m where m.organisation_id = ?1 and m.run_id = ?2 and m.claim_id > ?3 order by m.claim_id, m.generation limit ?4
            """, SqliteColumns.ReadMark, organisationId, runId, afterClaimId ?? "", size), cancel);

    /// <inheritdoc/>
    public Task<IReadOnlyList<ClaimRejection>> ListRunRejectionsAsync(string organisationId, long runId, CancellationToken cancel) => ReadAsync<IReadOnlyList<ClaimRejection>>(db =>
    {
        var rejections = new List<ClaimRejection>();
        using var rows = db.Query("select rejections from attempts where organisation_id = ?1 and run_id = ?2 and rejections is not null order by batch, try, step", organisationId, runId);
        while (rows.Next()) rejections.AddRange(StoredJson.ReadRejections(rows.Row.Span(0)));
        return rejections;
    }, cancel);

    /// <inheritdoc/>
    public Task<IReadOnlyList<HeldClaim>> ListRunDuplicatesAsync(string organisationId, long runId, string? afterClaimId, int size, CancellationToken cancel) => ReadAsync<IReadOnlyList<HeldClaim>>(db =>
    {
        if (ReadRun(db, organisationId, runId) is not { Counters.SkippedDuplicates: > 0 } run) return [];
        var range = ScopeRange.Of(run.Scope);
        // Of the marks that this run could have met, the newest of each claim, where an earlier run holds it.
        return db.All("""
            select m.claim_id, m.generation, m.state, m.run_id
            from marks m cross join claims c on c.organisation_id = m.organisation_id and c.claim_id = m.claim_id
            where m.organisation_id = ?1 and m.claim_id > ?3 and m.run_id > 0 and m.run_id < ?2 and m.state in ('reserved', 'exported', 'in_doubt')
            and c.approved_at >= ?4 and c.approved_at < ?5 and (?6 is null or m.claim_id = ?6)
            and not exists (select 1 from marks n where n.organisation_id = m.organisation_id and n.claim_id = m.claim_id and n.generation > m.generation and n.run_id <= ?2)
            order by m.claim_id, m.generation limit ?7
            """, row => new HeldClaim(row.Text(0), row.Int(1), MarkStates.State(row.Text(2)), row.Long(3)),
            organisationId, runId, afterClaimId ?? "", range.AfterTime, range.Before, run.Scope.ClaimId, size);
    }, cancel);

    /// <inheritdoc/>
    public Task<IReadOnlyList<Attempt>> ListAttemptsAsync(string organisationId, long runId, CancellationToken cancel) => ReadAsync<IReadOnlyList<Attempt>>(db =>
        db.All($"select {SqliteColumns.Attempt}, a.claim_ids from attempts a where a.organisation_id = ?1 and a.run_id = ?2 order by {SqliteColumns.AttemptOrder}",
            row => SqliteColumns.ReadAttempt(row, row.IsNull(SqliteColumns.AttemptWidth) ? null : StoredJson.ReadClaimIds(row.Span(SqliteColumns.AttemptWidth))), organisationId, runId), cancel);

    /// <inheritdoc/>
    public Task<RunFile?> FindFileAsync(string organisationId, long runId, CancellationToken cancel) => ReadAsync(db => ReadFile(db, organisationId, runId), cancel);

    /// <inheritdoc/>
    public Task<IReadOnlyList<RunFile>> ListDoubtfulFilesAsync(string organisationId, CancellationToken cancel) => ReadAsync<IReadOnlyList<RunFile>>(db =>
        db.All($"""
            select {SqliteColumns.File} from files
            where organisation_id = ?1 and state = 'publishing'
            and exists (select 1 from runs r where r.organisation_id = ?1 and r.run_id = files.run_id and r.state <> 'running' and r.in_doubt > 0)
            order by run_id
            """, SqliteColumns.ReadFile, organisationId), cancel);

    /// <inheritdoc/>
    public Task<IReadOnlyList<RunFile>> ListUnfetchedFilesAsync(string organisationId, CancellationToken cancel) => ReadAsync<IReadOnlyList<RunFile>>(db =>
        db.All($"select {SqliteColumns.File} from files where organisation_id = ?1 and state = 'available' and fetched_at is null and folder is null order by run_id", SqliteColumns.ReadFile, organisationId), cancel);

    /// <inheritdoc/>
    public async IAsyncEnumerable<ReadOnlyMemory<byte>> ReadBatchesAsync(string organisationId, long runId, [EnumeratorCancellation] CancellationToken cancel)
    {
        // A batch a transaction: none stays open while the reader sends what it got. Batches do not change.
        using var bytes = new MemoryStream();
        for (var after = 0; ;)
        {
            var batch = await ReadAsync(db => ReadNextBatch(db, organisationId, runId, after, bytes), cancel);
            if (batch == 0) yield break;
            yield return bytes.GetBuffer().AsMemory(0, (int)bytes.Length);
            after = batch;
        }
    }

    /// <summary>Puts the bytes of the next batch that has any into <paramref name="bytes"/>, and returns its number; 0 if there is none.</summary>
    private static int ReadNextBatch(SqliteSession db, string organisationId, long runId, int after, MemoryStream bytes)
    {
        using var rows = db.Query("select batch, content from batches where organisation_id = ?1 and run_id = ?2 and batch > ?3 and length(content) > 0 order by batch limit 1", organisationId, runId, after);
        if (!rows.Next()) return 0;
        Unpack(rows.Row.Span(1), bytes);
        return rows.Row.Int(0);
    }

    private static unsafe void Unpack(ReadOnlySpan<byte> content, MemoryStream bytes)
    {
        bytes.SetLength(0);
        // Nothing packs to nothing.
        if (content.IsEmpty) return;
        fixed (byte* start = content)
        {
            // The last four bytes of gzip say how long the content is: room that grew by doubling would be thrown away three times.
            bytes.Capacity = Math.Max(bytes.Capacity, BinaryPrimitives.ReadInt32LittleEndian(content[^4..]));
            using var gzip = new GZipStream(new UnmanagedMemoryStream(start, content.Length), CompressionMode.Decompress);
            gzip.CopyTo(bytes);
        }
    }

    /// <inheritdoc/>
    public Task NoteFetchedAsync(string organisationId, long runId, string actor, CancellationToken cancel) => WriteAsync(db =>
    {
        var file = ReadFile(db, organisationId, runId) ?? throw new InvalidOperationException(FormattableString.Invariant($"Run {runId} of organisation {organisationId} has no file."));
        var now = Now();
        db.Run("update files set fetched_at = ?3 where organisation_id = ?1 and run_id = ?2 and fetched_at is null", organisationId, runId, now);
        Tell(db, organisationId, now, AuditEntries.FileFetched(runId, file.Name, file.Sha256, actor));
        return true;
    }, cancel);
}
