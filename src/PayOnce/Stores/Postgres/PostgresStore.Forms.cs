using Npgsql;
using PayOnce.Audit;
using PayOnce.Claims;
using PayOnce.Claims.Forms;
using PayOnce.Declarations;
using PayOnce.Guard;

namespace PayOnce.Stores.Postgres;

// Claims while they are forms.
public sealed partial class PostgresStore
{
    private static ClaimForm ReadForm(NpgsqlDataReader reader) => new(
        reader.GetString(0), FormKinds.Parse(reader.GetString(1)), reader.GetString(2), reader.GetString(3), reader.GetString(4), FormStates.Parse(reader.GetString(5)), reader.GetInt32(6),
        FormContent.FromStored(reader.GetString(7)), reader.Time(8), reader.Time(9), reader.TimeOrNull(10), reader.Text(11), reader.Text(12), reader.TimeOrNull(13), reader.Text(14), reader.Long(15), reader.Integer(16), []);

    private static async Task<ClaimForm?> OneFormAsync(PostgresTransaction work, string formId)
    {
        if (await work.FirstAsync(ReadForm, FormStatements.OneForm(work.OrganisationId, formId)) is not { } form) return null;
        return form with { Receipts = await work.ListAsync(ReadReceipt, FormStatements.Receipts(work.OrganisationId, formId)) };
    }

    public Task<FormAnswer> AddFormAsync(string organisationId, NewForm form, FormPerson who, CancellationToken cancel) => StepAsync<FormAnswer>(organisationId, async work =>
    {
        // One after the other: of two that are sent at once one begins the form and the other finds it.
        var (head, at) = await work.LockHeadAsync();
        if (await OneFormAsync(work, form.FormId) is { } there) return who.Owns(there) ? new FormAnswer.Done(there) : FormAnswer.NotFound.Instance;
        await work.AppendAsync(head, at, AuditEntries.FormBegun(form.FormId, form.Kind, who.Name), Sql.Of(
            """
            insert into payonce.claim_forms (organisation_id, form_id, kind, claimant_id, claimant_name, user_id, state, revision, content, created_at, changed_at)
            values ($1, $2, $3, $4, $5, $6, 'draft', 1, $7, $8, $8)
            """, organisationId, form.FormId, form.Kind.Text(), FormSteps.RequireClaimant(who), who.Name, who.UserId, form.Content.ToJson(), at));
        return new FormAnswer.Done((await OneFormAsync(work, form.FormId))!);
    }, cancel);

    public Task<FormAnswer> ChangeFormAsync(string organisationId, string formId, int revision, FormChange change, FormPerson who, CancellationToken cancel) => StepAsync<FormAnswer>(organisationId, async work =>
    {
        var at = await TakeTurnAsync(work);
        var form = await OneFormAsync(work, formId);
        var state = form is null ? null : await AcknowledgementOfAsync(work, form.ClaimantId);
        var (next, refused) = FormSteps.Change(form, revision, change, who, at, _ => state!);
        if (next is null) return refused!;
        await WriteFormAsync(work, next, revision);
        await work.AppendAsync(AuditEntries.FormChanged(next, change.Text, who.Name));
        return new FormAnswer.Done(next);
    }, cancel);

    /// <summary>Alone among what concerns the organisation's forms; the time.</summary>
    private static async Task<DateTimeOffset> TakeTurnAsync(PostgresTransaction work)
    {
        await work.AnyAsync(FormStatements.Alone(work.OrganisationId));
        return (await work.ListAsync(reader => reader.Time(0), Sql.Of("select clock_timestamp()")))[0];
    }

    private static async Task WriteFormAsync(PostgresTransaction work, ClaimForm form, int revision)
    {
        if (!await work.AnyAsync(FormStatements.Write(work.OrganisationId, form, revision))) throw new InvalidOperationException($"Form {form.FormId} is no longer of revision {revision}. Nothing was changed.");
    }

    public Task<FormAnswer> ApproveFormAsync(string organisationId, FormApproval approval, FormPerson who, CancellationToken cancel) => StepAsync<FormAnswer>(organisationId, async work =>
    {
        var at = await TakeTurnAsync(work);
        var form = await OneFormAsync(work, approval.FormId);
        var state = form is null ? null : await AcknowledgementOfAsync(work, form.ClaimantId);
        var rates = (await work.FirstAsync(ReadOrganisationSetting, FormStatements.NewestSetting(organisationId, SettingTopics.Rates)))?.Version ?? 0;
        var (next, refused) = FormSteps.Approve(form, approval, who, at, rates, _ => state!);
        if (next is null) return refused!;
        if (await work.AnyAsync(FormStatements.Taken(organisationId, next))) return FormAnswer.ClaimExists.Instance;
        if (!await work.AnyAsync(FormStatements.Approve(organisationId, next, approval.Revision))) return FormAnswer.OwnClaim.Instance;
        var outcomes = await TakeInAsync(work, [approval.Claim], onlyLifts: null, exclusive: await work.AnyAsync(FormStatements.HasClaim(organisationId, next.FormId)), told: null);
        if (outcomes is not [IntakeOutcome.Added or IntakeOutcome.Updated]) throw new InvalidOperationException($"Form {approval.FormId} was approved, and its claim was not taken in: {outcomes?[0]}.");
        if (next.AcknowledgementNumber is { } number) await work.ExecuteAsync(FormStatements.RestOn(organisationId, [(next.FormId, number)]));
        await work.AppendAsync(AuditEntries.FormApproved(next, who.Name));
        return new FormAnswer.Done(next);
    }, cancel);

    public Task<ClaimForm?> FindFormAsync(string organisationId, string formId, CancellationToken cancel) => AskAsync<ClaimForm?>(organisationId, async reader =>
    {
        if (await reader.FirstAsync(ReadForm, cancel) is not { } form) return null;
        await reader.NextResultAsync(cancel);
        return form with { Receipts = await reader.ListAsync(ReadReceipt, cancel) };
    }, cancel, FormStatements.OneForm(organisationId, formId), FormStatements.Receipts(organisationId, formId));

    public async Task<IReadOnlyList<ClaimForm>> ListFormsAsync(string organisationId, FormFilter filter, int size, CancellationToken cancel) => await AskListAsync(organisationId, ReadForm, cancel, Sql.Of(
        $"""
        select {FormStatements.Form} from payonce.claim_forms f
        where f.organisation_id = $1 and ($2::text is null or f.claimant_id = $2) and ($3::text is null or f.state = $3) and ($4::timestamptz is null or (f.changed_at, f.form_id) < ($4, $5::text))
        order by f.changed_at desc, f.form_id desc limit $6
        """, organisationId, filter.ClaimantId, filter.State?.Text(), filter.Before?.ChangedAt, filter.Before?.FormId, size));

    public async Task<IReadOnlyList<YearClaim>> ListYearClaimsAsync(string organisationId, IReadOnlyList<string> claimantIds, DateTimeOffset from, DateTimeOffset before, CancellationToken cancel) => await AskListAsync(
        organisationId, reader => new YearClaim(reader.GetString(0), reader.GetString(1), reader.GetString(2), reader.GetFieldValue<byte[]>(3)), cancel, Sql.Of(
            """
            select c.claim_id, c.claimant_id, c.currency, convert_to(c.lines, 'UTF8')
            from unnest($2::text[]) with ordinality as i(claimant_id, place)
            cross join lateral (
                select * from payonce.claims c where c.organisation_id = $1 and c.claimant_id = i.claimant_id and c.approved_at >= $3 and c.approved_at < $4 and c.withdrawn_at is null order by c.approved_at, c.claim_id limit 100000) c
            order by i.place, c.approved_at, c.claim_id
            """, organisationId, Sql.Texts(claimantIds.ToArray()), from, before));

    public async Task<IReadOnlyList<string>> ListWaitingClaimantsAsync(string organisationId, int size, CancellationToken cancel) => await AskListAsync(organisationId, reader => reader.GetString(0), cancel, Sql.Of(
        """
        select distinct c.claimant_id collate "C"
        from (select * from payonce.pending where organisation_id = $1 limit $2) p
        cross join lateral (select * from payonce.claims c where c.organisation_id = $1 and c.claim_id = p.claim_id limit 1) c
        order by 1
        """, organisationId, size));
}
