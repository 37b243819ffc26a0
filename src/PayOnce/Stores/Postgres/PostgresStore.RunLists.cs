using Npgsql;
using PayOnce.Guard;
using PayOnce.History;
using PayOnce.Runs;

namespace PayOnce.Stores.Postgres;

public sealed partial class PostgresStore
{
    public Task<RunsPage> PageRunsAsync(string organisationId, RunFilter filter, ListRequest request, CancellationToken cancel)
    {
        var wanted = new Conditions<object?>('$', organisationId);
        if (filter.From is { } from) wanted.Add("r.started_at >= ", from);
        if (filter.Before is { } before) wanted.Add("r.started_at < ", before);
        filter.AddTo(wanted, text => text);
        var count = filter.IsAny
            ? Sql.Of("select last_run_id from payonce.run_leases where organisation_id = $1", organisationId)
            : Sql.Of($"select count(*) from (select 1 from payonce.runs r where r.organisation_id = $1{wanted.And} limit {RowCount.MostInList + 1}) q", wanted.Values);
        if (request.At is { } at) wanted.Add($"r.run_id {(at.Backwards ? ">" : "<")} ", at.Number);
        return AskAsync(organisationId, async reader =>
        {
            var counted = await reader.FirstAsync(row => row.GetInt64(0), cancel);
            await reader.NextResultAsync(cancel);
            var rows = await reader.ListAsync(ReadRunRow, cancel);
            return new RunsPage(ListPage<RunRow>.Cut(request, rows, row => (row.Run.RunId, "")), filter.IsAny ? new RowCount(counted, More: false) : RowCount.OfList(counted));
        }, cancel,
            count,
            Sql.Of(
                $"select {RunRowColumns} from payonce.runs r where r.organisation_id = $1{wanted.And} order by r.run_id {Direction(request, descending: true)} limit {request.Size + 1}",
                wanted.Values));
    }

    public Task<RunRow?> FindRunRowAsync(string organisationId, long runId, CancellationToken cancel) =>
        AskFirstAsync(organisationId, ReadRunRow, cancel, Sql.Of($"select {RunRowColumns} from payonce.runs r where r.organisation_id = $1 and r.run_id = $2", organisationId, runId));

    public async Task<ListPage<RunClaim>> PageRunClaimsAsync(string organisationId, long runId, RunClaims which, ListRequest request, CancellationToken cancel)
    {
        if (await FindRunAsync(organisationId, runId, cancel) is not { } run || RunClaimsWalk.HasNone(run, which)) return new([], null, null);
        if (which == RunClaims.InDoubt) return await PageRunDoubtsAsync(organisationId, runId, request, cancel);
        return await new RunClaimsWalk(runId, which, request,
            async (from, backwards, atOnce) => await AskListAsync(organisationId, row => new RegisteredBatch(row.GetInt32(0), StoredJson.ReadClaimIds(row.GetFieldValue<byte[]>(1))), cancel, Sql.Of(
                $"""
                select a.batch, a.claim_ids
                from {(which == RunClaims.Rejected ? WithRejections(backwards) : "payonce.attempts a")}
                where a.organisation_id = $1 and a.run_id = $2 and a.batch {(backwards ? "<=" : ">=")} $3 and a.try = 1 and a.step = 'reserved' and a.claim_ids is not null
                order by a.batch {(backwards ? "desc" : "")} limit $4
                """, organisationId, runId, from, atOnce)),
            async (from, backwards, atOnce) => await AskListAsync(organisationId, ReadRegistered, cancel, Sql.Of(
                $"""
                select {Columns.Mark}, c.claimant_id, c.currency, c.total_minor, m.claim_id
                from (
                    select * from payonce.marks m
                    where m.organisation_id = $1 and m.run_id = $2 and m.batch = 0 and m.run_id > 0 {(from is null ? "and $3::text is null" : backwards ? "and m.claim_id < $3" : "and m.claim_id > $3")}
                    order by m.claim_id {(backwards ? "desc" : "")} limit $4) m
                left join lateral (select c.claimant_id, c.currency, c.total_minor from payonce.claims c where c.organisation_id = $1 and c.claim_id = m.claim_id limit 1) c on true
                order by m.claim_id {(backwards ? "desc" : "")}
                """, organisationId, runId, from, atOnce)),
            async ids => await AskListAsync(organisationId, ReadRegistered, cancel, Sql.Of(
                $"""
                select {Columns.Mark}, c.claimant_id, c.currency, c.total_minor, i.claim_id
                from unnest($3::text[]) with ordinality as i(claim_id, place)
                left join lateral (
                    select * from payonce.marks m where m.organisation_id = $1 and m.claim_id = i.claim_id order by m.run_id = $2 desc, m.generation desc limit 1) m on true
                left join lateral (select c.claimant_id, c.currency, c.total_minor from payonce.claims c where c.organisation_id = $1 and c.claim_id = i.claim_id limit 1) c on true
                order by i.place
                """, organisationId, runId, Sql.Texts(ids.ToArray()))),
            async batch => [.. (await AskListAsync(organisationId, row => StoredJson.ReadRejections(row.GetFieldValue<byte[]>(0)), cancel, Sql.Of(
                "select a.rejections from payonce.attempts a where a.organisation_id = $1 and a.run_id = $2 and a.batch = $3 and a.rejections is not null order by a.try",
                organisationId, runId, batch))).SelectMany(each => each)]).PageAsync();
    }

    /// <summary>The batches that rejected claims, by their own index: one rejected claim in the last of ten thousand batches is found without the others.</summary>
    private static string WithRejections(bool backwards) =>
        $"""
        (select e.batch from payonce.attempts e
         where e.organisation_id = $1 and e.run_id = $2 and e.batch {(backwards ? "<=" : ">=")} $3 and e.rejections is not null
         group by e.batch order by e.batch {(backwards ? "desc" : "")} limit $4) e
        join lateral (select * from payonce.attempts a where a.organisation_id = $1 and a.run_id = $2 and a.batch = e.batch and a.try = 1 and a.step = 'reserved' limit 1) a on true
        """;

    private const int MarkWidth = 13;

    private static RegisteredClaim ReadRegistered(NpgsqlDataReader row) => new(
        row.GetString(MarkWidth + 3), row.IsDBNull(0) ? null : Columns.ReadMark(row), row.Text(MarkWidth), row.Text(MarkWidth + 1), row.IsDBNull(MarkWidth + 2) ? null : row.GetInt64(MarkWidth + 2));

    /// <summary>By way of the index over claims in doubt: few, where the register may name a million.</summary>
    private async Task<ListPage<RunClaim>> PageRunDoubtsAsync(string organisationId, long runId, ListRequest request, CancellationToken cancel)
    {
        var (descending, beyond) = request.Backwards ? ("desc", "<") : ("", ">");
        var rows = await AskListAsync(
            organisationId,
            row => ReadRegistered(row) is var claim && claim.Mark is { } mark
                ? new RunClaim(claim.ClaimId, mark.State, mark.Batch, claim.ClaimantId, claim.Currency, claim.TotalMinor, null, null, mark.Reason, mark.ChangedAt, null) { Place = (mark.Batch, mark.ClaimId) }
                : throw new InvalidOperationException("A claim in doubt has no mark."),
            cancel,
            Sql.Of(
                $"""
                select {Columns.Mark}, c.claimant_id, c.currency, c.total_minor, m.claim_id
                from payonce.marks m
                left join lateral (select c.claimant_id, c.currency, c.total_minor from payonce.claims c where c.organisation_id = $1 and c.claim_id = m.claim_id limit 1) c on true
                where m.organisation_id = $1 and m.in_doubt_since is not null and m.run_id = $2 and (m.batch, m.claim_id) {beyond} ($3, $4)
                order by m.batch {descending}, m.claim_id {descending} limit $5
                """, organisationId, runId, request.At is { Number: <= int.MaxValue } at ? (int)at.Number : -1, request.At?.Id ?? "", request.Size + 1));
        return ListPage<RunClaim>.Cut(request, rows, claim => claim.Place);
    }

    public async Task<RejectionGroups> GroupRunRejectionsAsync(string organisationId, long runId, CancellationToken cancel) =>
        RejectionGrouping.Group(await AskAsync(organisationId, async reader =>
        {
            var rejections = new List<ClaimRejection>();
            while (rejections.Count <= RejectionGroups.Most && await reader.ReadAsync(cancel)) rejections.AddRange(StoredJson.ReadRejections(reader.GetFieldValue<byte[]>(0)));
            return rejections;
        }, cancel, Sql.Of(
            "select a.rejections from payonce.attempts a where a.organisation_id = $1 and a.run_id = $2 and a.rejections is not null order by a.batch, a.try", organisationId, runId)));

    public async Task<ListPage<RunDuplicate>> PageRunDuplicatesAsync(string organisationId, long runId, ListRequest request, CancellationToken cancel)
    {
        if (await FindRunAsync(organisationId, runId, cancel) is not { Counters.SkippedDuplicates: > 0 } run) return new([], null, null);
        var wanted = new Conditions<object?>('$', organisationId, runId);
        if (run.Scope.From is { } from) wanted.Add("c.approved_at >= ", from);
        if (run.Scope.Before is { } before) wanted.Add("c.approved_at < ", before);
        if (run.Scope.ClaimId is { } only) wanted.Add("c.claim_id = ", only);
        AddPlace(wanted, request, "c.approved_at", "c.claim_id", descending: false);
        var direction = Direction(request, descending: false);
        // Those that earlier runs hold were mostly approved earlier: the walk need not go on behind the last of them.
        var most = Math.Min(request.Size + 1, run.Counters.SkippedDuplicates);
        var rows = await AskListAsync(
            organisationId,
            row => new RunDuplicate(row.GetString(0), MarkStates.State(row.GetString(1)), row.GetInt64(2), row.GetString(3), row.GetInt64(4), row.Time(5), row.Text(6), row.Time(7)),
            cancel,
            Sql.Of(
                $"""
                select c.claim_id, m.state, m.run_id, c.currency, c.total_minor, c.approved_at, m.acknowledgement, m.changed_at
                from payonce.claims c
                cross join lateral (
                    select m.state, m.run_id, m.acknowledgement, m.changed_at from payonce.marks m
                    where m.organisation_id = $1 and m.claim_id = c.claim_id and m.run_id between 1 and $2 order by m.generation desc limit 1) m
                where c.organisation_id = $1{wanted.And} and m.run_id < $2 and m.state not in ('rejected', 'released')
                order by c.approved_at {direction}, c.claim_id {direction} limit {most}
                """, wanted.Values));
        return ListPage<RunDuplicate>.Cut(request, rows, row => (Micros.Of(row.ApprovedAt), row.ClaimId));
    }

    public async Task<ListPage<BatchTry>> PageRunTriesAsync(string organisationId, long runId, ListRequest request, CancellationToken cancel)
    {
        var direction = Direction(request, descending: true);
        var rows = await AskListAsync(
            organisationId,
            row => new BatchTry(
                runId, row.GetInt32(0), row.GetInt32(1), row.Integer(2), row.Text(3), row.TimeOrNull(4), row.TimeOrNull(5), row.TimeOrNull(6),
                row.Text(7) is { } outcome ? AttemptTexts.Outcome(outcome) : null, row.Integer(8), row.Text(9)),
            cancel,
            Sql.Of(
                $"""
                select q.batch, q.try, b.claims, q.bytes_hash, q.reserved_at, q.started_at, q.finished_at, q.outcome, q.http_status, q.error
                from (
                    select a.batch, a.try, {TryColumns}
                    from payonce.attempts a
                    where a.organisation_id = $1 and a.run_id = $2 and (a.batch, a.try) {(request.Backwards ? ">" : "<")} ($3, $4)
                    group by a.batch, a.try order by a.batch {direction}, a.try {direction} limit $5) q
                left join payonce.batches b on b.organisation_id = $1 and b.run_id = $2 and b.batch = q.batch
                order by q.batch {direction}, q.try {direction}
                """,
                organisationId, runId, request.At is { Number: <= int.MaxValue } at ? (int)at.Number : int.MaxValue,
                int.TryParse(request.At?.Id, System.Globalization.CultureInfo.InvariantCulture, out var number) ? number : int.MaxValue, request.Size + 1));
        return ListPage<BatchTry>.Cut(request, rows, row => (row.Batch, row.Try.ToString(System.Globalization.CultureInfo.InvariantCulture)));
    }

    /// <summary>The rows of one try as one, over table <c>a</c>.</summary>
    private const string TryColumns =
        """
        max(a.bytes_hash) as bytes_hash, max(a.at) filter (where a.step = 'reserved') as reserved_at, max(a.at) filter (where a.step = 'started') as started_at,
        max(a.at) filter (where a.step = 'finished') as finished_at, max(a.outcome) as outcome, max(a.http_status) as http_status, max(a.error) as error
        """;

    public async Task<IReadOnlyList<LiveRun>> ReadProgressAsync(IReadOnlyList<RunKey> runs, CancellationToken cancel)
    {
        if (runs.Count == 0) return [];
        var organisations = runs.GroupBy(run => run.OrganisationId, StringComparer.Ordinal).ToList();
        var commands = new List<NpgsqlBatchCommand>();
        foreach (var organisation in organisations)
        {
            // One round trip for all: each organisation's rows are seen by its own statement only.
            if (commands.Count > 0) commands.Add(Sql.Of("select set_config('payonce.organisation', $1, true)", organisation.Key));
            commands.Add(Sql.Of(
                $"""
                select r.run_id, r.state, r.stop_requested_at is not null, r.version, r.started_at, r.ended_at, {Columns.Counters}
                from payonce.runs r where r.organisation_id = $1 and r.run_id = any ($2::bigint[]) order by r.run_id
                """, organisation.Key, organisation.Select(run => run.RunId).ToArray()));
        }
        return await AskAsync(organisations[0].Key, async reader =>
        {
            var found = new List<LiveRun>(runs.Count);
            for (var i = 0; i < organisations.Count; i++)
            {
                if (i > 0)
                {
                    await reader.NextResultAsync(cancel);
                    await reader.NextResultAsync(cancel);
                }
                var organisationId = organisations[i].Key;
                found.AddRange(await reader.ListAsync(row => new LiveRun(
                    new RunKey(organisationId, row.GetInt64(0)), RunTexts.State(row.GetString(1)), Columns.ReadCounters(row, 6), row.GetBoolean(2), row.GetInt64(3), row.Time(4), row.TimeOrNull(5)), cancel));
            }
            return found;
        }, cancel, [.. commands]);
    }

    private static string Direction(ListRequest request, bool descending) => descending != request.Backwards ? "desc" : "asc";

    /// <summary>Begins behind the request's place: a single row comparison, which an index over both columns serves.</summary>
    private static void AddPlace(Conditions<object?> wanted, ListRequest request, string time, string id, bool descending)
    {
        if (request.At is { } at) wanted.Add($"({time}, {id}) {(descending != at.Backwards ? "<" : ">")} ({wanted.Value(Micros.Time(at.Number))}, {wanted.Value(at.Id)})");
    }
}
