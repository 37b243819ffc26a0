using PayOnce.Audit;
using PayOnce.Claims.Forms;
using PayOnce.Guard;

namespace PayOnce.Stores.Sqlite;

// Claims while they are forms.
public sealed partial class SqliteStore
{
    private const string FormColumns = """
        f.form_id, f.kind, f.claimant_id, f.claimant_name, f.user_id, f.state, f.revision, f.content, f.created_at, f.changed_at, f.submitted_at,
        f.decided_by, f.decided_by_name, f.decided_at, f.reason, f.acknowledgement_number, f.rates_version
        """;

    private static ClaimForm ReadForm(SqliteStatement row) => new(
        row.Text(0), FormKinds.Parse(row.Text(1)), row.Text(2), row.Text(3), row.Text(4), FormStates.Parse(row.Text(5)), row.Int(6), FormContent.FromStored(row.Text(7)), row.Time(8), row.Time(9),
        row.TimeOrNull(10), row.TextOrNull(11), row.TextOrNull(12), row.TimeOrNull(13), row.TextOrNull(14), row.LongOrNull(15), row.IntOrNull(16), []);

    private static ClaimForm? OneForm(SqliteSession db, string organisationId, string formId) =>
        db.First($"select {FormColumns} from claim_forms f where f.organisation_id = ?1 and f.form_id = ?2", ReadForm, organisationId, formId) is { } form
            ? form with { Receipts = ReceiptsOf(db, organisationId, formId) }
            : null;

    /// <inheritdoc/>
    public Task<FormAnswer> AddFormAsync(string organisationId, NewForm form, FormPerson who, CancellationToken cancel) => WriteAsync<FormAnswer>(db =>
    {
        if (OneForm(db, organisationId, form.FormId) is { } there) return who.Owns(there) ? new FormAnswer.Done(there) : FormAnswer.NotFound.Instance;
        var now = Now();
        db.Run("""
            insert into claim_forms (organisation_id, form_id, kind, claimant_id, claimant_name, user_id, state, revision, content, created_at, changed_at)
            values (?1, ?2, ?3, ?4, ?5, ?6, 'draft', 1, ?7, ?8, ?8)
            """, organisationId, form.FormId, form.Kind.Text(), FormSteps.RequireClaimant(who), who.Name, who.UserId, form.Content.ToJson(), now);
        Tell(db, organisationId, now, AuditEntries.FormBegun(form.FormId, form.Kind, who.Name));
        return new FormAnswer.Done(OneForm(db, organisationId, form.FormId)!);
    }, cancel);

    /// <inheritdoc/>
    public Task<FormAnswer> ChangeFormAsync(string organisationId, string formId, int revision, FormChange change, FormPerson who, CancellationToken cancel) => WriteAsync<FormAnswer>(db =>
    {
        var now = Now();
        var (next, refused) = FormSteps.Change(OneForm(db, organisationId, formId), revision, change, who, now, claimant => AcknowledgementOf(db, organisationId, claimant));
        if (next is null) return refused!;
        WriteForm(db, organisationId, next, revision);
        Tell(db, organisationId, now, AuditEntries.FormChanged(next, change.Text, who.Name));
        return new FormAnswer.Done(next);
    }, cancel);

    /// <summary>All that can change of a form of this revision.</summary>
    private static void WriteForm(SqliteSession db, string organisationId, ClaimForm form, int revision)
    {
        var written = db.Run("""
            update claim_forms set claimant_name = ?4, user_id = ?5, state = ?6, revision = ?7, content = ?8, changed_at = ?9, submitted_at = ?10, decided_by = ?11, decided_by_name = ?12,
                                   decided_at = ?13, reason = ?14, acknowledgement_number = ?15, rates_version = ?16
            where organisation_id = ?1 and form_id = ?2 and revision = ?3
            """, organisationId, form.FormId, revision, form.ClaimantName, form.UserId, form.State.Text(), form.Revision, form.Content.ToJson(), form.ChangedAt, form.SubmittedAt,
            form.DecidedBy, form.DecidedByName, form.DecidedAt, form.Reason, form.AcknowledgementNumber, form.RatesVersion);
        if (written != 1) throw new InvalidOperationException($"Form {form.FormId} is no longer of revision {revision}. Nothing was changed.");
    }

    /// <inheritdoc/>
    public Task<FormAnswer> ApproveFormAsync(string organisationId, FormApproval approval, FormPerson who, CancellationToken cancel) => WriteAsync<FormAnswer>(db =>
    {
        var now = Now();
        var form = OneForm(db, organisationId, approval.FormId);
        var rates = NewestSetting(db, organisationId, SettingTopics.Rates)?.Version ?? 0;
        var (next, refused) = FormSteps.Approve(form, approval, who, now, rates, claimant => AcknowledgementOf(db, organisationId, claimant));
        if (next is null) return refused!;
        if (!IsFreeForForm(db, organisationId, next)) return FormAnswer.ClaimExists.Instance;
        // Four eyes in the statement itself, whatever was decided above it.
        var written = db.Run("""
            update claim_forms set state = 'approved', revision = ?4, changed_at = ?5, decided_by = ?6, decided_by_name = ?7, decided_at = ?5, reason = null, acknowledgement_number = ?8, rates_version = ?9
            where organisation_id = ?1 and form_id = ?2 and revision = ?3 and state = 'submitted' and user_id <> ?6
            and not exists (select 1 from memberships m where m.organisation_id = ?1 and m.user_id = ?6 and m.claimant_id = claim_forms.claimant_id)
            """, organisationId, next.FormId, approval.Revision, next.Revision, now, who.UserId, who.Name, next.AcknowledgementNumber, next.RatesVersion);
        if (written != 1) return FormAnswer.OwnClaim.Instance;
        var outcome = TakeInOne(db, organisationId, approval.Claim, now);
        if (outcome is not (IntakeOutcome.Added or IntakeOutcome.Updated)) throw new InvalidOperationException($"Form {approval.FormId} was approved, and its claim was not taken in: {outcome}.");
        if (next.AcknowledgementNumber is { } number) RestOn(db, organisationId, next.FormId, number);
        Tell(db, organisationId, now, AuditEntries.FormApproved(next, who.Name));
        return new FormAnswer.Done(next);
    }, cancel);

    /// <summary>Whether no claim has the form's id, in whatever case, but its own that was withdrawn and never left.</summary>
    private static bool IsFreeForForm(SqliteSession db, string organisationId, ClaimForm form) => !db.Any("""
        select 1 from claims where organisation_id = ?1 and export_key = ?2 and (claim_id <> ?3 or withdrawn_at is null or claimant_id <> ?4 or type <> ?5)
        union all
        select 1 from marks m where m.organisation_id = ?1 and m.export_key = ?2
        and (m.state = 'exported' or not exists (select 1 from claims c where c.organisation_id = ?1 and c.claim_id = ?3))
        """, organisationId, ExportKey.Derive(organisationId, form.FormId, generation: 0), form.FormId, form.ClaimantId, form.Kind.Text());

    /// <inheritdoc/>
    public Task<ClaimForm?> FindFormAsync(string organisationId, string formId, CancellationToken cancel) => ReadAsync(db => OneForm(db, organisationId, formId), cancel);

    /// <inheritdoc/>
    public Task<IReadOnlyList<ClaimForm>> ListFormsAsync(string organisationId, FormFilter filter, int size, CancellationToken cancel) => ReadAsync<IReadOnlyList<ClaimForm>>(db => db.All(
        $"""
        select {FormColumns} from claim_forms f
        where f.organisation_id = ?1 and (?2 is null or f.claimant_id = ?2) and (?3 is null or f.state = ?3) and (?4 is null or (f.changed_at, f.form_id) < (?4, ?5))
        order by f.changed_at desc, f.form_id desc limit ?6
        """, ReadForm, organisationId, filter.ClaimantId, filter.State?.Text(), filter.Before?.ChangedAt, filter.Before?.FormId, size), cancel);

    /// <inheritdoc/>
    public Task<IReadOnlyList<YearClaim>> ListYearClaimsAsync(string organisationId, IReadOnlyList<string> claimantIds, DateTimeOffset from, DateTimeOffset before, CancellationToken cancel) => ReadAsync<IReadOnlyList<YearClaim>>(db =>
    {
        var found = new List<YearClaim>();
        foreach (var claimant in claimantIds)
        {
            found.AddRange(db.All("select claim_id, claimant_id, currency, lines from claims where organisation_id = ?1 and claimant_id = ?2 and approved_at >= ?3 and approved_at < ?4 and withdrawn_at is null order by approved_at, claim_id",
                row => new YearClaim(row.Text(0), row.Text(1), row.Text(2), row.Bytes(3)), organisationId, claimant, from, before));
        }
        return found;
    }, cancel);

    /// <inheritdoc/>
    public Task<IReadOnlyList<string>> ListWaitingClaimantsAsync(string organisationId, int size, CancellationToken cancel) => ReadAsync<IReadOnlyList<string>>(db => db.All(
        """
        select distinct claimant_id from (
            select c.claimant_id from pending p cross join claims c on c.organisation_id = p.organisation_id and c.claim_id = p.claim_id where p.organisation_id = ?1 limit ?2)
        order by claimant_id
        """, row => row.Text(0), organisationId, size), cancel);
}
