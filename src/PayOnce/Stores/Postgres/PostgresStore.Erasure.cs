using PayOnce.Audit;
using PayOnce.Claims.Forms;
using PayOnce.Privacy;
using PayOnce.Runs;

namespace PayOnce.Stores.Postgres;

// Personal fields of documents past their time, step by step (docs/decisions/0021).
public sealed partial class PostgresStore
{
    public async Task<DateTimeOffset?> FindOldestApprovalAsync(string organisationId, CancellationToken cancel) => await AskFirstAsync<DateTimeOffset?>(organisationId, reader => reader.Time(0), cancel, Sql.Of(
        "select approved_at from payonce.claims where organisation_id = $1 and erased_at is null order by approved_at limit 1", organisationId));

    public async Task<DueClaims> CountDueClaimsAsync(string organisationId, DateTimeOffset from, DateTimeOffset before, DateTimeOffset due, CancellationToken cancel)
    {
        var counted = await AskListAsync(organisationId, reader => (Kind: reader.GetString(0), Currency: reader.GetString(1), Claims: reader.GetInt64(2), AmountMinor: reader.GetInt64(3)), cancel,
            ErasureStatements.CountClaims(organisationId, from, before, due));
        long Of(string kind) => counted.Where(each => each.Kind == kind).Sum(each => each.Claims);
        return new DueClaims(Of("due"), [.. counted.Where(each => each.Kind == "due").Select(each => new ControlTotal(each.Currency, each.AmountMinor))], Of("in_doubt"), Of("reserved"), Of("waiting"), Of("later"));
    }

    public Task<ErasedCounts> CountDueDocumentsAsync(string organisationId, DateTimeOffset due, CancellationToken cancel) => AskFirstAsync(
        organisationId, reader => new ErasedCounts(0, reader.GetInt64(0), 0, reader.GetInt64(1), reader.GetInt64(2)), cancel, ErasureStatements.CountDocuments(organisationId, due));

    public async Task<IReadOnlyList<Erasure>> ListErasuresAsync(string organisationId, int size, CancellationToken cancel) => await AskListAsync(organisationId, ErasureStatements.ReadErasure, cancel, Sql.Of(
        $"select {ErasureStatements.Erasure} from payonce.erasures where organisation_id = $1 order by number desc limit $2", organisationId, size));

    public Task<BeginErasureAnswer> BeginErasureAsync(string organisationId, NewErasure erasure, CancellationToken cancel) => StepAsync<BeginErasureAnswer>(organisationId, async work =>
    {
        // One after the other: of two that begin at once one finds the other's.
        var (head, at) = await work.LockHeadAsync();
        if (await work.FirstAsync(ErasureStatements.ReadErasure, Sql.Of($"select {ErasureStatements.Erasure} from payonce.erasures where organisation_id = $1 and ended_at is null", organisationId)) is { } open)
            return new BeginErasureAnswer.GoesOn(open);
        if (await work.AnyAsync(Sql.Of("select 1 from payonce.restores where organisation_id = $1", organisationId))) return new BeginErasureAnswer.Restoring();
        var number = (await work.ListAsync(reader => reader.GetInt64(0), Sql.Of("select coalesce(max(number), 0) + 1 from payonce.erasures where organisation_id = $1", organisationId)))[0];
        await work.AppendAsync(head, at, AuditEntries.ErasureBegun(number, erasure), Sql.Of(
            """
            insert into payonce.erasures (organisation_id, number, before, reason, actor, phase, cursor_at, cursor_id, salt, begun_at)
            values ($1, $2, $3, $4, $5, 'claims', '0001-01-02', '', $6, $7)
            """, organisationId, number, erasure.Before, erasure.Reason, erasure.Actor, erasure.Salt.ToArray(), at));
        return new BeginErasureAnswer.Begun(await OneErasureAsync(work, number));
    }, cancel);

    private static async Task<Erasure> OneErasureAsync(PostgresTransaction work, long number) =>
        await work.FirstAsync(ErasureStatements.ReadErasure, Sql.Of($"select {ErasureStatements.Erasure} from payonce.erasures where organisation_id = $1 and number = $2", work.OrganisationId, number))
        ?? throw new InvalidOperationException(FormattableString.Invariant($"There is no erasure {number} of {work.OrganisationId}."));

    public Task<Erasure> EraseNextAsync(string organisationId, long number, int size, string actor, CancellationToken cancel) => StepAsync(organisationId, async work =>
    {
        // Approvals and acknowledgements wait, and so do take-overs, roll-backs and changes at intake; the steps of a run do not.
        await work.AnyAsync(FormStatements.Alone(organisationId));
        await work.AnyAsync(LeaseStatements.Share(organisationId));
        await work.AnyAsync(Sql.Of("select 1 from payonce.erasures where organisation_id = $1 and number = $2 for update", organisationId, number));
        var erasure = await OneErasureAsync(work, number);
        return erasure.EndedAt is null ? await EraseNextAsync(work, erasure, size, actor) : erasure;
    }, cancel);

    private static async Task<Erasure> EraseNextAsync(PostgresTransaction work, Erasure erasure, int size, string actor)
    {
        var (org, number) = (work.OrganisationId, erasure.Number);
        var (how, now) = (await work.ListAsync(
            reader => (new ErasurePlace(ErasurePhases.Parse(reader.GetString(0)), Micros.Of(reader.Time(1)), reader.GetString(2), reader.GetFieldValue<byte[]>(3)), reader.Time(4)),
            Sql.Of("select phase, cursor_at, cursor_id, salt, clock_timestamp() from payonce.erasures where organisation_id = $1 and number = $2", org, number)))[0];
        var totals = new CurrencySums();
        var step = default(ErasedCounts);
        while (step.IsNothing)
        {
            (step, how) = how.Phase switch
            {
                ErasurePhase.Claims => await EraseClaimsAsync(work, erasure, how, size, totals, now),
                ErasurePhase.Forms => (await EraseFormsAsync(work, await work.ListAsync(ReadForm, ErasureStatements.NextForms(org, erasure.Before, size)), how.Salt, now), how),
                ErasurePhase.Acknowledgements => (await EraseAcknowledgementsAsync(work, erasure, how, size, now), how),
                _ => (await EraseRunsAsync(work, erasure, now), how),
            };
            if (!step.IsNothing) break;
            if (how.Phase is ErasurePhase.Runs) return await EndAsync(work, erasure, actor);
            how = how with { Phase = how.Phase + 1 };
        }
        await work.AppendAsync(AuditEntries.DocumentsErased(erasure, step, actor, [.. totals.All.Select(each => new ControlTotal(each.Currency, each.AmountMinor))]), Sql.Of(
            """
            update payonce.erasures set phase = $3, cursor_at = $4, cursor_id = $5, claims = claims + $6, forms = forms + $7, receipts = receipts + $8, acknowledgements = acknowledgements + $9, runs = runs + $10
            where organisation_id = $1 and number = $2
            """, org, number, how.Phase.Text(), Micros.Time(how.At), how.Id, step.Claims, step.Forms, step.Receipts, step.Acknowledgements, step.Runs));
        return await OneErasureAsync(work, number);
    }

    private static async Task<Erasure> EndAsync(PostgresTransaction work, Erasure erasure, string actor)
    {
        await work.AppendAsync(AuditEntries.ErasureEnded(erasure, actor),
            // What a source could not give is read anew from there, and is no document of ours.
            Sql.Of("delete from payonce.source_refusals where organisation_id = $1 and since < $2", work.OrganisationId, erasure.Before),
            Sql.Of("update payonce.erasures set salt = null, ended_at = clock_timestamp() where organisation_id = $1 and number = $2", work.OrganisationId, erasure.Number));
        return await OneErasureAsync(work, erasure.Number);
    }

    private static async Task<(ErasedCounts Step, ErasurePlace Next)> EraseClaimsAsync(PostgresTransaction work, Erasure erasure, ErasurePlace how, int size, CurrencySums totals, DateTimeOffset now)
    {
        var org = work.OrganisationId;
        var candidates = await NextAsync(null);
        if (candidates.Count == 0) return (default, how);
        // What was seen may be taken or asked for again until its marks are locked: what is due is read behind the lock.
        await work.AnyAsync(ErasureStatements.LockMarks(org, candidates.ConvertAll(claim => claim.ClaimId)));
        var due = await NextAsync(candidates.ConvertAll(claim => claim.ClaimId));
        if (due.Count == 0) return await EraseClaimsAsync(work, erasure, After(candidates[^1]), size, totals, now);
        var rejected = due.Where(claim => claim.Rejected).Select(claim => claim.ClaimId).ToList();
        if (rejected.Count > 0) await work.ExecuteAsync(ErasureStatements.WithdrawForGood(org, rejected, erasure.Actor));
        await work.ExecuteAsync(ErasureStatements.EraseClaims(org, due, how.Salt, now));
        foreach (var claim in due) totals.Add(claim.Currency, claim.TotalMinor);
        var forms = await EraseFormsAsync(work, await work.ListAsync(ReadForm, ErasureStatements.FormsOf(org, due.Select(claim => claim.ClaimId))), how.Salt, now);
        return (forms with { Claims = due.Count }, After(candidates[^1]));

        Task<List<DueClaim>> NextAsync(IReadOnlyList<string>? only) => work.ListAsync(
            reader => new DueClaim(reader.GetString(0), reader.GetString(1), reader.GetString(2), reader.GetInt64(3), reader.Time(4), reader.GetFieldValue<byte[]>(5), reader.GetBoolean(6)),
            ErasureStatements.NextClaims(org, erasure.Before, Micros.Time(how.At), how.Id, size, only));

        ErasurePlace After(DueClaim last) => how with { At = Micros.Of(last.ApprovedAt), Id = last.ClaimId };
    }

    private static async Task<ErasedCounts> EraseFormsAsync(PostgresTransaction work, List<ClaimForm> forms, byte[] salt, DateTimeOffset now)
    {
        if (forms.Count == 0) return default;
        var changed = await work.ExecuteAsync(ErasureStatements.EraseForms(work.OrganisationId, forms, salt, now));
        return new ErasedCounts(0, forms.Count, changed[1], 0, 0);
    }

    private static async Task<ErasedCounts> EraseAcknowledgementsAsync(PostgresTransaction work, Erasure erasure, ErasurePlace how, int size, DateTimeOffset now)
    {
        var due = await work.ListAsync(reader => (reader.GetInt64(0), reader.GetString(1)), ErasureStatements.NextAcknowledgements(work.OrganisationId, erasure.Before, size));
        if (due.Count > 0) await work.ExecuteAsync(ErasureStatements.EraseAcknowledgements(work.OrganisationId, due, how.Salt, now));
        return new ErasedCounts(0, 0, 0, due.Count, 0);
    }

    private static async Task<ErasedCounts> EraseRunsAsync(PostgresTransaction work, Erasure erasure, DateTimeOffset now)
    {
        var org = work.OrganisationId;
        var due = (await work.ListAsync(reader => reader.GetInt64(0), ErasureStatements.NextRuns(org, erasure.Before))).ToArray();
        if (due.Length == 0) return default;
        var rejections = await work.ListAsync(
            reader => (Run: reader.GetInt64(0), Batch: reader.GetInt32(1), Try: reader.GetInt32(2), Step: reader.GetString(3), Rejections: StoredJson.ReadRejections(reader.GetFieldValue<byte[]>(4))),
            ErasureStatements.RejectionsOf(org, due));
        var outcomes = await work.ListAsync(reader => (RequestId: reader.GetInt64(0), Outcome: reader.GetString(1)), ErasureStatements.OutcomesOf(org, due));
        await work.ExecuteAsync(
        [
            .. ErasureStatements.EraseRuns(org, due, now),
            .. rejections.Select(each => Sql.Of(
                "update payonce.attempts set rejections = $6 where organisation_id = $1 and run_id = $2 and batch = $3 and try = $4 and step = $5",
                org, each.Run, each.Batch, each.Try, each.Step, Sql.Rejections(ErasedContent.Rejections(each.Rejections)))),
            .. outcomes.Select(each => Sql.Of("update payonce.run_requests set outcome = $3 where organisation_id = $1 and request_id = $2", org, each.RequestId, ErasedContent.Outcome(each.Outcome))),
        ]);
        return new ErasedCounts(0, 0, 0, 0, due.Length);
    }

    public Task NoteViewAsync(string organisationId, AuditEntry view, CancellationToken cancel) => StepAsync(organisationId, async work =>
    {
        await work.AppendAsync(view);
        return true;
    }, cancel);
}
