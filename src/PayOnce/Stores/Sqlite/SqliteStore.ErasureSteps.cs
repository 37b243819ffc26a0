using PayOnce.Claims.Forms;
using PayOnce.Privacy;

namespace PayOnce.Stores.Sqlite;

// What one step of an erasure takes. ?1 is the organisation, ?2 the moment before which documents must be dated.
public sealed partial class SqliteStore
{
    /// <summary>Runs of one commit: their bytes may be large.</summary>
    private const int RunsAtOnce = 10;

    /// <summary>Forms that never became a claim and were not touched since.</summary>
    private const string DueForms = """
        f.organisation_id = ?1 and f.erased_at is null and f.state in ('draft', 'sent_back', 'discarded') and f.changed_at < ?2
        and not exists (select 1 from claims c where c.organisation_id = f.organisation_id and c.claim_id = f.form_id and c.erased_at is null)
        """;

    /// <summary>No claim rests on it any more, and it is withdrawn, outdated, followed by another, or of somebody who has nothing here.</summary>
    private const string DueAcknowledgements = """
        a.organisation_id = ?1 and a.erased_at is null and a.at < ?2
        and not exists (select 1 from declaration_withdrawals w where w.organisation_id = a.organisation_id and w.number = a.number and w.at >= ?2)
        and not exists (select 1 from claim_acknowledgements x cross join claims c on c.organisation_id = x.organisation_id and c.claim_id = x.claim_id
                        where x.organisation_id = a.organisation_id and x.number = a.number and c.erased_at is null)
        and (exists (select 1 from declaration_withdrawals w where w.organisation_id = a.organisation_id and w.number = a.number)
             or a.version < (select max(s.version) from organisation_settings s where s.organisation_id = a.organisation_id and s.topic = 'declaration')
             or exists (select 1 from declaration_acknowledgements n where n.organisation_id = a.organisation_id and n.claimant_id = a.claimant_id and n.number > a.number)
             or not exists (select 1 from memberships p where p.organisation_id = a.organisation_id and p.claimant_id = a.claimant_id
                            union all select 1 from claims c where c.organisation_id = a.organisation_id and c.claimant_id = a.claimant_id
                            union all select 1 from claim_forms f where f.organisation_id = a.organisation_id and f.claimant_id = a.claimant_id))
        """;

    /// <summary>Ended long ago, with nothing of unknown fate, and bytes or texts that can name somebody.</summary>
    private const string DueRuns = """
        r.organisation_id = ?1 and r.started_at < ?2 and r.state <> 'running'
        and not exists (select 1 from erased_runs e where e.organisation_id = r.organisation_id and e.run_id = r.run_id)
        and (r.failure is not null or exists (select 1 from batches b where b.organisation_id = r.organisation_id and b.run_id = r.run_id))
        and not exists (select 1 from marks m where m.organisation_id = r.organisation_id and m.run_id = r.run_id and m.state in ('reserved', 'in_doubt'))
        """;

    private static (ErasedCounts Step, ErasurePlace Next) EraseClaims(SqliteSession db, string organisationId, Erasure erasure, ErasurePlace how, int size, CurrencySums totals, DateTimeOffset now)
    {
        var due = db.All($"""
            select c.claim_id, c.claimant_id, c.currency, c.total_minor, c.approved_at, c.lines, c.withdrawn_at is null and m.state is not 'exported'
            from {DueClaimsFrom}
            where c.organisation_id = ?1 and (c.approved_at, c.claim_id) > (?3, ?4) and c.approved_at < ?2 and c.erased_at is null and {IsDue}
            order by c.approved_at, c.claim_id limit ?5
            """, row => new DueClaim(row.Text(0), row.Text(1), row.Text(2), row.Long(3), row.Time(4), row.Bytes(5), row.Long(6) == 1), organisationId, erasure.Before, how.At, how.Id, size);
        if (due.Count == 0) return (default, how);
        var step = new ErasedCounts(due.Count, 0, 0, 0, 0);
        foreach (var claim in due)
        {
            if (claim.Rejected) WithdrawForGood(db, organisationId, claim, erasure, now);
            db.Run("""
                update claims set claimant_id = ?3, claimant_name = 'erased', approved_by = 'erased', lines = ?4, erased_at = ?5,
                                  withdrawn_by = case when withdrawn_at is null then null else 'erased' end, withdrawn_reason = case when withdrawn_at is null then null else 'erased' end
                where organisation_id = ?1 and claim_id = ?2
                """, organisationId, claim.ClaimId, ErasedContent.Pseudonym(how.Salt, claim.ClaimantId), SqliteValue.Utf8(ErasedContent.Lines(claim.Lines)), now);
            // Why a claim was refused or came back can quote it; why somebody decided something stands in the trail as well.
            db.Run("update marks set reason = 'erased' where organisation_id = ?1 and claim_id = ?2 and state in ('rejected', 'released') and reason is not null", organisationId, claim.ClaimId);
            if (OneForm(db, organisationId, claim.ClaimId) is { } form) step += EraseForm(db, organisationId, form, how.Salt, now);
            totals.Add(claim.Currency, claim.TotalMinor);
        }
        return (step, how with { At = SqliteTime.ToMicroseconds(due[^1].ApprovedAt), Id = due[^1].ClaimId });
    }

    /// <summary>A rejected claim would be tried again by each run: without its content there is nothing to try.</summary>
    private static void WithdrawForGood(SqliteSession db, string organisationId, DueClaim claim, Erasure erasure, DateTimeOffset now)
    {
        MovingWaiting(db, organisationId, claim.ClaimId, () => db.Run("delete from pending where organisation_id = ?1 and approved_at = ?2 and claim_id = ?3", organisationId, claim.ApprovedAt, claim.ClaimId));
        db.Run("update claims set withdrawn_at = ?3, withdrawn_by = ?4, withdrawn_reason = ?5 where organisation_id = ?1 and claim_id = ?2", organisationId, claim.ClaimId, now, erasure.Actor, ErasedContent.Word);
    }

    private static ErasedCounts EraseForms(SqliteSession db, string organisationId, Erasure erasure, ErasurePlace how, int size, DateTimeOffset now)
    {
        var step = default(ErasedCounts);
        foreach (var formId in db.All($"select f.form_id from claim_forms f where {DueForms} order by f.form_id limit ?3", row => row.Text(0), organisationId, erasure.Before, size))
            step += EraseForm(db, organisationId, OneForm(db, organisationId, formId)!, how.Salt, now);
        return step;
    }

    private static ErasedCounts EraseForm(SqliteSession db, string organisationId, ClaimForm form, byte[] salt, DateTimeOffset now)
    {
        db.Run("""
            update claim_forms set claimant_id = ?3, claimant_name = 'erased', user_id = '', content = ?4, reason = null, erased_at = ?5,
                                   decided_by = case when decided_by is null then null else 'erased' end, decided_by_name = case when decided_by_name is null then null else 'erased' end,
                                   state = case when state in ('draft', 'sent_back') then 'discarded' else state end
            where organisation_id = ?1 and form_id = ?2
            """, organisationId, form.FormId, ErasedContent.Pseudonym(salt, form.ClaimantId), ErasedContent.Form(form.Content).ToJson(), now);
        db.Run("update receipts set name = 'erased' where organisation_id = ?1 and form_id = ?2", organisationId, form.FormId);
        db.Run("delete from receipt_chunks where organisation_id = ?1 and form_id = ?2", organisationId, form.FormId);
        return new ErasedCounts(0, 1, form.Receipts.Count, 0, 0);
    }

    private static ErasedCounts EraseAcknowledgements(SqliteSession db, string organisationId, Erasure erasure, ErasurePlace how, int size, DateTimeOffset now)
    {
        var due = db.All($"select a.number, a.claimant_id from declaration_acknowledgements a where {DueAcknowledgements} order by a.number limit ?3",
            row => (Number: row.Long(0), ClaimantId: row.Text(1)), organisationId, erasure.Before, size);
        foreach (var (number, claimantId) in due)
        {
            db.Run("update declaration_acknowledgements set claimant_id = ?3, user_id = '', name = 'erased', text = '', erased_at = ?4 where organisation_id = ?1 and number = ?2",
                organisationId, number, ErasedContent.Pseudonym(how.Salt, claimantId), now);
            db.Run("update declaration_withdrawals set actor = 'erased', reason = null where organisation_id = ?1 and number = ?2", organisationId, number);
        }
        return new ErasedCounts(0, 0, 0, due.Count, 0);
    }

    private static ErasedCounts EraseRuns(SqliteSession db, string organisationId, Erasure erasure, DateTimeOffset now)
    {
        var due = db.All($"select r.run_id from runs r where {DueRuns} order by r.run_id limit {RunsAtOnce}", row => row.Long(0), organisationId, erasure.Before);
        foreach (var runId in due)
        {
            db.Run("insert into erased_runs (organisation_id, run_id, at) values (?1, ?2, ?3)", organisationId, runId, now);
            db.Run("update batches set content = x'' where organisation_id = ?1 and run_id = ?2", organisationId, runId);
            db.Run("update files set erased_at = ?3 where organisation_id = ?1 and run_id = ?2", organisationId, runId, now);
            db.Run("update runs set failure = 'erased' where organisation_id = ?1 and run_id = ?2 and failure is not null", organisationId, runId);
            foreach (var (requestId, outcome) in db.All("select request_id, outcome from run_requests where organisation_id = ?1 and run_id = ?2 and outcome is not null", row => (row.Long(0), row.Text(1)), organisationId, runId))
                db.Run("update run_requests set outcome = ?3 where organisation_id = ?1 and request_id = ?2", organisationId, requestId, ErasedContent.Outcome(outcome));
            db.Run("update attempts set error = 'erased' where organisation_id = ?1 and run_id = ?2 and error is not null", organisationId, runId);
            foreach (var (batch, tried, step, rejections) in db.All("select batch, try, step, rejections from attempts where organisation_id = ?1 and run_id = ?2 and rejections is not null",
                row => (row.Int(0), row.Int(1), row.Text(2), StoredJson.ReadRejections(row.Span(3))), organisationId, runId))
            {
                db.Run("update attempts set rejections = ?6 where organisation_id = ?1 and run_id = ?2 and batch = ?3 and try = ?4 and step = ?5",
                    organisationId, runId, batch, tried, step, SqliteValue.Utf8(StoredJson.Rejections(ErasedContent.Rejections(rejections))));
            }
        }
        return new ErasedCounts(0, 0, 0, 0, due.Count);
    }
}
