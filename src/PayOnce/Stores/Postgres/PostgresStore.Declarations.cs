using Npgsql;
using PayOnce.Audit;
using PayOnce.Claims;
using PayOnce.Declarations;

namespace PayOnce.Stores.Postgres;

// Acknowledgements of an organisation's declaration, and what rests on them.
public sealed partial class PostgresStore
{
    private static Acknowledgement ReadAcknowledgement(NpgsqlDataReader reader) => new(
        reader.GetInt64(0), reader.GetInt32(1), reader.GetString(2), reader.GetString(3), reader.GetString(4), "", reader.GetString(5), reader.Time(6),
        reader.Text(7) is { } actor ? new AcknowledgementWithdrawal(actor, reader.Text(8), reader.Time(9)) : null);

    public Task<AcknowledgeAnswer> AcknowledgeAsync(string organisationId, NewAcknowledgement acknowledgement, string actor, CancellationToken cancel) => StepAsync<AcknowledgeAnswer>(organisationId, async work =>
    {
        await work.AnyAsync(FormStatements.Alone(organisationId));
        var state = await AcknowledgementOfAsync(work, acknowledgement.ClaimantId);
        if (state.Current != acknowledgement.Version) return new AcknowledgeAnswer.Outdated(state.Current);
        if (state.Valid is { } valid) return new AcknowledgeAnswer.Already(valid);
        var number = (await work.ListAsync(reader => reader.GetInt64(0), Sql.Of("select coalesce(max(number), 0) + 1 from payonce.declaration_acknowledgements where organisation_id = $1", organisationId)))[0];
        var (head, at) = await work.LockHeadAsync();
        await work.AppendAsync(head, at, AuditEntries.DeclarationAcknowledged(number, acknowledgement, actor), Sql.Of(
            "insert into payonce.declaration_acknowledgements (organisation_id, number, version, claimant_id, user_id, name, text, sha256, at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
            organisationId, number, acknowledgement.Version, acknowledgement.ClaimantId, acknowledgement.UserId, acknowledgement.Name, acknowledgement.Text, acknowledgement.Sha256, at));
        return new AcknowledgeAnswer.Acknowledged((await OneAcknowledgementAsync(work, number))!);
    }, cancel);

    public Task<WithdrawAnswer> WithdrawAcknowledgementAsync(string organisationId, long number, string? claimantId, string? reason, string actor, CancellationToken cancel) => StepAsync<WithdrawAnswer>(organisationId, async work =>
    {
        await work.AnyAsync(FormStatements.Alone(organisationId));
        if (await OneAcknowledgementAsync(work, number) is not { } found || (claimantId is not null && claimantId != found.ClaimantId)) return new WithdrawAnswer.NotFound();
        if (found.Withdrawn is not null) return new WithdrawAnswer.Already(found);
        var resting = await work.ListAsync(reader => reader.GetString(0), FormStatements.Resting(organisationId, number));
        var gone = await WithdrawRestingAsync(work, resting, number, actor);
        var (head, at) = await work.LockHeadAsync();
        await work.AppendAsync(head, at, AuditEntries.AcknowledgementWithdrawn(number, claimantId is not null, gone, actor), Sql.Of(
            "insert into payonce.declaration_withdrawals (organisation_id, number, actor, reason, at) values ($1, $2, $3, $4, $5)", organisationId, number, actor, reason, at));
        return new WithdrawAnswer.Done((await OneAcknowledgementAsync(work, number))!, gone);
    }, cancel);

    public Task<AcknowledgementState> FindAcknowledgementStateAsync(string organisationId, string claimantId, CancellationToken cancel) => AskAsync(organisationId, async reader =>
    {
        var current = await reader.FirstAsync(ReadOrganisationSetting, cancel);
        await reader.NextResultAsync(cancel);
        return new AcknowledgementState(current?.Version, await reader.FirstAsync(ReadAcknowledgement, cancel));
    }, cancel, FormStatements.NewestSetting(organisationId, SettingTopics.Declaration), FormStatements.NewestAcknowledgement(organisationId, claimantId));

    private static async Task<AcknowledgementState> AcknowledgementOfAsync(PostgresTransaction work, string claimantId) => new(
        (await work.FirstAsync(ReadOrganisationSetting, FormStatements.NewestSetting(work.OrganisationId, SettingTopics.Declaration)))?.Version,
        await work.FirstAsync(ReadAcknowledgement, FormStatements.NewestAcknowledgement(work.OrganisationId, claimantId)));

    private static Task<Acknowledgement?> OneAcknowledgementAsync(PostgresTransaction work, long number) => work.FirstAsync(ReadAcknowledgement, FormStatements.OneAcknowledgement(work.OrganisationId, number));

    public async Task<IReadOnlyList<Acknowledgement>> ListAcknowledgementsAsync(string organisationId, string? claimantId, long? before, int size, CancellationToken cancel) => await AskListAsync(organisationId, ReadAcknowledgement, cancel, Sql.Of(
        $"""
        select {FormStatements.Acknowledgement} from {FormStatements.Acknowledgements}
        where a.organisation_id = $1 and ($2::text is null or a.claimant_id = $2) and ($3::bigint is null or a.number < $3) order by a.number desc limit $4
        """, organisationId, claimantId, before, size));

    public Task<Acknowledgement?> FindAcknowledgementAsync(string organisationId, long number, CancellationToken cancel) =>
        AskFirstAsync<Acknowledgement?>(organisationId, reader => ReadAcknowledgement(reader) with { Text = reader.GetString(10) }, cancel, Sql.Of(
            $"select {FormStatements.Acknowledgement}, a.text from {FormStatements.Acknowledgements} where a.organisation_id = $1 and a.number = $2", organisationId, number));

    public Task<Acknowledgement?> FindAcknowledgementOfClaimAsync(string organisationId, string claimId, CancellationToken cancel) => AskFirstAsync<Acknowledgement?>(organisationId, ReadAcknowledgement, cancel, Sql.Of(
        $"""
        select {FormStatements.Acknowledgement} from {FormStatements.Acknowledgements} where a.organisation_id = $1
        and a.number = (select max(number) from payonce.claim_acknowledgements where organisation_id = $1 and claim_id = $2)
        """, organisationId, claimId));

    /// <summary>Claims that need their driver's acknowledgement, where the organisation asks for it: what stands against each, and what it would rest on. Nobody withdraws one until the transaction ends.</summary>
    private static async Task<AcknowledgementNeeds?> NeedsOfAsync(PostgresTransaction work, IReadOnlyList<ClaimRecord> claims)
    {
        if (!AcknowledgementNeeds.MayHave(claims)) return null;
        await work.AnyAsync(FormStatements.Together(work.OrganisationId));
        if (!OrganisationFlags.FromStored((await work.FirstAsync(ReadOrganisationSetting, FormStatements.NewestSetting(work.OrganisationId, SettingTopics.Flags)))?.Value).Has(OrganisationFlags.DriverHonorarium)) return null;
        var claimants = new Dictionary<string, AcknowledgementState>(StringComparer.Ordinal);
        foreach (var claimant in AcknowledgementNeeds.ClaimantsOf(claims)) claimants.Add(claimant, await AcknowledgementOfAsync(work, claimant));
        return new AcknowledgementNeeds(claimants);
    }

    /// <summary>Withdraws those claims that no run has, and opens the forms they came of again. Which they were.</summary>
    private static async Task<List<string>> WithdrawRestingAsync(PostgresTransaction work, List<string> claimIds, long number, string actor)
    {
        if (claimIds.Count == 0) return [];
        var found = await WithdrawAsync(work, claimIds, FormSteps.WithdrawnWith(number), actor);
        var gone = claimIds.FindAll(id => found[id] is WithdrawOutcome.Withdrawn);
        await work.ExecuteAsync(FormStatements.Reopen(work.OrganisationId, gone));
        return gone;
    }
}
