using PayOnce.Audit;
using PayOnce.Claims;
using PayOnce.Claims.Forms;
using PayOnce.Declarations;

namespace PayOnce.Stores.Sqlite;

// Acknowledgements of an organisation's declaration, and what rests on them.
public sealed partial class SqliteStore
{
    private const string AcknowledgementColumns = "a.number, a.version, a.claimant_id, a.user_id, a.name, a.sha256, a.at, w.actor, w.reason, w.at";

    private const string Acknowledgements =
        "declaration_acknowledgements a left join declaration_withdrawals w on w.organisation_id = a.organisation_id and w.number = a.number";

    private static Acknowledgement ReadAcknowledgement(SqliteStatement row) => new(
        row.Long(0), row.Int(1), row.Text(2), row.Text(3), row.Text(4), "", row.Text(5), row.Time(6),
        row.IsNull(7) ? null : new AcknowledgementWithdrawal(row.Text(7), row.TextOrNull(8), row.Time(9)));

    /// <inheritdoc/>
    public Task<AcknowledgeAnswer> AcknowledgeAsync(string organisationId, NewAcknowledgement acknowledgement, string actor, CancellationToken cancel) => WriteAsync<AcknowledgeAnswer>(db =>
    {
        var state = AcknowledgementOf(db, organisationId, acknowledgement.ClaimantId);
        if (state.Current != acknowledgement.Version) return new AcknowledgeAnswer.Outdated(state.Current);
        if (state.Valid is { } valid) return new AcknowledgeAnswer.Already(valid);
        var now = Now();
        var number = db.Number("select max(number) from declaration_acknowledgements where organisation_id = ?1", organisationId) + 1;
        db.Run("""
            insert into declaration_acknowledgements (organisation_id, number, version, claimant_id, user_id, name, text, sha256, at)
            values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
            """, organisationId, number, acknowledgement.Version, acknowledgement.ClaimantId, acknowledgement.UserId, acknowledgement.Name, acknowledgement.Text, acknowledgement.Sha256, now);
        Tell(db, organisationId, now, AuditEntries.DeclarationAcknowledged(number, acknowledgement, actor));
        return new AcknowledgeAnswer.Acknowledged(OneAcknowledgement(db, organisationId, number)!);
    }, cancel);

    /// <inheritdoc/>
    public Task<WithdrawAnswer> WithdrawAcknowledgementAsync(string organisationId, long number, string? claimantId, string? reason, string actor, CancellationToken cancel) => WriteAsync<WithdrawAnswer>(db =>
    {
        if (OneAcknowledgement(db, organisationId, number) is not { } found || (claimantId is not null && claimantId != found.ClaimantId)) return new WithdrawAnswer.NotFound();
        if (found.Withdrawn is not null) return new WithdrawAnswer.Already(found);
        var now = Now();
        db.Run("insert into declaration_withdrawals (organisation_id, number, actor, reason, at) values (?1, ?2, ?3, ?4, ?5)", organisationId, number, actor, reason, now);
        var resting = db.All("""
            select c.claim_id from claim_acknowledgements c where c.organisation_id = ?1 and c.number = ?2
            and not exists (select 1 from claim_acknowledgements l where l.organisation_id = c.organisation_id and l.claim_id = c.claim_id and l.number > c.number)
            order by c.claim_id
            """, row => row.Text(0), organisationId, number);
        var gone = WithdrawResting(db, organisationId, resting, number, actor, now);
        Tell(db, organisationId, now, AuditEntries.AcknowledgementWithdrawn(number, claimantId is not null, gone, actor));
        return new WithdrawAnswer.Done(OneAcknowledgement(db, organisationId, number)!, gone);
    }, cancel);

    /// <inheritdoc/>
    public Task<AcknowledgementState> FindAcknowledgementStateAsync(string organisationId, string claimantId, CancellationToken cancel) =>
        ReadAsync(db => AcknowledgementOf(db, organisationId, claimantId), cancel);

    private static AcknowledgementState AcknowledgementOf(SqliteSession db, string organisationId, string claimantId) => new(
        NewestSetting(db, organisationId, SettingTopics.Declaration)?.Version,
        db.First($"select {AcknowledgementColumns} from {Acknowledgements} where a.organisation_id = ?1 and a.claimant_id = ?2 order by a.number desc limit 1", ReadAcknowledgement, organisationId, claimantId));

    private static Acknowledgement? OneAcknowledgement(SqliteSession db, string organisationId, long number) => db.First(
        $"select {AcknowledgementColumns} from {Acknowledgements} where a.organisation_id = ?1 and a.number = ?2", ReadAcknowledgement, organisationId, number);

    /// <inheritdoc/>
    public Task<IReadOnlyList<Acknowledgement>> ListAcknowledgementsAsync(string organisationId, string? claimantId, long? before, int size, CancellationToken cancel) => ReadAsync<IReadOnlyList<Acknowledgement>>(db => db.All(
        $"select {AcknowledgementColumns} from {Acknowledgements} where a.organisation_id = ?1 and (?2 is null or a.claimant_id = ?2) and (?3 is null or a.number < ?3) order by a.number desc limit ?4",
        ReadAcknowledgement, organisationId, claimantId, before, size), cancel);

    /// <inheritdoc/>
    public Task<Acknowledgement?> FindAcknowledgementAsync(string organisationId, long number, CancellationToken cancel) => ReadAsync(db => db.First(
        $"select {AcknowledgementColumns}, a.text from {Acknowledgements} where a.organisation_id = ?1 and a.number = ?2",
        row => ReadAcknowledgement(row) with { Text = row.Text(10) }, organisationId, number), cancel);

    /// <inheritdoc/>
    public Task<Acknowledgement?> FindAcknowledgementOfClaimAsync(string organisationId, string claimId, CancellationToken cancel) => ReadAsync(db => db.First(
        $"""
        select {AcknowledgementColumns} from {Acknowledgements} where a.organisation_id = ?1
        and a.number = (select max(number) from claim_acknowledgements where organisation_id = ?1 and claim_id = ?2)
        """, ReadAcknowledgement, organisationId, claimId), cancel);

    /// <summary>Withdraws those claims that no run has, and opens the forms they came of again. Which they were.</summary>
    private static List<string> WithdrawResting(SqliteSession db, string organisationId, List<string> claimIds, long number, string actor, DateTimeOffset now)
    {
        var withdrawal = new Withdrawal(now, actor, FormSteps.WithdrawnWith(number));
        var gone = claimIds.FindAll(claimId => Withdraw(db, organisationId, claimId, withdrawal) is WithdrawOutcome.Withdrawn);
        foreach (var claimId in gone)
        {
            db.Run("update claim_forms set state = 'sent_back', revision = revision + 1, changed_at = ?3, submitted_at = null where organisation_id = ?1 and form_id = ?2 and state = 'approved'",
                organisationId, claimId, now);
        }
        return gone;
    }

    private static void RestOn(SqliteSession db, string organisationId, string claimId, long number) =>
        db.Run("insert into claim_acknowledgements (organisation_id, claim_id, number) values (?1, ?2, ?3) on conflict do nothing", organisationId, claimId, number);

    /// <summary>Claims that need their driver's acknowledgement, where the organisation asks for it: what stands against each, and what it would rest on.</summary>
    private static AcknowledgementNeeds? NeedsOf(SqliteSession db, string organisationId, IReadOnlyList<ClaimRecord> claims)
    {
        if (!AcknowledgementNeeds.MayHave(claims) || !OrganisationFlags.FromStored(NewestSetting(db, organisationId, SettingTopics.Flags)?.Value).Has(OrganisationFlags.DriverHonorarium)) return null;
        return new AcknowledgementNeeds(AcknowledgementNeeds.ClaimantsOf(claims).ToDictionary(claimant => claimant, claimant => AcknowledgementOf(db, organisationId, claimant), StringComparer.Ordinal));
    }
}
