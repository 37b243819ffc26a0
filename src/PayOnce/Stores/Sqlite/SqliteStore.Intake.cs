using PayOnce.Audit;
using PayOnce.Claims;
using PayOnce.Guard;
using PayOnce.Runs;

namespace PayOnce.Stores.Sqlite;

public sealed partial class SqliteStore
{
    /// <inheritdoc/>
    public Task<IReadOnlyList<IntakeOutcome>> TakeInAsync(string organisationId, IReadOnlyList<ClaimRecord> claims, string source, string actor, CancellationToken cancel, string? onlyLifts = null) => WriteAsync<IReadOnlyList<IntakeOutcome>>(db =>
    {
        var now = Now();
        var outcomes = new IntakeOutcome[claims.Count];
        int added = 0, updated = 0;
        var again = new List<string>();
        var waiting = new CurrencySums();
        var needs = NeedsOf(db, organisationId, claims);
        var days = new ApprovalDays();
        for (var i = 0; i < claims.Count; i++)
        {
            outcomes[i] = needs?.Against(claims[i]) is { } missing && !IsStored(db, organisationId, claims[i]) ? missing : TakeIn(db, organisationId, claims[i], onlyLifts, waiting, days, again, now);
            if (outcomes[i] is IntakeOutcome.Added) added++;
            else if (outcomes[i] is IntakeOutcome.Updated) updated++;
            if (outcomes[i] is IntakeOutcome.Added or IntakeOutcome.Updated && needs?.NumberFor(claims[i]) is { } number) RestOn(db, organisationId, claims[i].ClaimId, number);
        }
        MoveWaiting(db, organisationId, waiting);
        MoveApproved(db, organisationId, days);
        if (added + updated > 0) Tell(db, organisationId, now, AuditEntries.ClaimsTakenIn(source, added, updated, again, actor));
        return outcomes;
    }, cancel);

    /// <summary>A claim of its own, in the transaction of what it comes of, whose event tells of both.</summary>
    private static IntakeOutcome TakeInOne(SqliteSession db, string organisationId, ClaimRecord claim, DateTimeOffset now)
    {
        var waiting = new CurrencySums();
        var days = new ApprovalDays();
        var outcome = TakeIn(db, organisationId, claim, onlyLifts: null, waiting, days, [], now);
        MoveWaiting(db, organisationId, waiting);
        MoveApproved(db, organisationId, days);
        return outcome;
    }

    /// <summary>What is stored already with this very content was taken in when it might be.</summary>
    private static bool IsStored(SqliteSession db, string organisationId, ClaimRecord claim) =>
        db.Any("select 1 from claims where organisation_id = ?1 and claim_id = ?2 and payload_hash = ?3 and withdrawn_at is null", organisationId, claim.ClaimId, claim.PayloadHash);

    private static IntakeOutcome TakeIn(SqliteSession db, string organisationId, ClaimRecord claim, string? onlyLifts, CurrencySums waiting, ApprovalDays days, List<string> again, DateTimeOffset now) =>
        SameIdButCaseAmongMarks(db, organisationId, claim) ?? (Insert(db, organisationId, claim, now) ? TakeInNew(db, organisationId, claim, waiting, days) : TakeInAgain(db, organisationId, claim, onlyLifts, waiting, days, again, now));

    // Every claim that has marks has one of generation 0, with the export key that intake computes: one probe finds the claim's
    // own marks and those of an id that differs only in case, which may have been adopted and never taken in.
    private static IntakeOutcome.SameIdButCase? SameIdButCaseAmongMarks(SqliteSession db, string organisationId, ClaimRecord claim)
    {
        using var rows = db.Query("select claim_id from marks where organisation_id = ?1 and export_key = ?2", organisationId, claim.ExportKey);
        return rows.Next() && rows.Row.Text(0) is var holder && !string.Equals(holder, claim.ClaimId, StringComparison.Ordinal)
            ? new IntakeOutcome.SameIdButCase(holder)
            : null;
    }

    private static bool Insert(SqliteSession db, string organisationId, ClaimRecord claim, DateTimeOffset now) => db.Run("""
        insert into claims (organisation_id, claim_id, export_key, claimant_id, claimant_name, type, currency, total_minor, approved_at, approved_by, lines, payload_hash, taken_in_at)
        values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)
        on conflict do nothing
        """,
        organisationId, claim.ClaimId, claim.ExportKey, claim.ClaimantId, claim.ClaimantName, claim.Type, claim.Currency, claim.TotalMinor,
        claim.ApprovedAt, claim.ApprovedBy, SqliteValue.Utf8(claim.Lines), claim.PayloadHash, now) == 1;

    private static IntakeOutcome.Added TakeInNew(SqliteSession db, string organisationId, ClaimRecord claim, CurrencySums waiting, ApprovalDays days)
    {
        days.Add(claim.ApprovedAt);
        var mark = NewestMark(db, organisationId, claim.ClaimId);
        if (mark is null || mark.State.MayBeReserved())
        {
            PutInWorkList(db, organisationId, claim.ClaimId, claim.ApprovedAt, mark?.Generation ?? 0, mark?.State == MarkState.Rejected);
            waiting.Add(claim.Currency, claim.TotalMinor);
        }
        return IntakeOutcome.Added.Instance;
    }

    /// <param name="again">Is told the claim's id if it was withdrawn and is approved again.</param>
    private static IntakeOutcome TakeInAgain(SqliteSession db, string organisationId, ClaimRecord claim, string? onlyLifts, CurrencySums waiting, ApprovalDays days, List<string> again, DateTimeOffset now)
    {
        var stored = db.First("select claim_id, payload_hash, approved_at, currency, total_minor, withdrawn_by, erased_at from claims where organisation_id = ?1 and export_key = ?2",
            row => new { ClaimId = row.Text(0), Same = row.Span(1).SequenceEqual(claim.PayloadHash.Span), ApprovedAt = row.Time(2), Currency = row.Text(3), TotalMinor = row.Long(4), WithdrawnBy = row.TextOrNull(5), ErasedAt = row.TimeOrNull(6) }, organisationId, claim.ExportKey)
            ?? throw new InvalidOperationException($"Claim {claim.ClaimId} is stored with an export key that is not its own.");
        if (!string.Equals(stored.ClaimId, claim.ClaimId, StringComparison.Ordinal)) return new IntakeOutcome.SameIdButCase(stored.ClaimId);
        // With the same content as with other: it would bring back what was erased, or let a withdrawn claim go.
        if (stored.ErasedAt is { } erasedAt) return new IntakeOutcome.Erased(erasedAt);
        if (stored.Same && (stored.WithdrawnBy is null || (onlyLifts is not null && stored.WithdrawnBy != onlyLifts))) return IntakeOutcome.Unchanged.Instance;
        // Approved again or not, what has left does not leave a second time.
        if (stored.WithdrawnBy is not null && LeftIn(db, organisationId, claim.ClaimId) is { } run) return stored.Same ? IntakeOutcome.Unchanged.Instance : new IntakeOutcome.Left(MarkState.Exported, run);

        var mark = NewestMark(db, organisationId, claim.ClaimId);
        if (mark is not null && !mark.State.MayBeReserved()) return new IntakeOutcome.Left(mark.State, mark.RunId);
        db.Run("""
            update claims set claimant_id = ?3, claimant_name = ?4, type = ?5, currency = ?6, total_minor = ?7, approved_at = ?8, approved_by = ?9, lines = ?10, payload_hash = ?11, taken_in_at = ?12,
                              withdrawn_at = null, withdrawn_by = null, withdrawn_reason = null
            where organisation_id = ?1 and claim_id = ?2
            """,
            organisationId, claim.ClaimId, claim.ClaimantId, claim.ClaimantName, claim.Type, claim.Currency, claim.TotalMinor,
            claim.ApprovedAt, claim.ApprovedBy, SqliteValue.Utf8(claim.Lines), claim.PayloadHash, now);
        if (db.Run("delete from pending where organisation_id = ?1 and approved_at = ?2 and claim_id = ?3", organisationId, stored.ApprovedAt, claim.ClaimId) == 1)
            waiting.Add(stored.Currency, stored.TotalMinor, -1);
        PutInWorkList(db, organisationId, claim.ClaimId, claim.ApprovedAt, mark?.Generation ?? 0, mark?.State == MarkState.Rejected);
        waiting.Add(claim.Currency, claim.TotalMinor);
        days.Add(stored.ApprovedAt, -1);
        days.Add(claim.ApprovedAt);
        if (stored.WithdrawnBy is not null) again.Add(claim.ClaimId);
        return IntakeOutcome.Updated.Instance;
    }

    /// <inheritdoc/>
    public Task<AdoptAnswer> AdoptAsync(AdoptRequest request, CancellationToken cancel) => WriteAsync<AdoptAnswer>(db =>
    {
        var now = Now();
        var (organisationId, claims) = (request.OrganisationId, request.Claims);
        var lease = ReadLease(db, organisationId);
        if (lease.IsHeld(now)) return new AdoptAnswer.Busy(RequireRun(db, organisationId, lease.RunId!.Value));

        // A lease that ran out is taken away from its holder, whose run the next recovery ends.
        var (epoch, runId) = (NextEpoch(db, organisationId, lease, request.KnownOutside, request.Actor, now), lease.LastRunId + 1);
        InsertRun(db, organisationId, runId, RunTrigger.Adopt, RunState.Finished, request.Actor, request.Holder, request.Nonce, epoch, ClaimScope.Everything, exporter: "", format: "", integrationVersion: 0, now, lease.NextVoucher);
        db.Run("update run_leases set epoch = ?2, holder = null, run_id = null, last_run_id = ?3, taken_at = ?4, expires_at = null where organisation_id = ?1", organisationId, epoch, runId, now);

        var held = new List<HeldClaim>();
        var exported = new CurrencySums();
        foreach (var claim in claims)
        {
            if (Adopt(db, organisationId, claim, epoch, runId, exported, now) is { } holding) held.Add(holding);
        }
        MoveExported(db, organisationId, runId, exported);
        var count = claims.Count - held.Count;
        db.Run("update runs set candidates = ?3, reserved = ?3, exported = ?3, ended_at = ?4 where organisation_id = ?1 and run_id = ?2", organisationId, runId, count, now);
        Tell(db, organisationId, now, AuditEntries.ClaimsAdopted(runId, count, request.Reason, request.Actor));
        return new AdoptAnswer.Adopted(runId, epoch, count, held);
    }, cancel);

    private static HeldClaim? Adopt(SqliteSession db, string organisationId, AdoptedClaim claim, long epoch, long runId, CurrencySums exported, DateTimeOffset now)
    {
        // The accounting system cannot tell ids apart that differ only in case: the claim is the one that is known here.
        var exportKey = ExportKey.Derive(organisationId, claim.ClaimId, generation: 0);
        var claimId = db.First("""
            select claim_id from marks where organisation_id = ?1 and export_key = ?2
            union all select claim_id from claims where organisation_id = ?1 and export_key = ?2 limit 1
            """, row => row.Text(0), organisationId, exportKey) ?? claim.ClaimId;
        var mark = NewestMark(db, organisationId, claimId);
        if (mark is null)
        {
            db.Run("""
                insert into marks (organisation_id, claim_id, generation, state, attempt, epoch, run_id, batch, export_key, evidence, acknowledgement, changed_at)
                values (?1, ?2, 0, 'exported', 0, ?3, ?4, 0, ?5, 'booked', ?6, ?7)
                """, organisationId, claimId, epoch, runId, exportKey, claim.Reference, now);
        }
        else if (mark.State.MayBeReserved())
        {
            KeepFormerAttempt(db, organisationId, claimId, mark.Generation);
            db.Run("""
                update marks set state = 'exported', epoch = ?4, run_id = ?5, batch = 0, payload_hash = null, evidence = 'booked', acknowledgement = ?6, reason = null, changed_at = ?7
                where organisation_id = ?1 and claim_id = ?2 and generation = ?3 and state in ('released', 'rejected')
                """, organisationId, claimId, mark.Generation, epoch, runId, claim.Reference, now);
        }
        else
        {
            return new HeldClaim(claimId, mark.Generation, mark.State, mark.RunId);
        }
        AddExported(db, organisationId, claimId, exported);
        Acknowledge(db, organisationId, claim.Reference, claimId, mark?.Generation ?? 0);
        MovingWaiting(db, organisationId, claimId, () => db.Run("""
            delete from pending where organisation_id = ?1 and claim_id = ?2
            and approved_at = (select approved_at from claims where organisation_id = ?1 and claim_id = ?2)
            """, organisationId, claimId));
        LiftWithdrawal(db, organisationId, claimId);
        return null;
    }
}
