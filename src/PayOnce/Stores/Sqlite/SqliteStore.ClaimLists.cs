using PayOnce.Claims;
using PayOnce.History;

namespace PayOnce.Stores.Sqlite;

public sealed partial class SqliteStore
{
    private const string SummaryColumns = $"c.claim_id, c.claimant_id, c.type, c.currency, c.total_minor, c.approved_at, c.export_key, {IsWaiting}, {SqliteColumns.Withdrawal}";

    /// <summary>Columns of <see cref="SummaryColumns"/>: the newest mark's begin here.</summary>
    private const int SummaryWidth = 11;

    /// <inheritdoc/>
    public Task<ListPage<ClaimSummary>> PageClaimsAsync(string organisationId, ClaimListFilter filter, ListRequest request, CancellationToken cancel) => ReadAsync(db => filter switch
    {
        { Place: ClaimPlace.Exported or ClaimPlace.Reserved, From: null, Before: null, ClaimantId: null, IdPrefix: null } => PageClaimsByRun(db, organisationId, filter.Place.Value, request),
        { IdPrefix: not null } => PageClaimsById(db, organisationId, filter, request),
        _ => PageClaimsByApproval(db, organisationId, filter, request),
    }, cancel);

    private static ListPage<ClaimSummary> PageClaimsByApproval(SqliteSession db, string organisationId, ClaimListFilter filter, ListRequest request)
    {
        var wanted = new Conditions<SqliteValue>('?', organisationId);
        const string OfWaiting = "cross join claims c on c.organisation_id = p.organisation_id and c.claim_id = p.claim_id";
        // The list that the place has by itself, in the order of approval; its own columns make the range.
        var (source, key) = filter.Place switch
        {
            ClaimPlace.Ready => ($"pending p {OfWaiting}", "p"),
            ClaimPlace.Rejected => ($"pending p indexed by pending_rejected {OfWaiting}", "p"),
            ClaimPlace.InDoubt => ("(select organisation_id, claim_id from marks where organisation_id = ?1 and in_doubt_since is not null) d cross join claims c on c.organisation_id = d.organisation_id and c.claim_id = d.claim_id", "c"),
            ClaimPlace.Withdrawn => ("claims c indexed by claims_withdrawn", "c"),
            _ => ("claims c", "c"),
        };
        if (filter.Place is ClaimPlace.Ready or ClaimPlace.Rejected) wanted.Add($"p.rejected = {(filter.Place == ClaimPlace.Rejected ? 1 : 0)}");
        if (filter.From is { } from) wanted.Add($"{key}.approved_at >= ", from);
        if (filter.Before is { } before) wanted.Add($"{key}.approved_at < ", before);
        if (filter.ClaimantId is { } claimant) wanted.Add("c.claimant_id = ", claimant);
        if (filter.Place is ClaimPlace.Exported or ClaimPlace.Reserved or ClaimPlace.Withdrawn) wanted.Add(IsAt(filter.Place.Value));
        AddPlace(wanted, request, $"{key}.approved_at", $"{key}.claim_id", descending: true);
        var direction = Direction(request, descending: true);
        return ListPage<ClaimSummary>.Cut(request, db.All($"""
            select {SummaryColumns}, {SqliteColumns.Mark} from {source} {NewestMarkOfClaim}
            where {key}.organisation_id = ?1{wanted.And} order by {key}.approved_at {direction}, {key}.claim_id {direction} limit {request.Size + 1}
            """, ReadSummary, wanted.Values), row => (Micros.Of(row.ApprovedAt), row.ClaimId));
    }

    private static ListPage<ClaimSummary> PageClaimsById(SqliteSession db, string organisationId, ClaimListFilter filter, ListRequest request)
    {
        var wanted = new Conditions<SqliteValue>('?', organisationId);
        wanted.Add("c.claim_id >= ", filter.IdPrefix);
        // Nothing that begins so comes behind the last character there is.
        wanted.Add("c.claim_id < ", filter.IdPrefix + "\U0010FFFF");
        // The plus keeps these off indexes in another order.
        if (filter.From is { } from) wanted.Add("+c.approved_at >= ", from);
        if (filter.Before is { } before) wanted.Add("+c.approved_at < ", before);
        if (filter.ClaimantId is { } claimant) wanted.Add("+c.claimant_id = ", claimant);
        if (filter.Place is { } place) wanted.Add(IsAt(place));
        if (request.At is { } at) wanted.Add($"c.claim_id {(at.Backwards ? "<" : ">")} ", at.Id);
        return ListPage<ClaimSummary>.Cut(request, db.All($"""
            select {SummaryColumns}, {SqliteColumns.Mark} from claims c {NewestMarkOfClaim}
            where c.organisation_id = ?1{wanted.And} order by c.claim_id {Direction(request, descending: false)} limit {request.Size + 1}
            """, ReadSummary, wanted.Values), row => (0, row.ClaimId));
    }

    private static string IsAt(ClaimPlace place) => place switch
    {
        ClaimPlace.Ready => "(m.state is null or m.state = 'released') and c.withdrawn_at is null",
        ClaimPlace.Reserved => "m.state = 'reserved'",
        ClaimPlace.Exported => "m.state = 'exported'",
        ClaimPlace.Rejected => "m.state = 'rejected' and c.withdrawn_at is null",
        ClaimPlace.InDoubt => "m.state = 'in_doubt'",
        ClaimPlace.Withdrawn => "c.withdrawn_at is not null",
        _ => throw new ArgumentOutOfRangeException(nameof(place), place, null),
    };

    /// <summary>
    /// Run by run and batch by batch, newest first. Runs that have no such claim are not looked into; of a batch only the claims of
    /// one page are sorted.
    /// </summary>
    private static ListPage<ClaimSummary> PageClaimsByRun(SqliteSession db, string organisationId, ClaimPlace place, ListRequest request)
    {
        var (beyond, further, direction, ids) = request.Backwards ? (">", ">=", "asc", "desc") : ("<", "<=", "desc", "asc");
        var (runId, batch) = RunPlace.Of(request.At);
        var rows = new List<(ClaimSummary Summary, long RunId, int Batch)>();
        using (var runs = db.Query($"""
            select run_id from runs where organisation_id = ?1 and {(place == ClaimPlace.Exported ? "exported > 0" : "state = 'running'")} and run_id {further} ?2 order by run_id {direction}
            """, organisationId, runId))
        {
            while (rows.Count <= request.Size && runs.Next())
            {
                var each = runs.Row.Long(0);
                rows.AddRange(db.All($"""
                    select {SummaryColumns}, {SqliteColumns.Mark}
                    from marks m indexed by marks_run cross join claims c on c.organisation_id = m.organisation_id and c.claim_id = m.claim_id
                    where m.organisation_id = ?1 and m.run_id = ?2 and {IsAt(place)}
                    and (?2 <> ?3 or m.batch {beyond} ?4 or (m.batch = ?4 and m.claim_id {(request.Backwards ? "<" : ">")} ?5))
                    and not exists (select 1 from marks n where n.organisation_id = m.organisation_id and n.claim_id = m.claim_id and n.generation > m.generation)
                    order by m.batch {direction}, m.claim_id {ids} limit ?6
                    """, row => (ReadSummary(row), each, row.Int(SummaryWidth + 6)), organisationId, each, runId, batch, request.At?.Id ?? "", request.Size + 1 - rows.Count));
            }
        }
        var page = ListPage<(ClaimSummary Summary, long RunId, int Batch)>.Cut(request, rows, row => (RunPlace.Number(row.RunId, row.Batch), row.Summary.ClaimId));
        return new([.. page.Rows.Select(row => row.Summary)], page.Previous, page.Next);
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<ClaimRecord>> ListRecentClaimsAsync(string organisationId, int size, CancellationToken cancel) => ReadAsync<IReadOnlyList<ClaimRecord>>(db =>
        db.All($"select {SqliteColumns.Claim} from claims c where c.organisation_id = ?1 and c.erased_at is null order by c.approved_at desc, c.claim_id desc limit ?2", SqliteClaimReader.ReadOne, organisationId, size), cancel);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<BatchTry>> ListClaimTriesAsync(string organisationId, string claimId, CancellationToken cancel) =>
        [.. Tries.Of((await FindClaimAsync(organisationId, claimId, cancel))?.Attempts ?? []).Take(ListRequest.MostRows)];

    /// <inheritdoc/>
    public Task<ListPage<DoubtRow>> PageDoubtsAsync(string organisationId, ListRequest request, CancellationToken cancel) => ReadAsync(db =>
    {
        var wanted = new Conditions<SqliteValue>('?', organisationId);
        AddPlace(wanted, request, "m.in_doubt_since", "m.claim_id", descending: false);
        var direction = Direction(request, descending: false);
        return ListPage<DoubtRow>.Cut(request, db.All($"""
            select m.claim_id, m.generation, m.export_key, m.run_id, m.batch, c.claimant_id, c.currency, c.total_minor, m.in_doubt_since, m.absent_since, m.reason, m.attempt
            from marks m indexed by marks_by_doubt cross join claims c on c.organisation_id = m.organisation_id and c.claim_id = m.claim_id
            where m.organisation_id = ?1 and m.in_doubt_since is not null{wanted.And} order by m.in_doubt_since {direction}, m.claim_id {direction} limit {request.Size + 1}
            """, row => new DoubtRow(row.Text(0), row.Int(1), row.Int(11), row.Text(2), row.Long(3), row.Int(4), row.Text(5), row.Text(6), row.Long(7), row.Time(8), row.TimeOrNull(9), row.TextOrNull(10),
                LastTry(db, organisationId, row.Long(3), row.Int(4))), wanted.Values), row => (Micros.Of(row.Since), row.ClaimId));
    }, cancel);

    private static BatchTry? LastTry(SqliteSession db, string organisationId, long runId, int batch) => db.First($"""
        select a.try, (select b.claims from batches b where b.organisation_id = ?1 and b.run_id = ?2 and b.batch = ?3), {TryColumns}
        from attempts a where a.organisation_id = ?1 and a.run_id = ?2 and a.batch = ?3 group by a.try order by a.try desc limit 1
        """, row => ReadTry(row, runId, batch, 0), organisationId, runId, batch);
}
