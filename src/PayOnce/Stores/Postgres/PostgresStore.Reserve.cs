using System.Security.Cryptography;
using Npgsql;
using PayOnce.Audit;
using PayOnce.Exporters;
using PayOnce.Runs;

namespace PayOnce.Stores.Postgres;

public sealed partial class PostgresStore
{
    private static readonly RenderedBatch NothingRendered = new(ReadOnlyMemory<byte>.Empty, 0, 0, [], []);

    private readonly System.Collections.Concurrent.ConcurrentStack<ReservePage> freePages = new();

    // The last run that met a mark where it looked for none. Only a hint, so a race over it is harmless.
    private volatile Lease? leaseWithMarks;

    public Task<RunCounters?> CountScopeAsync(Lease lease, ClaimScope scope, CancellationToken cancel) =>
        StepAsync<RunCounters?>(lease.OrganisationId, async work =>
        {
            await using (var lock_ = await work.ReadAsync(LeaseStatements.Share(lease)))
                if (!await lock_.ReadAsync(cancel)) return null;
            var (waiting, all) = (await work.ListAsync(reader => (reader.GetInt64(0), reader.GetInt64(1)), ScopeStatements.Count(lease.OrganisationId, scope)))[0];
            var counters = (await work.ListAsync(reader => Columns.ReadCounters(reader, 0), Sql.Of(
                $"update payonce.runs r set candidates = $3, skipped_duplicates = $4 where organisation_id = $1 and run_id = $2 returning {Columns.Counters}",
                lease.OrganisationId, lease.RunId, Math.Min(waiting, scope.Limit ?? long.MaxValue), Math.Max(0, all - waiting)))).Single();
            work.ProvedBy(() => Sql.Of(
                "select 1 from payonce.runs where organisation_id = $1 and run_id = $2 and candidates = $3 and skipped_duplicates = $4",
                lease.OrganisationId, lease.RunId, counters.Candidates, counters.SkippedDuplicates));
            return counters;
        }, cancel);

    public Task<PageCursor?> FindPageEndAsync(string organisationId, ClaimScope scope, PageCursor? after, int size, CancellationToken cancel) =>
        AskFirstAsync(organisationId, reader => new PageCursor(reader.Time(0), reader.GetString(1)), cancel, Sql.Of(
            $"select e.approved_at, e.claim_id from ({PendingStatements.Page(scope)}) e order by e.approved_at, e.claim_id limit 1 offset $7",
            [.. PendingStatements.Values(organisationId, scope, after, size), size - 1]));

    public async Task<ReserveAnswer> ReserveAsync(Lease lease, ReserveRequest request, Func<int, IReadOnlyList<ReservedClaim>, RenderedBatch> render, CancellationToken cancel)
    {
        if (!freePages.TryPop(out var page)) page = new ReservePage();
        ReserveAnswer answer;
        try
        {
            answer = await ReserveAsync(lease, request, render, page, cancel);
        }
        finally
        {
            page.Clear();
            freePages.Push(page);
        }
        // The first batch is the first the tables know of this size of work.
        if (request.Batch == 1 && answer is ReserveAnswer.Reserved) await AnalyseAsync(lease.OrganisationId);
        return answer;
    }

    private async Task<ReserveAnswer> ReserveAsync(Lease lease, ReserveRequest request, Func<int, IReadOnlyList<ReservedClaim>, RenderedBatch> render, ReservePage page, CancellationToken cancel)
    {
        if (!ReferenceEquals(leaseWithMarks, lease))
        {
            if (await StepAsync(lease.OrganisationId, work => ReserveAsync(work, lease, request, render, page, ReserveWay.Fresh), cancel) is { } answer) return answer;
            // Where one claim has a mark there are mostly more: claims that were rejected or rolled back go together.
            leaseWithMarks = lease;
        }
        return await StepAsync(lease.OrganisationId, work => ReserveAsync(work, lease, request, render, page, ReserveWay.TakeAgain), cancel)
            ?? throw new InvalidOperationException($"Batch {request.Batch} of run {lease.RunId} was neither reserved nor refused.");
    }

    /// <summary>Null, with nothing changed: a claim of the page has a mark, and the page must be reserved by <see cref="ReserveWay.TakeAgain"/>.</summary>
    private static async Task<ReserveAnswer?> ReserveAsync(
        PostgresTransaction work, Lease lease, ReserveRequest request, Func<int, IReadOnlyList<ReservedClaim>, RenderedBatch> render, ReservePage page, ReserveWay way)
    {
        switch (await TakePageAsync(work, lease, request, page, way))
        {
            case PageAnswer.FencedOff: return new ReserveAnswer.FencedOff();
            case PageAnswer.HasMarks: return null;
        }
        if (page.Batches.Count == 0) return new ReserveAnswer.NothingLeft();

        var duplicates = page.Duplicates.Count == 0 ? [] : await work.ListAsync(Columns.ReadHeld, ReserveStatements.Held(lease.OrganisationId, page.Duplicates));
        var (reserved, rejections, keep, told) = Render(lease, page, render);

        // The head last, and the run's counters just before it: whichever locks them holds up the other batch until it has committed.
        var (head, at) = await work.LockHeadAsync(
        [
            .. keep,
            .. request.LastVoucher is { } last ? new[] { FileStatements.RaiseVoucher(lease, last) } : [],
            .. ReserveStatements.Sums(lease, page, rejections),
            ReserveStatements.Count(lease, page.Batches.Sum(batch => batch.Claims.Count), rejections.Count, page.Duplicates.Count),
        ]);
        await work.AppendAsync(head, at, told);
        return new ReserveAnswer.Reserved(reserved, rejections, duplicates);
    }

    /// <summary>Renders the page's batches, with the statements that keep them and the events that tell them.</summary>
    private static (List<ReservedBatch> Reserved, List<ClaimRejection> Rejections, List<NpgsqlBatchCommand> Keep, List<AuditEntry> Told) Render(
        Lease lease, ReservePage page, Func<int, IReadOnlyList<ReservedClaim>, RenderedBatch> render)
    {
        var (reserved, rejections, keep, told) = (new List<ReservedBatch>(page.Batches.Count), new List<ClaimRejection>(), new List<NpgsqlBatchCommand>(), new List<AuditEntry>(page.Batches.Count));
        // The page's room for what is kept holds one batch at a time; of several, which are small, each is copied out of it.
        ReadOnlyMemory<byte> Out(ReadOnlyMemory<byte> room) => page.Batches.Count == 1 ? room : room.ToArray();
        foreach (var batch in page.Batches)
        {
            var rendered = batch.Claims.Count == 0 ? NothingRendered : render(batch.Number, batch.Claims);
            var sha256 = Convert.ToHexStringLower(SHA256.HashData(rendered.Bytes.Span));
            if (batch.Claims.Count > 0)
            {
                reserved.Add(new ReservedBatch(batch.Number, rendered));
                keep.Add(ReserveStatements.KeepBytes(lease, batch.Number, rendered, sha256, Out(page.Compress(rendered.Bytes))));
                keep.Add(ReserveStatements.KeepAttempt(lease, batch.Number, Out(page.ClaimIds(batch.Claims)), Sql.Rejections(rendered.Rejections), sha256));
            }
            rejections.AddRange(rendered.Rejections);
            told.Add(AuditEntries.BatchReserved(lease, batch.Number, rendered.Claims, rendered.Rejections.Count, batch.Duplicates, sha256, rendered.ControlTotals));
        }
        keep.AddRange(ReserveStatements.Reject(lease, page.Batches, rejections));
        return (reserved, rejections, keep, told);
    }

    private static async Task<PageAnswer> TakePageAsync(PostgresTransaction work, Lease lease, ReserveRequest request, ReservePage page, ReserveWay way)
    {
        do
        {
            page.Clear();
            try
            {
                await using var reader = await work.ReadAsync([LeaseStatements.Share(lease), .. ReserveStatements.PlanForManyRows(), ReserveStatements.Take(lease, request, way)]);
                if (!await reader.ReadAsync(work.Cancel)) return PageAnswer.FencedOff;
                await reader.NextResultAsync(work.Cancel);
                while (await reader.ReadAsync(work.Cancel)) page.Read(reader);
            }
            catch (PostgresException fault) when (way == ReserveWay.Fresh && fault.SqlState == PostgresErrorCodes.UniqueViolation)
            {
                return PageAnswer.HasMarks;
            }
            // A further generation has its mark before it waits. Without it the row is a stray one, which the other way leaves alone.
            if (way == ReserveWay.Fresh && page.Batches.Exists(batch => batch.Claims.Exists(claim => claim.Generation > 0))) return PageAnswer.HasMarks;
        }
        while (page.Batches.Count == 0 && await work.AnyAsync(ReserveStatements.AnyLeft(lease, request)));
        return PageAnswer.Taken;
    }

    private enum PageAnswer
    {
        Taken,
        FencedOff,
        HasMarks,
    }
}
