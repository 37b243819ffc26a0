using Npgsql;
using PayOnce.Claims;
using PayOnce.Guard;
using PayOnce.History;
using PayOnce.Runs;

namespace PayOnce.Stores.Postgres;

public sealed partial class PostgresStore
{
    /// <summary>
    /// Whether a claim waits is a value and no condition: the planner would read the whole work list for an <c>exists</c>, since it
    /// does not know that a page is all that is asked for. A value with a limit is one probe a row.
    /// </summary>
    private const string SummaryColumns =
        """
        c.claim_id, c.claimant_id, c.type, c.currency, c.total_minor, c.approved_at, c.export_key,
        coalesce((select true from payonce.pending w where w.organisation_id = $1 and w.approved_at = c.approved_at and w.claim_id = c.claim_id limit 1), false),
        c.withdrawn_at, c.withdrawn_by, c.withdrawn_reason
        """;

    /// <summary>Columns of <see cref="SummaryColumns"/>: the newest mark's begin here.</summary>
    private const int SummaryWidth = 11;

    public Task<ListPage<ClaimSummary>> PageClaimsAsync(string organisationId, ClaimListFilter filter, ListRequest request, CancellationToken cancel) => filter switch
    {
        { Place: ClaimPlace.Exported or ClaimPlace.Reserved, From: null, Before: null, ClaimantId: null, IdPrefix: null } => PageClaimsByRunAsync(organisationId, filter.Place.Value, request, cancel),
        { IdPrefix: not null } => PageClaimsByIdAsync(organisationId, filter, request, cancel),
        _ => PageClaimsByApprovalAsync(organisationId, filter, request, cancel),
    };

    private async Task<ListPage<ClaimSummary>> PageClaimsByApprovalAsync(string organisationId, ClaimListFilter filter, ListRequest request, CancellationToken cancel)
    {
        var wanted = new Conditions<object?>('$', organisationId);
        // The list that the place has by itself, in the order of approval; its own columns make the range.
        var (source, key) = filter.Place switch
        {
            ClaimPlace.Ready => (WaitingClaims("not p.rejected"), "p"),
            ClaimPlace.Rejected => (WaitingClaims("p.rejected"), "p"),
            ClaimPlace.InDoubt => (
                """
                (select m.claim_id from payonce.marks m where m.organisation_id = $1 and m.in_doubt_since is not null) d
                cross join lateral (select * from payonce.claims c where c.organisation_id = $1 and c.claim_id = d.claim_id limit 1) c
                """, "c"),
            // As a part of its own, since the planner would rather filter all claims by their approval.
            ClaimPlace.Withdrawn => ("(select * from payonce.claims c where c.organisation_id = $1 and c.withdrawn_at is not null) c", "c"),
            _ => ("payonce.claims c", "c"),
        };
        if (filter.Place is null or ClaimPlace.Exported or ClaimPlace.Reserved) wanted.Add("c.organisation_id = $1");
        if (filter.From is { } from) wanted.Add($"{key}.approved_at >= ", from);
        if (filter.Before is { } before) wanted.Add($"{key}.approved_at < ", before);
        if (filter.ClaimantId is { } claimant) wanted.Add("c.claimant_id = ", claimant);
        if (filter.Place is ClaimPlace.Exported or ClaimPlace.Reserved) wanted.Add("m.state = ", filter.Place == ClaimPlace.Exported ? "exported" : "reserved");
        AddPlace(wanted, request, $"{key}.approved_at", $"{key}.claim_id", descending: true);
        var direction = Direction(request, descending: true);
        return Cut(request, await AskListAsync(organisationId, ReadSummary, cancel, Sql.Of(
            $"""
            select {SummaryColumns}, {Columns.Mark} from {source} {NewestMark}
            where true{wanted.And} order by {key}.approved_at {direction}, {key}.claim_id {direction} limit {request.Size + 1}
            """, wanted.Values)));
    }

    // By approval, where neighbours lie together.
    private static string WaitingClaims(string which) =>
        $"""
        (select * from payonce.pending p where p.organisation_id = $1 and {which}) p
        cross join lateral (select * from payonce.claims c where c.organisation_id = $1 and c.approved_at = p.approved_at and c.claim_id = p.claim_id limit 1) c
        """;

    private async Task<ListPage<ClaimSummary>> PageClaimsByIdAsync(string organisationId, ClaimListFilter filter, ListRequest request, CancellationToken cancel)
    {
        var wanted = new Conditions<object?>('$', organisationId);
        wanted.Add("c.claim_id >= ", filter.IdPrefix);
        // Nothing that begins so comes behind the last character there is.
        wanted.Add("c.claim_id < ", filter.IdPrefix + "\U0010FFFF");
        if (filter.From is { } from) wanted.Add("c.approved_at >= ", from);
        if (filter.Before is { } before) wanted.Add("c.approved_at < ", before);
        if (filter.ClaimantId is { } claimant) wanted.Add("c.claimant_id = ", claimant);
        if (filter.Place is { } place) wanted.Add(IsAt(place));
        if (request.At is { } at) wanted.Add($"c.claim_id {(at.Backwards ? "<" : ">")} ", at.Id);
        var direction = Direction(request, descending: false);
        var rows = await AskListAsync(organisationId, ReadSummary, cancel, Sql.Of(
            $"""
            select {SummaryColumns}, {Columns.Mark} from payonce.claims c {NewestMark}
            where c.organisation_id = $1{wanted.And} order by c.claim_id {direction} limit {request.Size + 1}
            """, wanted.Values));
        return ListPage<ClaimSummary>.Cut(request, rows, row => (0, row.ClaimId));
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
    /// one page are looked at: the batch is sorted first (<c>offset 0</c> keeps the planner from looking at all of it before).
    /// </summary>
    private async Task<ListPage<ClaimSummary>> PageClaimsByRunAsync(string organisationId, ClaimPlace place, ListRequest request, CancellationToken cancel)
    {
        var (beyond, further, direction, runs) = request.Backwards ? (">", ">=", "asc", "asc") : ("<", "<=", "desc", "desc");
        var ids = request.Backwards ? "desc" : "asc";
        var (runId, batch) = RunPlace.Of(request.At);
        // Without the hint the planner sorts all runs for the sake of the first few.
        var rows = await AskAsync(organisationId, async reader =>
        {
            await reader.NextResultAsync(cancel);
            return await reader.ListAsync(row => (Summary: ReadSummary(row), RunId: row.GetInt64(SummaryWidth + MarkWidth), Batch: row.GetInt32(SummaryWidth + MarkWidth + 1)), cancel);
        }, cancel, ReconcileStatements.ByKey(), Sql.Of(
            $"""
            select {SummaryColumns}, {Columns.Mark}, m.run_id, m.batch
            from (
                select r.run_id from payonce.runs r
                where r.organisation_id = $1 and {(place == ClaimPlace.Exported ? "r.exported > 0" : "r.state = 'running'")} and r.run_id {further} $2
                order by r.run_id {runs}) r
            cross join lateral (
                select * from (
                    select * from payonce.marks m
                    where m.organisation_id = $1 and m.run_id = r.run_id and m.state = $6
                          and (r.run_id <> $2 or m.batch {beyond} $3 or (m.batch = $3 and m.claim_id {(request.Backwards ? "<" : ">")} $4))
                    order by m.batch {direction}, m.claim_id {ids} offset 0) m
                where exists (select 1 from payonce.claims k where k.organisation_id = $1 and k.claim_id = m.claim_id)
                      and not exists (select 1 from payonce.marks n where n.organisation_id = $1 and n.claim_id = m.claim_id and n.generation > m.generation)
                order by m.batch {direction}, m.claim_id {ids} limit $5) m
            cross join lateral (select * from payonce.claims c where c.organisation_id = $1 and c.claim_id = m.claim_id limit 1) c
            order by r.run_id {runs}, m.batch {direction}, m.claim_id {ids} limit $5
            """, organisationId, runId, batch, request.At?.Id ?? "", request.Size + 1, place == ClaimPlace.Exported ? "exported" : "reserved"));
        var page = ListPage<(ClaimSummary Summary, long RunId, int Batch)>.Cut(request, rows, row => (RunPlace.Number(row.RunId, row.Batch), row.Summary.ClaimId));
        return new([.. page.Rows.Select(row => row.Summary)], page.Previous, page.Next);
    }

    public async Task<IReadOnlyList<ClaimRecord>> ListRecentClaimsAsync(string organisationId, int size, CancellationToken cancel) =>
        await AskListAsync(organisationId, Columns.ReadClaim, cancel, Sql.Of(
            $"select {Columns.Claim} from payonce.claims c where c.organisation_id = $1 and c.erased_at is null order by c.approved_at desc, c.claim_id desc limit $2", organisationId, size));

    public async Task<IReadOnlyList<BatchTry>> ListClaimTriesAsync(string organisationId, string claimId, CancellationToken cancel) =>
        [.. Tries.Of((await FindClaimAsync(organisationId, claimId, cancel))?.Attempts ?? []).Take(ListRequest.MostRows)];

    public async Task<ListPage<DoubtRow>> PageDoubtsAsync(string organisationId, ListRequest request, CancellationToken cancel)
    {
        var wanted = new Conditions<object?>('$', organisationId);
        AddPlace(wanted, request, "m.in_doubt_since", "m.claim_id", descending: false);
        var direction = Direction(request, descending: false);
        var rows = await AskListAsync(organisationId, ReadDoubtRow, cancel, Sql.Of(
            $"""
            select m.claim_id, m.generation, m.export_key, m.run_id, m.batch, c.claimant_id, c.currency, c.total_minor, m.in_doubt_since, m.absent_since, m.reason,
                   a.try, b.claims, a.bytes_hash, a.reserved_at, a.started_at, a.finished_at, a.outcome, a.http_status, a.error, m.attempt
            from (
                select * from payonce.marks m where m.organisation_id = $1 and m.in_doubt_since is not null{wanted.And}
                order by m.in_doubt_since {direction}, m.claim_id {direction} limit {request.Size + 1}) m
            cross join lateral (select c.claimant_id, c.currency, c.total_minor from payonce.claims c where c.organisation_id = $1 and c.claim_id = m.claim_id limit 1) c
            left join lateral (
                select a.try, {TryColumns} from payonce.attempts a
                where a.organisation_id = $1 and a.run_id = m.run_id and a.batch = m.batch group by a.try order by a.try desc limit 1) a on true
            left join payonce.batches b on b.organisation_id = $1 and b.run_id = m.run_id and b.batch = m.batch
            order by m.in_doubt_since {direction}, m.claim_id {direction}
            """, wanted.Values));
        return ListPage<DoubtRow>.Cut(request, rows, row => (Micros.Of(row.Since), row.ClaimId));
    }

    private static DoubtRow ReadDoubtRow(NpgsqlDataReader row) => new(
        row.GetString(0), row.GetInt32(1), row.GetInt32(20), row.GetString(2), row.GetInt64(3), row.GetInt32(4), row.GetString(5), row.GetString(6), row.GetInt64(7), row.Time(8), row.TimeOrNull(9), row.Text(10),
        row.IsDBNull(11)
            ? null
            : new BatchTry(
                row.GetInt64(3), row.GetInt32(4), row.GetInt32(11), row.Integer(12), row.Text(13), row.TimeOrNull(14), row.TimeOrNull(15), row.TimeOrNull(16),
                row.Text(17) is { } outcome ? AttemptTexts.Outcome(outcome) : null, row.Integer(18), row.Text(19)));

    private static ClaimSummary ReadSummary(NpgsqlDataReader row) => new(
        row.GetString(0), row.GetString(1), row.GetString(2), row.GetString(3), row.GetInt64(4), row.Time(5), row.GetString(6), row.IsDBNull(SummaryWidth) ? null : Columns.ReadMark(row, SummaryWidth), row.GetBoolean(7))
    {
        Withdrawal = Columns.ReadWithdrawal(row, 8),
    };

    private static ListPage<ClaimSummary> Cut(ListRequest request, List<ClaimSummary> rows) => ListPage<ClaimSummary>.Cut(request, rows, row => (Micros.Of(row.ApprovedAt), row.ClaimId));
}
