using System.IO.Compression;
using System.Runtime.CompilerServices;
using PayOnce.Audit;
using PayOnce.Runs;

namespace PayOnce.Stores.Postgres;

// What is asked of runs, their register, their files and the trail.
public sealed partial class PostgresStore
{
    private const string StepOrder = "case a.step when 'reserved' then 0 when 'started' then 1 else 2 end";
    private const int EventsAtOnce = 500;

    public async Task<IReadOnlyList<Run>> ListRunsAsync(string organisationId, long? before, int size, CancellationToken cancel) =>
        await AskListAsync(organisationId, Columns.ReadRun, cancel, Sql.Of(
            $"select {Columns.Run} from payonce.runs r where r.organisation_id = $1 and r.run_id < $2 order by r.run_id desc limit $3",
            organisationId, before ?? long.MaxValue, size));

    public Task<Run?> FindRunAsync(string organisationId, long runId, CancellationToken cancel) =>
        AskFirstAsync(organisationId, Columns.ReadRun, cancel, Sql.Of(
            $"select {Columns.Run} from payonce.runs r where r.organisation_id = $1 and r.run_id = $2", organisationId, runId));

    public async Task<IReadOnlyList<Guard.Mark>> ListRunMarksAsync(string organisationId, long runId, string? afterClaimId, int size, CancellationToken cancel) =>
        await AskListAsync(organisationId, Columns.ReadMark, cancel, Sql.Of(
            $"select {Columns.Mark} from payonce.marks m where m.organisation_id = $1 and m.run_id = $2 and m.claim_id > $3 order by m.claim_id, m.generation limit $4",
            organisationId, runId, afterClaimId ?? "", size));

    public async Task<IReadOnlyList<ClaimRejection>> ListRunRejectionsAsync(string organisationId, long runId, CancellationToken cancel) =>
        (await AskListAsync(organisationId, reader => StoredJson.ReadRejections(reader.GetFieldValue<byte[]>(0)), cancel, Sql.Of(
            "select a.rejections from payonce.attempts a where a.organisation_id = $1 and a.run_id = $2 and a.rejections is not null order by a.batch, a.try",
            organisationId, runId))).SelectMany(batch => batch).ToList();

    /// <summary>A claim is this run's duplicate if the newest of its marks up to this run is an earlier run's and holds it.</summary>
    public async Task<IReadOnlyList<HeldClaim>> ListRunDuplicatesAsync(string organisationId, long runId, string? afterClaimId, int size, CancellationToken cancel) =>
        await AskListAsync(organisationId, Columns.ReadHeld, cancel, Sql.Of(
            """
            select c.claim_id, m.generation, m.state, m.run_id
            from payonce.runs r
            join payonce.claims c on c.organisation_id = $1
                 and (r.scope_from is null or c.approved_at >= r.scope_from) and (r.scope_before is null or c.approved_at < r.scope_before)
                 and (r.scope_claim_id is null or c.claim_id = r.scope_claim_id)
            cross join lateral (
                select m.generation, m.state, m.run_id from payonce.marks m
                where m.organisation_id = $1 and m.claim_id = c.claim_id and m.run_id between 1 and $2 order by m.generation desc limit 1) m
            where r.organisation_id = $1 and r.run_id = $2 and r.trigger <> 'adopt' and c.claim_id > $3 and m.run_id < $2 and m.state not in ('rejected', 'released')
            order by c.claim_id
            limit $4
            """,
            organisationId, runId, afterClaimId ?? "", size));

    public async Task<IReadOnlyList<Attempt>> ListAttemptsAsync(string organisationId, long runId, CancellationToken cancel) =>
        await AskListAsync(organisationId, Columns.ReadAttempt, cancel, Sql.Of(
            $"""
            select a.run_id, a.batch, a.try, a.step, a.epoch, a.claim_ids, a.bytes_hash, a.outcome, a.http_status, a.error, a.at
            from payonce.attempts a where a.organisation_id = $1 and a.run_id = $2 order by a.batch, a.try, {StepOrder}
            """, organisationId, runId));

    public Task<RunFile?> FindFileAsync(string organisationId, long runId, CancellationToken cancel) =>
        AskFirstAsync(organisationId, Columns.ReadFile, cancel, FileStatements.Find(organisationId, runId));

    public async Task<IReadOnlyList<RunFile>> ListDoubtfulFilesAsync(string organisationId, CancellationToken cancel) =>
        await AskListAsync(organisationId, Columns.ReadFile, cancel, Sql.Of(
            $"""
            select {Columns.File} from payonce.files f
            where f.organisation_id = $1 and f.state = 'publishing'
            and exists (select 1 from payonce.runs r where r.organisation_id = $1 and r.run_id = f.run_id and r.state <> 'running' and r.in_doubt > 0)
            order by f.run_id
            """,
            organisationId));

    public async Task<IReadOnlyList<RunFile>> ListUnfetchedFilesAsync(string organisationId, CancellationToken cancel) =>
        await AskListAsync(organisationId, Columns.ReadFile, cancel, Sql.Of(
            $"select {Columns.File} from payonce.files f where f.organisation_id = $1 and f.state = 'available' and f.fetched_at is null and f.folder is null order by f.run_id",
            organisationId));

    public async IAsyncEnumerable<ReadOnlyMemory<byte>> ReadBatchesAsync(string organisationId, long runId, [EnumeratorCancellation] CancellationToken cancel)
    {
        // One batch a question: a slow reader keeps neither a connection nor a snapshot.
        using var bytes = new MemoryStream();
        using var stored = new MemoryStream();
        for (var batch = 0; ;)
        {
            stored.SetLength(0);
            batch = await AskFirstAsync(organisationId, reader =>
            {
                var number = reader.GetInt32(0);
                using var content = reader.GetStream(1);
                content.CopyTo(stored);
                return number;
            }, cancel, Sql.Of(
                "select b.batch, b.content from payonce.batches b where b.organisation_id = $1 and b.run_id = $2 and b.batch > $3 and b.claims > 0 and length(b.content) > 0 order by b.batch limit 1",
                organisationId, runId, batch));
            if (batch == 0) yield break;
            stored.Position = 0;
            bytes.SetLength(0);
            using (var gzip = new GZipStream(stored, CompressionMode.Decompress, leaveOpen: true)) gzip.CopyTo(bytes);
            if (bytes.Length > 0) yield return bytes.GetBuffer().AsMemory(0, (int)bytes.Length);
        }
    }

    public async IAsyncEnumerable<AuditEvent> ReadAuditAsync(string organisationId, long afterSequence, [EnumeratorCancellation] CancellationToken cancel)
    {
        while (true)
        {
            var events = await AskListAsync(
                organisationId,
                reader => new AuditEvent(organisationId, reader.GetInt64(0), reader.Time(1), reader.GetString(2), reader.GetString(3), reader.GetString(4), reader.GetString(5), reader.GetString(6), reader.GetString(7)),
                cancel,
                Sql.Of(
                    """
                    select e.sequence, e.at, e.actor, e.action, e.subject, e.details, e.previous_hash, e.hash
                    from payonce.audit_events e where e.organisation_id = $1 and e.sequence > $2 order by e.sequence limit $3
                    """, organisationId, afterSequence, EventsAtOnce));
            foreach (var each in events) yield return each;
            if (events.Count < EventsAtOnce) yield break;
            afterSequence = events[^1].Sequence;
        }
    }

    public async Task<AuditHead> GetAuditHeadAsync(string organisationId, CancellationToken cancel) =>
        await AskFirstAsync(organisationId, reader => new AuditHead(reader.GetInt64(0), reader.GetString(1)), cancel, Sql.Of(
            "select sequence, hash from payonce.audit_heads where organisation_id = $1", organisationId)) ?? AuditHead.Start;
}
