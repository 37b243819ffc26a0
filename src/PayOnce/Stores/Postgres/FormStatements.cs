using Npgsql;
using PayOnce.Claims.Forms;
using PayOnce.Guard;

namespace PayOnce.Stores.Postgres;

/// <summary>The statements of forms, acknowledgements and an organisation's own settings.</summary>
internal static class FormStatements
{
    public const string Form = """
        f.form_id, f.kind, f.claimant_id, f.claimant_name, f.user_id, f.state, f.revision, f.content, f.created_at, f.changed_at, f.submitted_at,
        f.decided_by, f.decided_by_name, f.decided_at, f.reason, f.acknowledgement_number, f.rates_version
        """;

    public const string Acknowledgement = "a.number, a.version, a.claimant_id, a.user_id, a.name, a.sha256, a.at, w.actor, w.reason, w.at";

    public const string Acknowledgements =
        "payonce.declaration_acknowledgements a left join payonce.declaration_withdrawals w on w.organisation_id = a.organisation_id and w.number = a.number";

    // What decides by a declaration, an acknowledgement or rates, and what changes them, take turns by a lock that ends with the
    // transaction. The lease's row would not do: while a run's commits follow each other, nobody might ever get that alone.
    private const string Turn = "(hashtextextended('payonce forms of ' || $1, 0))";

    public static NpgsqlBatchCommand Alone(string organisationId) => Sql.Of($"select pg_advisory_xact_lock{Turn}", organisationId);

    public static NpgsqlBatchCommand Together(string organisationId) => Sql.Of($"select pg_advisory_xact_lock_shared{Turn}", organisationId);

    public static NpgsqlBatchCommand NewestSetting(string organisationId, string topic) => Sql.Of(
        "select topic, version, value, changed_by, changed_at from payonce.organisation_settings where organisation_id = $1 and topic = $2 order by version desc limit 1", organisationId, topic);

    public static NpgsqlBatchCommand NewestAcknowledgement(string organisationId, string claimantId) => Sql.Of(
        $"select {Acknowledgement} from {Acknowledgements} where a.organisation_id = $1 and a.claimant_id = $2 order by a.number desc limit 1", organisationId, claimantId);

    public static NpgsqlBatchCommand OneAcknowledgement(string organisationId, long number) => Sql.Of(
        $"select {Acknowledgement} from {Acknowledgements} where a.organisation_id = $1 and a.number = $2", organisationId, number);

    public static NpgsqlBatchCommand OneForm(string organisationId, string formId) =>
        Sql.Of($"select {Form} from payonce.claim_forms f where f.organisation_id = $1 and f.form_id = $2", organisationId, formId);

    public static NpgsqlBatchCommand Receipts(string organisationId, string formId) => Sql.Of(
        "select number, name, content_type, bytes, sha256, added_at from payonce.receipts where organisation_id = $1 and form_id = $2 order by number", organisationId, formId);

    /// <summary>All that can change of a form of this revision; no row if it is of another.</summary>
    public static NpgsqlBatchCommand Write(string organisationId, ClaimForm form, int revision) => Sql.Of(
        """
        update payonce.claim_forms set claimant_name = $4, user_id = $5, state = $6, revision = $7, content = $8, changed_at = $9, submitted_at = $10, decided_by = $11, decided_by_name = $12,
                                       decided_at = $13, reason = $14, acknowledgement_number = $15, rates_version = $16
        where organisation_id = $1 and form_id = $2 and revision = $3
        returning revision
        """, organisationId, form.FormId, revision, form.ClaimantName, form.UserId, form.State.Text(), form.Revision, form.Content.ToJson(), form.ChangedAt, form.SubmittedAt,
        form.DecidedBy, form.DecidedByName, form.DecidedAt, form.Reason, form.AcknowledgementNumber, form.RatesVersion);

    /// <summary>Has a row if a claim has the form's id, in whatever case, but its own that was withdrawn and never left.</summary>
    public static NpgsqlBatchCommand Taken(string organisationId, ClaimForm form) => Sql.Of(
        """
        (select 1 from payonce.claims where organisation_id = $1 and export_key = $2 and (claim_id <> $3 or withdrawn_at is null or claimant_id <> $4 or type <> $5) limit 1)
        union all
        (select 1 from payonce.marks m where m.organisation_id = $1 and m.export_key = $2
         and (m.state = 'exported' or not exists (select 1 from payonce.claims c where c.organisation_id = $1 and c.claim_id = $3)) limit 1)
        """, organisationId, ExportKey.Derive(organisationId, form.FormId, generation: 0), form.FormId, form.ClaimantId, form.Kind.Text());

    /// <summary>Has a row if the form's claim was taken in before.</summary>
    public static NpgsqlBatchCommand HasClaim(string organisationId, string formId) => Sql.Of("select 1 from payonce.claims where organisation_id = $1 and claim_id = $2", organisationId, formId);

    /// <summary>Opens the forms of claims that were withdrawn again.</summary>
    public static NpgsqlBatchCommand Reopen(string organisationId, List<string> formIds) => Sql.Of(
        """
        update payonce.claim_forms set state = 'sent_back', revision = revision + 1, changed_at = clock_timestamp(), submitted_at = null
        where organisation_id = $1 and form_id = any ($2) and state = 'approved'
        """, organisationId, Sql.Texts(formIds.ToArray()));

    /// <summary>The approval, with four eyes in the statement itself, whatever was decided above it; no row if it is not to be.</summary>
    public static NpgsqlBatchCommand Approve(string organisationId, ClaimForm next, int revision) => Sql.Of(
        """
        update payonce.claim_forms f set state = 'approved', revision = $4, changed_at = $5, decided_by = $6, decided_by_name = $7, decided_at = $5, reason = null,
                                         acknowledgement_number = $8, rates_version = $9
        where f.organisation_id = $1 and f.form_id = $2 and f.revision = $3 and f.state = 'submitted' and f.user_id <> $6
        and not exists (select 1 from payonce.memberships m where m.organisation_id = $1 and m.user_id = $6 and m.claimant_id = f.claimant_id)
        returning f.revision
        """, organisationId, next.FormId, revision, next.Revision, next.ChangedAt, next.DecidedBy, next.DecidedByName, next.AcknowledgementNumber, next.RatesVersion);

    public static NpgsqlBatchCommand RestOn(string organisationId, IReadOnlyList<(string ClaimId, long Number)> claims) => Sql.Of(
        "insert into payonce.claim_acknowledgements (organisation_id, claim_id, number) select $1, i.claim_id, i.number from unnest($2::text[], $3::bigint[]) as i(claim_id, number) on conflict do nothing",
        organisationId, Sql.Texts(claims.Select(each => each.ClaimId).ToArray()), claims.Select(each => each.Number).ToArray());

    /// <summary>Claims of which this is the newest acknowledgement.</summary>
    public static NpgsqlBatchCommand Resting(string organisationId, long number) => Sql.Of(
        """
        select c.claim_id from payonce.claim_acknowledgements c where c.organisation_id = $1 and c.number = $2
        and not exists (select 1 from payonce.claim_acknowledgements l where l.organisation_id = $1 and l.claim_id = c.claim_id and l.number > c.number)
        order by c.claim_id
        """, organisationId, number);
}
