using System.Globalization;
using PayOnce.Guard;
using PayOnce.History;
using PayOnce.Runs;

namespace PayOnce.Stores.Sqlite;

public sealed partial class SqliteStore
{
    /// <inheritdoc/>
    public Task<RunsPage> PageRunsAsync(string organisationId, RunFilter filter, ListRequest request, CancellationToken cancel) => ReadAsync(db =>
    {
        var wanted = new Conditions<SqliteValue>('?', organisationId);
        if (filter.From is { } from) wanted.Add("r.started_at >= ", from);
        if (filter.Before is { } before) wanted.Add("r.started_at < ", before);
        filter.AddTo<SqliteValue>(wanted, text => text);
        var total = filter.IsAny
            ? new RowCount(db.Number("select last_run_id from run_leases where organisation_id = ?1", organisationId), More: false)
            : RowCount.OfList(db.Number($"select count(*) from (select 1 from runs r where r.organisation_id = ?1{wanted.And} limit {RowCount.MostInList + 1})", wanted.Values));
        if (request.At is { } at) wanted.Add($"r.run_id {(at.Backwards ? ">" : "<")} ", at.Number);
        var runs = db.All($"select {SqliteColumns.Run} from runs r where r.organisation_id = ?1{wanted.And} order by r.run_id {Direction(request, descending: true)} limit {request.Size + 1}",
            SqliteColumns.ReadRun, wanted.Values);
        return new RunsPage(ListPage<RunRow>.Cut(request, runs.ConvertAll(run => ReadRunRow(db, organisationId, run)), row => (row.Run.RunId, "")), total);
    }, cancel);

    /// <inheritdoc/>
    public Task<RunRow?> FindRunRowAsync(string organisationId, long runId, CancellationToken cancel) =>
        ReadAsync(db => ReadRun(db, organisationId, runId) is { } run ? ReadRunRow(db, organisationId, run) : null, cancel);

    /// <inheritdoc/>
    public async Task<ListPage<RunClaim>> PageRunClaimsAsync(string organisationId, long runId, RunClaims which, ListRequest request, CancellationToken cancel)
    {
        if (await FindRunAsync(organisationId, runId, cancel) is not { } run || RunClaimsWalk.HasNone(run, which)) return new([], null, null);
        if (which == RunClaims.InDoubt) return await PageRunDoubtsAsync(organisationId, runId, request, cancel);
        // By their own index: one rejected claim in the last of ten thousand batches is found without the others.
        const string WithRejections = "and batch in (select e.batch from attempts e where e.organisation_id = ?1 and e.run_id = ?2 and e.rejections is not null)";
        return await new RunClaimsWalk(runId, which, request,
            (from, backwards, atOnce) => ReadAsync<IReadOnlyList<RegisteredBatch>>(db => db.All($"""
                select batch, claim_ids from attempts
                where organisation_id = ?1 and run_id = ?2 and batch {(backwards ? "<=" : ">=")} ?3 and try = 1 and step = 'reserved' and claim_ids is not null
                {(which == RunClaims.Rejected ? WithRejections : "")}
                order by batch {(backwards ? "desc" : "asc")} limit ?4
                """, row => new RegisteredBatch(row.Int(0), StoredJson.ReadClaimIds(row.Span(1))), organisationId, runId, from, atOnce), cancel),
            (from, backwards, atOnce) => ReadAsync<IReadOnlyList<RegisteredClaim>>(db => db.All($"""
                select {SqliteColumns.Mark}, c.claimant_id, c.currency, c.total_minor
                from marks m left join claims c on c.organisation_id = m.organisation_id and c.claim_id = m.claim_id
                where m.organisation_id = ?1 and m.run_id = ?2 and m.batch = 0 and m.run_id > 0 and {(from is null ? "?3 is null" : backwards ? "m.claim_id < ?3" : "m.claim_id > ?3")}
                order by m.claim_id {(backwards ? "desc" : "asc")} limit ?4
                """, row => new RegisteredClaim(row.Text(0), SqliteColumns.ReadMark(row), row.TextOrNull(MarkWidth), row.TextOrNull(MarkWidth + 1), row.LongOrNull(MarkWidth + 2)),
                organisationId, runId, from, atOnce), cancel),
            ids => ReadAsync<IReadOnlyList<RegisteredClaim>>(db => [.. ids.Select(id => LookAt(db, organisationId, runId, id))], cancel),
            batch => ReadAsync<IReadOnlyList<ClaimRejection>>(db => ReadRejections(db, organisationId, runId, batch), cancel)).PageAsync();
    }

    private const int MarkWidth = 13;

    private static RegisteredClaim LookAt(SqliteSession db, string organisationId, long runId, string claimId)
    {
        var mark = db.First($"select {SqliteColumns.Mark} from marks m where m.organisation_id = ?1 and m.claim_id = ?2 order by m.run_id = ?3 desc, m.generation desc limit 1",
            SqliteColumns.ReadMark, organisationId, claimId, runId);
        return db.First("select claimant_id, currency, total_minor from claims where organisation_id = ?1 and claim_id = ?2",
                row => new RegisteredClaim(claimId, mark, row.Text(0), row.Text(1), row.Long(2)), organisationId, claimId)
            ?? new RegisteredClaim(claimId, mark, null, null, null);
    }

    private static List<ClaimRejection> ReadRejections(SqliteSession db, string organisationId, long runId, int batch)
    {
        var rejections = new List<ClaimRejection>();
        using var rows = db.Query("select rejections from attempts where organisation_id = ?1 and run_id = ?2 and batch = ?3 and rejections is not null order by try", organisationId, runId, batch);
        while (rows.Next()) rejections.AddRange(StoredJson.ReadRejections(rows.Row.Span(0)));
        return rejections;
    }

    /// <summary>By way of the index over claims in doubt: few, where the register may name a million.</summary>
    private Task<ListPage<RunClaim>> PageRunDoubtsAsync(string organisationId, long runId, ListRequest request, CancellationToken cancel) => ReadAsync(db =>
    {
        var direction = Direction(request, descending: false);
        return ListPage<RunClaim>.Cut(request, db.All($"""
            select {SqliteColumns.Mark}, c.claimant_id, c.currency, c.total_minor
            from marks m indexed by marks_by_doubt left join claims c on c.organisation_id = m.organisation_id and c.claim_id = m.claim_id
            where m.organisation_id = ?1 and m.in_doubt_since is not null and m.run_id = ?2 and (m.batch, m.claim_id) {(request.Backwards ? "<" : ">")} (?3, ?4)
            order by m.batch {direction}, m.claim_id {direction} limit ?5
            """, ReadDoubt, organisationId, runId, request.At?.Number ?? -1, request.At?.Id ?? "", request.Size + 1), claim => claim.Place);

        static RunClaim ReadDoubt(SqliteStatement row)
        {
            var mark = SqliteColumns.ReadMark(row);
            return new RunClaim(mark.ClaimId, mark.State, mark.Batch, row.TextOrNull(MarkWidth), row.TextOrNull(MarkWidth + 1), row.LongOrNull(MarkWidth + 2), null, null, mark.Reason, mark.ChangedAt, null)
            { Place = (mark.Batch, mark.ClaimId) };
        }
    }, cancel);

    /// <inheritdoc/>
    public Task<RejectionGroups> GroupRunRejectionsAsync(string organisationId, long runId, CancellationToken cancel) => ReadAsync(db =>
    {
        var rejections = new List<ClaimRejection>();
        using (var rows = db.Query("select rejections from attempts where organisation_id = ?1 and run_id = ?2 and rejections is not null order by batch, try", organisationId, runId))
        {
            while (rejections.Count <= RejectionGroups.Most && rows.Next()) rejections.AddRange(StoredJson.ReadRejections(rows.Row.Span(0)));
        }
        return RejectionGrouping.Group(rejections);
    }, cancel);

    /// <inheritdoc/>
    public Task<ListPage<RunDuplicate>> PageRunDuplicatesAsync(string organisationId, long runId, ListRequest request, CancellationToken cancel) => ReadAsync(db =>
    {
        if (ReadRun(db, organisationId, runId) is not { Counters.SkippedDuplicates: > 0 } run) return new([], null, null);
        var wanted = new Conditions<SqliteValue>('?', organisationId, runId);
        if (run.Scope.From is { } from) wanted.Add("c.approved_at >= ", from);
        if (run.Scope.Before is { } before) wanted.Add("c.approved_at < ", before);
        if (run.Scope.ClaimId is { } only) wanted.Add("c.claim_id = ", only);
        AddPlace(wanted, request, "c.approved_at", "c.claim_id", descending: false);
        var direction = Direction(request, descending: false);
        // Those that earlier runs hold were mostly approved earlier: the walk need not go on behind the last of them.
        var most = Math.Min(request.Size + 1, run.Counters.SkippedDuplicates);
        return ListPage<RunDuplicate>.Cut(request, db.All($"""
            select c.claim_id, m.state, m.run_id, c.currency, c.total_minor, c.approved_at, m.acknowledgement, m.changed_at
            from claims c cross join marks m on m.organisation_id = c.organisation_id and m.claim_id = c.claim_id
            and m.generation = (select max(n.generation) from marks n where n.organisation_id = c.organisation_id and n.claim_id = c.claim_id and n.run_id between 1 and ?2)
            where c.organisation_id = ?1{wanted.And} and m.run_id < ?2 and m.state not in ('rejected', 'released')
            order by c.approved_at {direction}, c.claim_id {direction} limit {most}
            """, row => new RunDuplicate(row.Text(0), MarkStates.State(row.Text(1)), row.Long(2), row.Text(3), row.Long(4), row.Time(5), row.TextOrNull(6), row.Time(7)), wanted.Values),
            row => (Micros.Of(row.ApprovedAt), row.ClaimId));
    }, cancel);

    /// <summary>The rows of one try as one, over table <c>a</c>.</summary>
    private const string TryColumns =
        """
        max(a.bytes_hash) as bytes_hash, max(case a.step when 'reserved' then a.at end) as reserved_at, max(case a.step when 'started' then a.at end) as started_at,
        max(case a.step when 'finished' then a.at end) as finished_at, max(a.outcome) as outcome, max(a.http_status) as http_status, max(a.error) as error
        """;

    /// <inheritdoc/>
    public Task<ListPage<BatchTry>> PageRunTriesAsync(string organisationId, long runId, ListRequest request, CancellationToken cancel) => ReadAsync(db =>
    {
        var direction = Direction(request, descending: true);
        return ListPage<BatchTry>.Cut(request, db.All($"""
            select a.batch, a.try, (select b.claims from batches b where b.organisation_id = ?1 and b.run_id = ?2 and b.batch = a.batch), {TryColumns}
            from attempts a
            where a.organisation_id = ?1 and a.run_id = ?2 and (a.batch, a.try) {(request.Backwards ? ">" : "<")} (?3, ?4)
            group by a.batch, a.try order by a.batch {direction}, a.try {direction} limit ?5
            """, row => ReadTry(row, runId, row.Int(0), 1), organisationId, runId, request.At?.Number ?? long.MaxValue,
            long.TryParse(request.At?.Id, CultureInfo.InvariantCulture, out var number) ? number : long.MaxValue, request.Size + 1),
            row => (row.Batch, row.Try.ToString(CultureInfo.InvariantCulture)));
    }, cancel);

    /// <summary>Columns try, claims, and those of <see cref="TryColumns"/>.</summary>
    private static BatchTry ReadTry(SqliteStatement row, long runId, int batch, int first) => new(
        runId, batch, row.Int(first), row.IntOrNull(first + 1), row.TextOrNull(first + 2), row.TimeOrNull(first + 3), row.TimeOrNull(first + 4), row.TimeOrNull(first + 5),
        row.TextOrNull(first + 6) is { } outcome ? AttemptTexts.Outcome(outcome) : null, row.IntOrNull(first + 7), row.TextOrNull(first + 8));

    /// <inheritdoc/>
    public Task<IReadOnlyList<LiveRun>> ReadProgressAsync(IReadOnlyList<RunKey> runs, CancellationToken cancel) => ReadAsync<IReadOnlyList<LiveRun>>(db =>
        [.. runs.Distinct().Select(key => db.First($"select {SqliteColumns.Run}, stop_requested_at is not null, version from runs where organisation_id = ?1 and run_id = ?2",
            row =>
            {
                var run = SqliteColumns.ReadRun(row);
                return new LiveRun(key, run.State, run.Counters, row.Long(SqliteColumns.RunWidth) == 1, row.Long(SqliteColumns.RunWidth + 1), run.StartedAt, run.EndedAt);
            }, key.OrganisationId, key.RunId)).OfType<LiveRun>()], cancel);

    private static string Direction(ListRequest request, bool descending) => descending != request.Backwards ? "desc" : "asc";

    /// <summary>Begins behind the request's place: a single row comparison, which an index over both columns serves.</summary>
    private static void AddPlace(Conditions<SqliteValue> wanted, ListRequest request, string time, string id, bool descending)
    {
        if (request.At is { } at) wanted.Add($"({time}, {id}) {(descending != at.Backwards ? "<" : ">")} ({wanted.Value(at.Number)}, {wanted.Value(at.Id)})");
    }
}
