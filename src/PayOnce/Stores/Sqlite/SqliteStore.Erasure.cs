using PayOnce.Audit;
using PayOnce.Privacy;
using PayOnce.Runs;

namespace PayOnce.Stores.Sqlite;

// Personal fields of documents past their time, step by step (docs/decisions/0021).
public sealed partial class SqliteStore
{
    private const string DueClaimsFrom = $"""
        claims c {NewestMarkOfClaim}
        left join runs r on r.organisation_id = c.organisation_id and r.run_id = m.run_id
        left join claim_forms f on f.organisation_id = c.organisation_id and f.form_id = c.claim_id
        """;

    /// <summary>?2: the moment before which its documents must be dated. Its approval is a bound of its own, so that it makes a range.</summary>
    private const string IsDue = """
        (f.form_id is null or (f.state <> 'submitted' and f.changed_at < ?2))
        and case when m.state = 'exported' then coalesce(r.started_at, m.changed_at) < ?2
                 when m.state in ('reserved', 'in_doubt') then 0
                 when c.withdrawn_at is not null then c.withdrawn_at < ?2
                 else coalesce(m.state = 'rejected' and m.changed_at < ?2, 0) end
        """;

    private const string ErasureColumns = "number, before, reason, actor, claims, forms, receipts, acknowledgements, runs, begun_at, ended_at";

    private static Erasure ReadErasure(SqliteStatement row) => new(
        row.Long(0), row.Time(1), row.Text(2), row.Text(3), new ErasedCounts(row.Long(4), row.Long(5), row.Long(6), row.Long(7), row.Long(8)), row.Time(9), row.TimeOrNull(10));

    private static DateTimeOffset? ErasedAt(SqliteSession db, string organisationId, string claimId)
    {
        using var rows = db.Query("select erased_at from claims where organisation_id = ?1 and claim_id = ?2", organisationId, claimId);
        return rows.Next() ? rows.Row.TimeOrNull(0) : null;
    }

    /// <summary>Whether a claim that a roll-back would have wait again can never leave again.</summary>
    private static bool HasErasedClaims(SqliteSession db, string organisationId, long runId) => db.Any("""
        select 1 from marks m cross join claims c on c.organisation_id = m.organisation_id and c.claim_id = m.claim_id
        where m.organisation_id = ?1 and m.run_id = ?2 and c.erased_at is not null limit 1
        """, organisationId, runId);

    /// <inheritdoc/>
    public Task<DateTimeOffset?> FindOldestApprovalAsync(string organisationId, CancellationToken cancel) => ReadAsync(db =>
    {
        using var rows = db.Query("select approved_at from claims where organisation_id = ?1 and erased_at is null order by approved_at limit 1", organisationId);
        return rows.Next() ? rows.Row.Time(0) : default(DateTimeOffset?);
    }, cancel);

    /// <inheritdoc/>
    public Task<DueClaims> CountDueClaimsAsync(string organisationId, DateTimeOffset from, DateTimeOffset before, DateTimeOffset due, CancellationToken cancel) => ReadAsync(db =>
    {
        var counted = db.All($"""
            select kind, currency, count(*), sum(total_minor) from (
                select case when {IsDue} then 'due' when m.state in ('in_doubt', 'reserved') then m.state when m.state = 'exported' or c.withdrawn_at is not null then 'later' else 'waiting' end as kind, c.currency, c.total_minor
                from {DueClaimsFrom} where c.organisation_id = ?1 and c.approved_at >= ?3 and c.approved_at < ?4 and c.erased_at is null)
            group by kind, currency order by currency
            """, row => (Kind: row.Text(0), Currency: row.Text(1), Claims: row.Long(2), AmountMinor: row.Long(3)), organisationId, due, from, before);
        long Of(string kind) => counted.Where(each => each.Kind == kind).Sum(each => each.Claims);
        return new DueClaims(Of("due"), [.. counted.Where(each => each.Kind == "due").Select(each => new ControlTotal(each.Currency, each.AmountMinor))], Of("in_doubt"), Of("reserved"), Of("waiting"), Of("later"));
    }, cancel);

    /// <inheritdoc/>
    public Task<ErasedCounts> CountDueDocumentsAsync(string organisationId, DateTimeOffset due, CancellationToken cancel) => ReadAsync(db => new ErasedCounts(
        0,
        db.Number($"select count(*) from claim_forms f where {DueForms}", organisationId, due),
        0,
        db.Number($"select count(*) from declaration_acknowledgements a where {DueAcknowledgements}", organisationId, due),
        db.Number($"select count(*) from runs r where {DueRuns}", organisationId, due)), cancel);

    /// <inheritdoc/>
    public Task<IReadOnlyList<Erasure>> ListErasuresAsync(string organisationId, int size, CancellationToken cancel) => ReadAsync<IReadOnlyList<Erasure>>(db =>
        db.All($"select {ErasureColumns} from erasures where organisation_id = ?1 order by number desc limit ?2", ReadErasure, organisationId, size), cancel);

    /// <inheritdoc/>
    public Task<BeginErasureAnswer> BeginErasureAsync(string organisationId, NewErasure erasure, CancellationToken cancel) => WriteAsync<BeginErasureAnswer>(db =>
    {
        if (db.First($"select {ErasureColumns} from erasures where organisation_id = ?1 and ended_at is null", ReadErasure, organisationId) is { } open) return new BeginErasureAnswer.GoesOn(open);
        if (db.Any("select 1 from restores where organisation_id = ?1", organisationId)) return new BeginErasureAnswer.Restoring();
        var now = Now();
        var number = db.Number("select max(number) from erasures where organisation_id = ?1", organisationId) + 1;
        db.Run("""
            insert into erasures (organisation_id, number, before, reason, actor, phase, cursor_at, cursor_id, salt, begun_at) values (?1, ?2, ?3, ?4, ?5, 'claims', ?6, '', ?7, ?8)
            """, organisationId, number, erasure.Before, erasure.Reason, erasure.Actor, long.MinValue, erasure.Salt, now);
        Tell(db, organisationId, now, AuditEntries.ErasureBegun(number, erasure));
        return new BeginErasureAnswer.Begun(OneErasure(db, organisationId, number));
    }, cancel);

    private static Erasure OneErasure(SqliteSession db, string organisationId, long number) =>
        db.First($"select {ErasureColumns} from erasures where organisation_id = ?1 and number = ?2", ReadErasure, organisationId, number)
        ?? throw new InvalidOperationException(FormattableString.Invariant($"There is no erasure {number} of {organisationId}."));

    /// <inheritdoc/>
    public async Task<Erasure> EraseNextAsync(string organisationId, long number, int size, string actor, CancellationToken cancel)
    {
        var after = await WriteAsync(db => EraseNext(db, organisationId, OneErasure(db, organisationId, number), size, actor), cancel);
        if (after.EndedAt is not null) await RebuildAsync();
        return after;
    }

    private Erasure EraseNext(SqliteSession db, string organisationId, Erasure erasure, int size, string actor)
    {
        if (erasure.EndedAt is not null) return erasure;
        var now = Now();
        var how = db.First("select phase, cursor_at, cursor_id, salt from erasures where organisation_id = ?1 and number = ?2",
            row => new ErasurePlace(ErasurePhases.Parse(row.Text(0)), row.Long(1), row.Text(2), row.Bytes(3)), organisationId, erasure.Number)!;
        var totals = new CurrencySums();
        var step = default(ErasedCounts);
        while (step.IsNothing)
        {
            (step, var next) = how.Phase switch
            {
                ErasurePhase.Claims => EraseClaims(db, organisationId, erasure, how, size, totals, now),
                ErasurePhase.Forms => (EraseForms(db, organisationId, erasure, how, size, now), how),
                ErasurePhase.Acknowledgements => (EraseAcknowledgements(db, organisationId, erasure, how, size, now), how),
                _ => (EraseRuns(db, organisationId, erasure, now), how),
            };
            how = next;
            if (!step.IsNothing) break;
            if (how.Phase is ErasurePhase.Runs) return End(db, organisationId, erasure, actor, now);
            how = how with { Phase = how.Phase + 1 };
        }
        db.Run("""
            update erasures set phase = ?3, cursor_at = ?4, cursor_id = ?5, claims = claims + ?6, forms = forms + ?7, receipts = receipts + ?8, acknowledgements = acknowledgements + ?9, runs = runs + ?10
            where organisation_id = ?1 and number = ?2
            """, organisationId, erasure.Number, how.Phase.Text(), how.At, how.Id, step.Claims, step.Forms, step.Receipts, step.Acknowledgements, step.Runs);
        Tell(db, organisationId, now, AuditEntries.DocumentsErased(erasure, step, actor, [.. totals.All.Select(each => new ControlTotal(each.Currency, each.AmountMinor))]));
        return OneErasure(db, organisationId, erasure.Number);
    }

    private static Erasure End(SqliteSession db, string organisationId, Erasure erasure, string actor, DateTimeOffset now)
    {
        // What a source could not give is read anew from there, and is no document of ours.
        db.Run("delete from source_refusals where organisation_id = ?1 and since < ?2", organisationId, erasure.Before);
        db.Run("update erasures set salt = null, ended_at = ?3 where organisation_id = ?1 and number = ?2", organisationId, erasure.Number, now);
        Tell(db, organisationId, now, AuditEntries.ErasureEnded(erasure, actor));
        return OneErasure(db, organisationId, erasure.Number);
    }

    /// <summary>
    /// Rows that moved from page to page have left copies in what is free of them, where <c>secure_delete</c> does not come: only a file that is written anew has none
    /// (https://www.sqlite.org/lang_vacuum.html). Pages as they were stand in the log until it is written home and cut. While somebody reads it stays; the next checkpoint takes it.
    /// </summary>
    private async Task RebuildAsync()
    {
        await writing.WaitAsync();
        try
        {
            writer?.Run("vacuum");
            writer?.Run("pragma wal_checkpoint(truncate)");
        }
        catch (Microsoft.Data.Sqlite.SqliteException error) when (Sentence(error) is { } sentence)
        {
            throw new StoreUnavailableException($"Everything that was asked for is erased, but its traces in the free space of the file are not: {sentence} Erase again, and only that is done.", error);
        }
        finally
        {
            writing.Release();
        }
    }

    /// <inheritdoc/>
    public Task NoteViewAsync(string organisationId, AuditEntry view, CancellationToken cancel) => WriteAsync(db =>
    {
        Tell(db, organisationId, Now(), view);
        return true;
    }, cancel);
}
