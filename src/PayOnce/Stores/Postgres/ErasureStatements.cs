using Npgsql;
using PayOnce.Claims.Forms;
using PayOnce.Privacy;

namespace PayOnce.Stores.Postgres;

/// <summary>What is past its time, and what becomes of it. $1 is the organisation, $2 the moment before which documents must be dated.</summary>
internal static class ErasureStatements
{
    /// <summary>Runs of one commit: their bytes may be large.</summary>
    private const int RunsAtOnce = 10;

    public const string Erasure = "number, before, reason, actor, claims, forms, receipts, acknowledgements, runs, begun_at, ended_at";

    private const string ClaimsFrom =
        """
        payonce.claims c
        left join lateral (select m.state, m.changed_at, m.run_id from payonce.marks m where m.organisation_id = $1 and m.claim_id = c.claim_id order by m.generation desc limit 1) m on true
        left join lateral (select r.started_at from payonce.runs r where r.organisation_id = $1 and r.run_id = m.run_id limit 1) r on true
        left join lateral (select f.form_id, f.state, f.changed_at from payonce.claim_forms f where f.organisation_id = $1 and f.form_id = c.claim_id limit 1) f on true
        """;

    /// <summary>The claim's approval is a bound of its own, so that it makes a range.</summary>
    private const string IsDue =
        """
        (f.form_id is null or (f.state <> 'submitted' and f.changed_at < $2))
        and case when m.state = 'exported' then coalesce(r.started_at, m.changed_at) < $2
                 when m.state in ('reserved', 'in_doubt') then false
                 when c.withdrawn_at is not null then c.withdrawn_at < $2
                 else coalesce(m.state = 'rejected' and m.changed_at < $2, false) end
        """;

    /// <summary>Forms that never became a claim and were not touched since.</summary>
    private const string DueForms =
        """
        f.organisation_id = $1 and f.erased_at is null and f.state in ('draft', 'sent_back', 'discarded') and f.changed_at < $2
        and not exists (select 1 from payonce.claims c where c.organisation_id = $1 and c.claim_id = f.form_id and c.erased_at is null)
        """;

    /// <summary>No claim rests on it any more, and it is withdrawn, outdated, followed by another, or of somebody who has nothing here.</summary>
    private const string DueAcknowledgements =
        """
        a.organisation_id = $1 and a.erased_at is null and a.at < $2
        and not exists (select 1 from payonce.declaration_withdrawals w where w.organisation_id = $1 and w.number = a.number and w.at >= $2)
        and not exists (select 1 from payonce.claim_acknowledgements x join payonce.claims c on c.organisation_id = $1 and c.claim_id = x.claim_id
                        where x.organisation_id = $1 and x.number = a.number and c.erased_at is null)
        and (exists (select 1 from payonce.declaration_withdrawals w where w.organisation_id = $1 and w.number = a.number)
             or a.version < (select max(s.version) from payonce.organisation_settings s where s.organisation_id = $1 and s.topic = 'declaration')
             or exists (select 1 from payonce.declaration_acknowledgements n where n.organisation_id = $1 and n.claimant_id = a.claimant_id and n.number > a.number)
             or not exists (select 1 from payonce.memberships p where p.organisation_id = $1 and p.claimant_id = a.claimant_id
                            union all select 1 from payonce.claims c where c.organisation_id = $1 and c.claimant_id = a.claimant_id
                            union all select 1 from payonce.claim_forms f where f.organisation_id = $1 and f.claimant_id = a.claimant_id))
        """;

    /// <summary>Ended long ago, with nothing of unknown fate, and bytes or texts that can name somebody.</summary>
    private const string DueRuns =
        """
        r.organisation_id = $1 and r.started_at < $2 and r.state <> 'running'
        and not exists (select 1 from payonce.erased_runs e where e.organisation_id = $1 and e.run_id = r.run_id)
        and (r.failure is not null or exists (select 1 from payonce.batches b where b.organisation_id = $1 and b.run_id = r.run_id))
        and not exists (select 1 from payonce.marks m where m.organisation_id = $1 and m.run_id = r.run_id and m.state in ('reserved', 'in_doubt'))
        """;

    public static Erasure ReadErasure(NpgsqlDataReader reader) => new(
        reader.GetInt64(0), reader.Time(1), reader.GetString(2), reader.GetString(3),
        new ErasedCounts(reader.GetInt64(4), reader.GetInt64(5), reader.GetInt64(6), reader.GetInt64(7), reader.GetInt64(8)), reader.Time(9), reader.TimeOrNull(10));

    public static NpgsqlBatchCommand CountClaims(string organisationId, DateTimeOffset from, DateTimeOffset before, DateTimeOffset due) => Sql.Of(
        $"""
        select kind, currency, count(*), sum(total_minor)::bigint from (
            select case when {IsDue} then 'due' when m.state in ('in_doubt', 'reserved') then m.state when m.state = 'exported' or c.withdrawn_at is not null then 'later' else 'waiting' end as kind, c.currency, c.total_minor
            from {ClaimsFrom} where c.organisation_id = $1 and c.approved_at >= $3 and c.approved_at < $4 and c.erased_at is null) k
        group by kind, currency order by currency
        """, organisationId, due, from, before);

    public static NpgsqlBatchCommand CountDocuments(string organisationId, DateTimeOffset due) => Sql.Of(
        $"""
        select (select count(*) from payonce.claim_forms f where {DueForms}), (select count(*) from payonce.declaration_acknowledgements a where {DueAcknowledgements}),
               (select count(*) from payonce.runs r where {DueRuns})
        """, organisationId, due);

    /// <summary>The next claims that are due, by approval: id, payee, currency, total, approval, lines, and whether a run rejected it and would try again.</summary>
    /// <param name="only">Of these; null: of all.</param>
    public static NpgsqlBatchCommand NextClaims(string organisationId, DateTimeOffset due, DateTimeOffset at, string id, int size, IReadOnlyList<string>? only) => Sql.Of(
        $"""
        select c.claim_id, c.claimant_id, c.currency, c.total_minor, c.approved_at, c.lines, c.withdrawn_at is null and m.state is distinct from 'exported'
        from {ClaimsFrom}
        where c.organisation_id = $1 and (c.approved_at, c.claim_id) > ($3, $4) and c.approved_at < $2 and c.erased_at is null and {IsDue} {(only is null ? "" : "and c.claim_id = any ($6)")}
        order by c.approved_at, c.claim_id limit $5
        """, only is null ? [organisationId, due, at, id, size] : [organisationId, due, at, id, size, Sql.Texts(only.ToArray())]);

    /// <summary>Whatever would take or repeat one of these claims waits for its marks.</summary>
    public static NpgsqlBatchCommand LockMarks(string organisationId, IReadOnlyList<string> claimIds) => Sql.Of(
        "select 1 from payonce.marks where organisation_id = $1 and claim_id = any ($2) order by claim_id, generation for update", organisationId, Sql.Texts(claimIds.ToArray()));

    /// <summary>A rejected claim would be tried again by each run: without its content there is nothing to try.</summary>
    public static NpgsqlBatchCommand[] WithdrawForGood(string organisationId, IReadOnlyList<string> claimIds, string actor) =>
    [
        TotalsStatements.WaitingOf(organisationId, claimIds, -1),
        Sql.Of("delete from payonce.pending p using payonce.claims c where p.organisation_id = $1 and c.organisation_id = $1 and c.claim_id = any ($2) and p.approved_at = c.approved_at and p.claim_id = c.claim_id",
            organisationId, Sql.Texts(claimIds.ToArray())),
        Sql.Of("update payonce.claims set withdrawn_at = now(), withdrawn_by = $3, withdrawn_reason = 'erased' where organisation_id = $1 and claim_id = any ($2)", organisationId, Sql.Texts(claimIds.ToArray()), actor),
    ];

    public static NpgsqlBatchCommand[] EraseClaims(string organisationId, IReadOnlyList<DueClaim> claims, byte[] salt, DateTimeOffset now) =>
    [
        Sql.Of(
            """
            update payonce.claims c set claimant_id = i.claimant_id, claimant_name = 'erased', approved_by = 'erased', lines = i.lines, erased_at = $5,
                                        withdrawn_by = case when c.withdrawn_at is not null then 'erased' end, withdrawn_reason = case when c.withdrawn_at is not null then 'erased' end
            from unnest($2::text[], $3::text[], $4::text[]) as i(claim_id, claimant_id, lines)
            where c.organisation_id = $1 and c.claim_id = i.claim_id
            """, organisationId, Sql.Texts(claims.Select(claim => claim.ClaimId).ToArray()), Sql.Texts(claims.Select(claim => ErasedContent.Pseudonym(salt, claim.ClaimantId)).ToArray()),
            Sql.Texts(claims.Select(claim => Sql.Text(ErasedContent.Lines(claim.Lines))).ToArray()), now),
        // Why a claim was refused or came back can quote it; why somebody decided something stands in the trail as well.
        Sql.Of("update payonce.marks set reason = 'erased' where organisation_id = $1 and claim_id = any ($2) and state in ('rejected', 'released') and reason is not null",
            organisationId, Sql.Texts(claims.Select(claim => claim.ClaimId).ToArray())),
    ];

    public static NpgsqlBatchCommand FormsOf(string organisationId, IEnumerable<string> formIds) => Sql.Of(
        $"select {FormStatements.Form} from payonce.claim_forms f where f.organisation_id = $1 and f.form_id = any ($2) and f.erased_at is null order by f.form_id for update", organisationId, Sql.Texts(formIds.ToArray()));

    public static NpgsqlBatchCommand NextForms(string organisationId, DateTimeOffset due, int size) => Sql.Of(
        $"select {FormStatements.Form} from payonce.claim_forms f where {DueForms} order by f.form_id limit $3 for update", organisationId, due, size);

    public static NpgsqlBatchCommand[] EraseForms(string organisationId, IReadOnlyList<ClaimForm> forms, byte[] salt, DateTimeOffset now)
    {
        var ids = forms.Select(form => form.FormId).ToArray();
        return
        [
            Sql.Of(
                """
                update payonce.claim_forms f set claimant_id = i.claimant_id, claimant_name = 'erased', user_id = '', content = i.content, reason = null, erased_at = $5,
                                                 decided_by = case when f.decided_by is not null then 'erased' end, decided_by_name = case when f.decided_by_name is not null then 'erased' end,
                                                 state = case when f.state in ('draft', 'sent_back') then 'discarded' else f.state end
                from unnest($2::text[], $3::text[], $4::text[]) as i(form_id, claimant_id, content)
                where f.organisation_id = $1 and f.form_id = i.form_id
                """, organisationId, Sql.Texts(ids), Sql.Texts(forms.Select(form => ErasedContent.Pseudonym(salt, form.ClaimantId)).ToArray()),
                Sql.Texts(forms.Select(form => ErasedContent.Form(form.Content).ToJson()).ToArray()), now),
            Sql.Of("update payonce.receipts set name = 'erased' where organisation_id = $1 and form_id = any ($2)", organisationId, Sql.Texts(ids)),
            Sql.Of("delete from payonce.receipt_chunks where organisation_id = $1 and form_id = any ($2)", organisationId, Sql.Texts(ids)),
        ];
    }

    public static NpgsqlBatchCommand NextAcknowledgements(string organisationId, DateTimeOffset due, int size) => Sql.Of(
        $"select a.number, a.claimant_id from payonce.declaration_acknowledgements a where {DueAcknowledgements} order by a.number limit $3", organisationId, due, size);

    public static NpgsqlBatchCommand[] EraseAcknowledgements(string organisationId, IReadOnlyList<(long Number, string ClaimantId)> acknowledgements, byte[] salt, DateTimeOffset now) =>
    [
        Sql.Of(
            """
            update payonce.declaration_acknowledgements a set claimant_id = i.claimant_id, user_id = '', name = 'erased', text = '', erased_at = $4
            from unnest($2::bigint[], $3::text[]) as i(number, claimant_id)
            where a.organisation_id = $1 and a.number = i.number
            """, organisationId, acknowledgements.Select(each => each.Number).ToArray(), Sql.Texts(acknowledgements.Select(each => ErasedContent.Pseudonym(salt, each.ClaimantId)).ToArray()), now),
        Sql.Of("update payonce.declaration_withdrawals set actor = 'erased', reason = null where organisation_id = $1 and number = any ($2)", organisationId, acknowledgements.Select(each => each.Number).ToArray()),
    ];

    public static NpgsqlBatchCommand NextRuns(string organisationId, DateTimeOffset due) =>
        Sql.Of($"select r.run_id from payonce.runs r where {DueRuns} order by r.run_id limit {RunsAtOnce}", organisationId, due);

    public static NpgsqlBatchCommand RejectionsOf(string organisationId, long[] runs) => Sql.Of(
        "select run_id, batch, try, step, rejections from payonce.attempts where organisation_id = $1 and run_id = any ($2) and rejections is not null", organisationId, runs);

    public static NpgsqlBatchCommand OutcomesOf(string organisationId, long[] runs) => Sql.Of(
        "select request_id, outcome from payonce.run_requests where organisation_id = $1 and run_id = any ($2) and outcome is not null", organisationId, runs);

    public static NpgsqlBatchCommand[] EraseRuns(string organisationId, long[] runs, DateTimeOffset now) =>
    [
        Sql.Of("insert into payonce.erased_runs (organisation_id, run_id, at) select $1, i.run_id, $3 from unnest($2::bigint[]) as i(run_id)", organisationId, runs, now),
        Sql.Of("update payonce.batches set content = '' where organisation_id = $1 and run_id = any ($2)", organisationId, runs),
        Sql.Of("update payonce.files set erased_at = $3 where organisation_id = $1 and run_id = any ($2)", organisationId, runs, now),
        Sql.Of("update payonce.runs set failure = 'erased' where organisation_id = $1 and run_id = any ($2) and failure is not null", organisationId, runs),
        Sql.Of("update payonce.attempts set error = 'erased' where organisation_id = $1 and run_id = any ($2) and error is not null", organisationId, runs),
    ];
}
