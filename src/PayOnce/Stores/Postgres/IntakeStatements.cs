using Npgsql;
using NpgsqlTypes;
using PayOnce.Claims;
using PayOnce.Guard;

namespace PayOnce.Stores.Postgres;

/// <summary>A claim of a chunk that was not added, with what stands in its way.</summary>
/// <param name="Index">Its place in the chunk.</param>
/// <param name="Stored">When the stored claim of this id was approved; null if there is none.</param>
/// <param name="Same">Stored with the same content.</param>
/// <param name="State">Its newest mark's; null if there is none. Only looked up where the content differs or the claim is withdrawn.</param>
/// <param name="Other">The id that has this export key, where it is another.</param>
/// <param name="ErasedAt">When its personal data was erased; null while it is there.</param>
/// <param name="LeftIn">For a withdrawn claim: the run whose export of an earlier generation stands.</param>
internal sealed record KnownClaim(int Index, DateTimeOffset? Stored, bool Same, MarkState? State, int Generation, long RunId, string? Other, string? WithdrawnBy, long? LeftIn, DateTimeOffset? ErasedAt)
{
    public bool Withdrawn => WithdrawnBy is not null;

    public static KnownClaim Read(NpgsqlDataReader reader) => new(
        reader.GetInt32(0), reader.TimeOrNull(1), !reader.IsDBNull(2) && reader.GetBoolean(2), reader.Text(3) is { } state ? MarkStates.State(state) : null,
        reader.Integer(4) ?? 0, reader.IsDBNull(5) ? 0 : reader.GetInt64(5), reader.Text(6), reader.Text(7), reader.Long(8), reader.TimeOrNull(9));
}

/// <summary>
/// A chunk of claims as the server sees it: arrays that are unnested, or for a big one a temporary table filled by binary COPY
/// (COPY straight into a table with row-level security is refused).
/// </summary>
internal sealed class IntakeStatements(string from, bool readOnce, params NpgsqlParameter[] values)
{
    /// <summary>From this many claims on a temporary table is quicker.</summary>
    public const int Big = 5_000;

    private const string Names = "claim_id, export_key, claimant_id, claimant_name, type, currency, total_minor, approved_at, approved_by, lines, payload_hash";

    public static IntakeStatements Unnest(string organisationId, IReadOnlyList<ClaimRecord> claims) => new(
        $"unnest($2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) with ordinality as i({Names}, place)",
        readOnce: true,
        [new() { Value = organisationId }, .. Arrays(claims)]);

    public static async Task<IntakeStatements> CopyAsync(PostgresTransaction work, IReadOnlyList<ClaimRecord> claims)
    {
        await work.ExecuteAsync(Sql.Of(
            """
            create temporary table payonce_intake (
                claim_id text collate "C", export_key text collate "C", claimant_id text, claimant_name text, type text, currency text, total_minor bigint,
                approved_at timestamptz, approved_by text, lines text, payload_hash bytea, place bigint) on commit drop
            """));
        // Not disposed of where something goes wrong: that would end the COPY as if it were whole. The transaction's end cancels it.
        var copy = await work.Connection.BeginRawBinaryCopyAsync($"copy pg_temp.payonce_intake ({Names}, place) from stdin (format binary)", work.Cancel);
        using (var rows = new IntakeCopy(copy, work.Cancel)) await rows.WriteAsync(claims);
        await copy.DisposeAsync();
        return new IntakeStatements("pg_temp.payonce_intake i", readOnce: false, new NpgsqlParameter { Value = work.OrganisationId });
    }

    /// <summary>Whether the statements can be asked more than once: the claims stand at the server.</summary>
    public bool Stays => !readOnce;

    /// <summary>
    /// Adds claims of which none is there and none was adopted, as with nearly every file, and has them wait; the unique keys refuse
    /// the others, and with them all. ON CONFLICT looks into two indexes before it writes to them, and must tell what it added:
    /// together that takes as long as adding does.
    /// </summary>
    public NpgsqlBatchCommand[] InsertFresh() =>
    [
        Sql.Of($"insert into payonce.claims (organisation_id, {Names}, taken_in_at) select $1, {Names}, clock_timestamp() from {from}", Again()),
        Sql.Of($"insert into payonce.pending (organisation_id, approved_at, claim_id, generation) select $1, approved_at, claim_id, 0 from {from}", Again()),
        Sql.Of(
            $"""
            insert into payonce.waiting_totals as t (organisation_id, currency, claims, amount_minor)
            select $1, currency, count(*), sum(total_minor)::bigint from {from} group by currency order by currency
            on conflict (organisation_id, currency) do update set claims = t.claims + excluded.claims, amount_minor = t.amount_minor + excluded.amount_minor
            """, Again()),
    ];

    /// <summary>Has a row if one of the claims, or one whose id is the same without case, has a mark. Every claim that has marks has one of generation 0, with the export key that intake computes.</summary>
    public NpgsqlBatchCommand Marked() => Sql.Of(
        $"""
        select 1 from {from}
        cross join lateral (select 1 from payonce.marks m where m.organisation_id = $1 and m.export_key = i.export_key limit 1) m
        limit 1
        """,
        Again());

    /// <summary>
    /// Adds the claims that are not there, and has them wait. Returns the places (from 0) of all others. Neither a claim's id nor
    /// its export key may be taken: which of the two was in the way is found out afterwards.
    /// </summary>
    /// <param name="adopted">Whether there can be marks of claims that were not taken in; where there never was an adoption, a million look-ups are saved.</param>
    public NpgsqlBatchCommand Insert(bool adopted) => Sql.Of(
        $"""
        with input as {(readOnce ? "" : "not ")}materialized (select * from {from}),
        added as (
            insert into payonce.claims (organisation_id, {Names}, taken_in_at)
            select $1, {Names}, clock_timestamp() from input i
            {(adopted ? "where not exists (select 1 from payonce.marks m where m.organisation_id = $1 and m.export_key = i.export_key and m.claim_id <> i.claim_id)" : "")}
            on conflict do nothing
            returning claim_id, approved_at, currency, total_minor
        ), waiting as (
            insert into payonce.pending (organisation_id, approved_at, claim_id, generation, rejected)
            {(adopted
                ? """
                  select $1, a.approved_at, a.claim_id, coalesce(m.generation, 0), coalesce(m.state = 'rejected', false)
                  from added a
                  left join lateral (
                      select m.state, m.generation from payonce.marks m where m.organisation_id = $1 and m.claim_id = a.claim_id order by m.generation desc limit 1) m on true
                  where m.state is null or m.state in ('rejected', 'released')
                  """
                : "select $1, approved_at, claim_id, 0, false from added")}
            returning claim_id
        ), counted as (
            insert into payonce.waiting_totals as t (organisation_id, currency, claims, amount_minor)
            select $1, a.currency, count(*), sum(a.total_minor)::bigint from added a {(adopted ? "join waiting w on w.claim_id = a.claim_id" : "")} group by a.currency order by a.currency
            on conflict (organisation_id, currency) do update set claims = t.claims + excluded.claims, amount_minor = t.amount_minor + excluded.amount_minor
        )
        select i.place - 1 from input i where not exists (select 1 from added a where a.claim_id = i.claim_id) order by i.place
        """,
        Again());

    /// <summary>Places (from 0) of the claims that are stored with this very content.</summary>
    public static NpgsqlBatchCommand Stored(string organisationId, IReadOnlyList<ClaimRecord> claims) => Sql.Of(
        """
        select i.place - 1 from unnest($2::text[], $3::bytea[]) with ordinality as i(claim_id, payload_hash, place)
        cross join lateral (select 1 from payonce.claims c where c.organisation_id = $1 and c.claim_id = i.claim_id and c.payload_hash = i.payload_hash and c.withdrawn_at is null limit 1) c
        """, organisationId, Sql.Texts(Each(claims, claim => claim.ClaimId)), Sql.Bytes(Each(claims, claim => claim.PayloadHash)));

    public static NpgsqlBatchCommand Known(string organisationId, IReadOnlyList<ClaimRecord> claims, List<int> places) => Sql.Of(
        """
        select i.place, c.approved_at, c.payload_hash = i.payload_hash, m.state, m.generation, m.run_id, k.claim_id, c.withdrawn_by, e.run_id, c.erased_at
        from unnest($2::int[], $3::text[], $4::text[], $5::bytea[]) as i(place, claim_id, export_key, payload_hash)
        left join lateral (
            select c.approved_at, c.payload_hash, c.withdrawn_by, c.erased_at
            from payonce.claims c where c.organisation_id = $1 and c.claim_id = i.claim_id limit 1) c on true
        left join lateral (
            select m.state, m.generation, m.run_id from payonce.marks m
            where m.organisation_id = $1 and m.claim_id = i.claim_id and (c.payload_hash <> i.payload_hash or c.withdrawn_by is not null) order by m.generation desc limit 1) m on true
        left join lateral (
            select m.run_id from payonce.marks m
            where m.organisation_id = $1 and m.claim_id = i.claim_id and c.withdrawn_by is not null and m.state = 'exported' order by m.generation desc limit 1) e on true
        left join lateral (
            (select c2.claim_id from payonce.claims c2 where c.payload_hash is null and c2.organisation_id = $1 and c2.export_key = i.export_key limit 1)
            union all
            (select m2.claim_id from payonce.marks m2 where c.payload_hash is null and m2.organisation_id = $1 and m2.export_key = i.export_key limit 1)
            limit 1) k on true
        order by i.place
        """,
        organisationId, places.ToArray(), Sql.Texts(Each(places, i => claims[i].ClaimId)), Sql.Texts(Each(places, i => claims[i].ExportKey)), Sql.Bytes(Each(places, i => claims[i].PayloadHash)));

    /// <summary>Replaces the content of waiting and of withdrawn claims; the work list follows their new approval. The lease row is locked, and their marks were read behind that lock.</summary>
    public static NpgsqlBatchCommand[] Update(string organisationId, IReadOnlyList<ClaimRecord> claims, List<KnownClaim> changed)
    {
        var content = changed.ConvertAll(each => claims[each.Index]);
        var ids = content.ConvertAll(claim => claim.ClaimId);
        return
        [
            TotalsStatements.WaitingOf(organisationId, ids, -1),
            Sql.Of(
                $"""
                update payonce.claims c
                set (claimant_id, claimant_name, type, currency, total_minor, approved_at, approved_by, lines, payload_hash, taken_in_at, withdrawn_at, withdrawn_by, withdrawn_reason)
                  = (x.claimant_id, x.claimant_name, x.type, x.currency, x.total_minor, x.approved_at, x.approved_by, x.lines, x.payload_hash, clock_timestamp(), null, null, null)
                from (
                    select t.ctid as stored, i.*
                    from unnest($2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) as i({Names})
                    cross join lateral (select t.ctid from payonce.claims t where t.organisation_id = $1 and t.claim_id = i.claim_id limit 1) t) x
                where c.ctid = x.stored
                """,
                [organisationId, .. Arrays(content)]),
            Sql.Of(
                """
                delete from payonce.pending p
                using (
                    select t.ctid as stored
                    from unnest($2::text[], $3::timestamptz[]) as i(claim_id, approved_at)
                    cross join lateral (
                        select t.ctid from payonce.pending t where t.organisation_id = $1 and t.approved_at = i.approved_at and t.claim_id = i.claim_id limit 1) t) x
                where p.ctid = x.stored
                """,
                organisationId, Sql.Texts(ids.ToArray()), changed.ConvertAll(each => each.Stored!.Value).ToArray()),
            PendingStatements.PutBack(
                organisationId, content.ConvertAll(claim => claim.ApprovedAt), ids, changed.ConvertAll(each => each.Generation), changed.ConvertAll(each => each.State == MarkState.Rejected)),
            TotalsStatements.WaitingOf(organisationId, ids, +1),
        ];
    }

    // A parameter belongs to one command.
    private NpgsqlParameter[] Again() => Array.ConvertAll(values, value => value.Clone());

    private static NpgsqlParameter[] Arrays(IReadOnlyList<ClaimRecord> claims) =>
    [
        Sql.Texts(Each(claims, claim => claim.ClaimId)), Sql.Texts(Each(claims, claim => claim.ExportKey)),
        Sql.Texts(Each(claims, claim => claim.ClaimantId)), Sql.Texts(Each(claims, claim => claim.ClaimantName)),
        Sql.Texts(Each(claims, claim => claim.Type)), Sql.Texts(Each(claims, claim => claim.Currency)),
        new() { Value = Each(claims, claim => claim.TotalMinor) }, new() { Value = Each(claims, claim => claim.ApprovedAt) },
        Sql.Texts(Each(claims, claim => claim.ApprovedBy)), Sql.Texts(Each(claims, claim => claim.Lines)), Sql.Bytes(Each(claims, claim => claim.PayloadHash)),
    ];

    private static TOut[] Each<TIn, TOut>(IReadOnlyList<TIn> list, Func<TIn, TOut> value)
    {
        var values = new TOut[list.Count];
        for (var i = 0; i < values.Length; i++) values[i] = value(list[i]);
        return values;
    }
}
