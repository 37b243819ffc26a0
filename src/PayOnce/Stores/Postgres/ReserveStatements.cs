using Npgsql;
using PayOnce.Exporters;
using PayOnce.Runs;

namespace PayOnce.Stores.Postgres;

/// <summary>The statements of P1, reserve.</summary>
internal static class ReserveStatements
{
    /// <summary>
    /// The planner takes a list of row places for ten rows, whatever it holds, and would compare five thousand taken rows with five
    /// thousand marks one by one; without statistics it would also sort the whole work list for each page. Both settings end with
    /// the transaction, and neither has a result.
    /// </summary>
    public static NpgsqlBatchCommand[] PlanForManyRows() => [Sql.Of("set local enable_nestloop = off"), Sql.Of("set local enable_bitmapscan = off")];

    /// <summary>
    /// Takes a page out of the work list and reserves it, in one statement: the marks and the claims' content are of one snapshot.
    /// Claims are found in their order of approval, where neighbours lie together, and only keys and places are carried through;
    /// the texts are fetched once, at the end. Marks go in ordered by claim, which keeps their key's pages warm and has two batches
    /// lock alike. Rows that another batch took meanwhile are nobody's here.
    /// </summary>
    /// <param name="way">How the marks are inserted.</param>
    public static NpgsqlBatchCommand Take(Lease lease, ReserveRequest request, ReserveWay way) => Sql.Of(
        $"""
        with page as materialized (
            {PendingStatements.Page(request.Scope, "and exists (select 1 from payonce.run_leases where organisation_id = $1 and epoch = $7 and run_id = $8)")}
        ), gone as (
            delete from payonce.pending d
            where d.ctid = any (array(select stored from page)) and d.organisation_id = $1
            returning d.approved_at, d.claim_id, d.generation
        ), wanted as materialized (
            select c.place, g.claim_id, g.generation, c.export_key, c.payload_hash, {(request.ClaimsPerBatch is null ? "$9::int" : BatchOfPlace)} as batch
            from gone g
            cross join lateral (
                select c.ctid as place, c.export_key, c.payload_hash
                from payonce.claims c where c.organisation_id = $1 and c.approved_at = g.approved_at and c.claim_id = g.claim_id limit 1) c
        ), taken as (
            {(way == ReserveWay.Fresh ? InsertFresh : InsertOrTakeAgain)}
        )
        select {Columns.Claim}, w.generation, w.batch{(way == ReserveWay.Fresh ? "" : ", t.attempt, t.export_key")}
        from wanted w
        join (select * from payonce.claims x where x.ctid = any (array(select place from wanted)) and x.organisation_id = $1) c on c.claim_id = w.claim_id
        {(way == ReserveWay.Fresh ? "" : "left join taken t on t.claim_id = w.claim_id")}
        order by c.approved_at, c.claim_id
        """,
        [.. PendingStatements.Values(lease.OrganisationId, request.Scope, request.After, request.Size), lease.Epoch, lease.RunId, request.Batch,
            .. request.ClaimsPerBatch is { } several ? new object?[] { several } : []]);

    /// <summary>A page that is cut into several batches is numbered by the places of its claims.</summary>
    private const string BatchOfPlace = "($9 + (row_number() over (order by g.approved_at, g.claim_id) - 1) / $10)::int";

    /// <summary>
    /// THE GUARD is the table's unique keys: whatever a mark holds already is an error and undoes the statement. A fifth quicker
    /// than looking first.
    /// </summary>
    private const string InsertFresh =
        """
        insert into payonce.marks (organisation_id, claim_id, generation, state, attempt, epoch, run_id, batch, export_key, payload_hash, changed_at)
            select $1, w.claim_id, 0, 'reserved', 1, $7, $8, w.batch, w.export_key, w.payload_hash, now() from wanted w
            where w.generation = 0
            order by w.claim_id
        """;

    /// <summary>
    /// THE GUARD is the insert's conflict target. It is always named, so that a collision on the export key is an error and not a
    /// claim that silently never leaves. A further generation has its mark before it waits, so that whatever stands in the work
    /// list, no mark but the first is made here, and none is taken again that has a newer one.
    /// </summary>
    private const string InsertOrTakeAgain =
        """
        insert into payonce.marks as m (organisation_id, claim_id, generation, state, attempt, epoch, run_id, batch, export_key, payload_hash, changed_at)
            select $1, w.claim_id, w.generation, 'reserved', 1, $7, $8, w.batch, w.export_key, w.payload_hash, now() from wanted w
            where w.generation = 0 or (
                select true from payonce.marks x where x.organisation_id = $1 and x.claim_id = w.claim_id and x.generation = w.generation limit 1)
            order by w.claim_id
            on conflict (organisation_id, claim_id, generation) do update
            set state = 'reserved', attempt = m.attempt + 1, epoch = excluded.epoch, run_id = excluded.run_id, batch = excluded.batch, payload_hash = excluded.payload_hash,
                evidence = null, acknowledgement = null, reason = null, changed_at = excluded.changed_at, in_doubt_since = null, absent_since = null
            where m.state in ('released', 'rejected') and not exists (
                select 1 from payonce.marks n where n.organisation_id = m.organisation_id and n.claim_id = m.claim_id and n.generation > m.generation)
            returning m.claim_id, m.attempt, m.export_key
        """;

    /// <summary>True row if a candidate is left behind the place: what the page saw may have been taken by another batch before it got there.</summary>
    public static NpgsqlBatchCommand AnyLeft(Lease lease, ReserveRequest request) => Sql.Of(
        $"select 1 from ({PendingStatements.Page(request.Scope)}) q limit 1",
        PendingStatements.Values(lease.OrganisationId, request.Scope, request.After, 1));

    /// <summary>Who holds the duplicates; their rows were locked by the insert that left them alone.</summary>
    public static NpgsqlBatchCommand Held(string organisationId, List<(string ClaimId, int Generation)> duplicates) => Sql.Of(
        """
        select m.claim_id, m.generation, m.state, m.run_id
        from unnest($2::text[], $3::int[]) with ordinality as i(claim_id, generation, place)
        cross join lateral (
            select * from payonce.marks m where m.organisation_id = $1 and m.claim_id = i.claim_id and m.generation = i.generation limit 1) m
        order by i.place
        """,
        organisationId, Sql.Texts(duplicates.ConvertAll(each => each.ClaimId).ToArray()), duplicates.ConvertAll(each => each.Generation).ToArray());

    public static NpgsqlBatchCommand KeepBytes(Lease lease, int batch, RenderedBatch rendered, string sha256, ReadOnlyMemory<byte> compressed) => Sql.Of(
        "insert into payonce.batches (organisation_id, run_id, batch, sha256, claims, lines, content) values ($1, $2, $3, $4, $5, $6, $7)",
        lease.OrganisationId, lease.RunId, batch, sha256, rendered.Claims, rendered.Lines, compressed);

    public static NpgsqlBatchCommand KeepAttempt(Lease lease, int batch, ReadOnlyMemory<byte> claimIds, string? rejections, string sha256) => Sql.Of(
        """
        insert into payonce.attempts (organisation_id, run_id, batch, try, step, epoch, claim_ids, rejections, bytes_hash, at)
        values ($1, $2, $3, 1, 'reserved', $4, $5, $6, $7, clock_timestamp())
        """,
        lease.OrganisationId, lease.RunId, batch, lease.Epoch, Sql.Json(claimIds), rejections, sha256);

    /// <summary>Marks what could not be rendered as rejected, and has it wait again.</summary>
    public static IEnumerable<NpgsqlBatchCommand> Reject(Lease lease, List<PageBatch> batches, List<ClaimRejection> rejections)
    {
        if (rejections.Count == 0) yield break;
        var byId = batches.SelectMany(batch => batch.Claims).ToDictionary(claim => claim.Claim.ClaimId, StringComparer.Ordinal);
        var refused = rejections.ConvertAll(rejection => byId[rejection.ClaimId]);
        var ids = refused.ConvertAll(claim => claim.Claim.ClaimId);
        var generations = refused.ConvertAll(claim => claim.Generation);
        yield return Sql.Of(
            """
            with refused as materialized (
                select t.ctid as stored, i.claim_id, i.reason
                from unnest($2::text[], $3::int[], $4::text[]) as i(claim_id, generation, reason)
                cross join lateral (
                    select t.ctid from payonce.marks t where t.organisation_id = $1 and t.claim_id = i.claim_id and t.generation = i.generation limit 1) t)
            update payonce.marks m set state = 'rejected', reason = x.reason, changed_at = now()
            from refused x
            where m.ctid = any (array(select stored from refused)) and m.organisation_id = $1 and m.claim_id = x.claim_id and m.state = 'reserved' and m.epoch = $5
            """,
            lease.OrganisationId, Sql.Texts(ids.ToArray()), generations.ToArray(), Sql.Texts(rejections.Select(each => StoredJson.Reason(each.Problem)).ToArray()), lease.Epoch);
        yield return PendingStatements.PutBack(lease.OrganisationId, refused.ConvertAll(claim => claim.Claim.ApprovedAt), ids, generations, refused.ConvertAll(_ => true));
    }

    /// <summary>What the run took waits no more, and what it refused waits again. A duplicate was a stray row of the work list and never counted as waiting.</summary>
    public static IEnumerable<NpgsqlBatchCommand> Sums(Lease lease, ReservePage page, List<ClaimRejection> rejections)
    {
        var refused = rejections.Count == 0 ? null : rejections.Select(rejection => rejection.ClaimId).ToHashSet(StringComparer.Ordinal);
        var (waiting, taken) = (new CurrencySums(), new CurrencySums());
        foreach (var batch in page.Batches)
        {
            foreach (var reserved in batch.Claims)
            {
                if (refused?.Contains(reserved.Claim.ClaimId) != true) taken.Add(reserved.Claim.Currency, reserved.Claim.TotalMinor);
            }
        }
        waiting.Add(taken, -1);
        return [.. TotalsStatements.Waiting(lease.OrganisationId, waiting), .. TotalsStatements.Taken(lease, taken)];
    }

    public static NpgsqlBatchCommand Count(Lease lease, int taken, int rejected, int duplicates) => Sql.Of(
        """
        update payonce.runs
        set reserved = reserved + $3, rejected = rejected + $4, skipped_duplicates = skipped_duplicates + $5, candidates = greatest(candidates - $5, reserved + $3)
        where organisation_id = $1 and run_id = $2
        """,
        lease.OrganisationId, lease.RunId, taken, rejected, duplicates);
}
