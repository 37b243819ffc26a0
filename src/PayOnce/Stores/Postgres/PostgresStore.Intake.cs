using Npgsql;
using PayOnce.Audit;
using PayOnce.Claims;
using PayOnce.Guard;

namespace PayOnce.Stores.Postgres;

public sealed partial class PostgresStore
{
    // The organisation whose last chunk held a claim that was there already. Only a hint, so a race over it is harmless.
    private volatile string? meetsKnownClaims;

    public async Task<IReadOnlyList<IntakeOutcome>> TakeInAsync(string organisationId, IReadOnlyList<ClaimRecord> claims, string source, string actor, CancellationToken cancel, string? onlyLifts = null)
    {
        if (claims.Count == 0) return [];
        // Whether there is anything to update shows only on the way, and a lock that is raised on the way is a deadlock waiting:
        // so the rare chunk with updates begins again and excludes reserving from the start.
        var exclusive = false;
        while (true)
        {
            var outcomes = await StepAsync(organisationId, work => TakeInNeededAsync(work, claims, source, actor, onlyLifts, exclusive), cancel);
            if (outcomes is not null) return outcomes;
            exclusive = true;
        }
    }

    /// <summary>
    /// The chunk without the claims that need a driver's acknowledgement and have none, unless they are stored just so: those were taken in when they might be.
    /// </summary>
    private async Task<IReadOnlyList<IntakeOutcome>?> TakeInNeededAsync(PostgresTransaction work, IReadOnlyList<ClaimRecord> claims, string source, string actor, string? onlyLifts, bool exclusive)
    {
        if (await NeedsOfAsync(work, claims) is not { } needs) return await TakeInAsync(work, claims, onlyLifts, exclusive, Told);
        var refused = claims.Select(needs.Against).ToArray();
        foreach (var stored in await work.ListAsync(reader => (int)reader.GetInt64(0), IntakeStatements.Stored(work.OrganisationId, claims))) refused[stored] = null;
        var free = claims.Where((_, i) => refused[i] is null).ToList();
        var taken = free.Count == 0 ? [] : await TakeInAsync(work, free, onlyLifts, exclusive, Told);
        if (taken is null) return null;
        var resting = free.Zip(taken).Where(each => each.Second is IntakeOutcome.Added or IntakeOutcome.Updated && needs.NumberFor(each.First) is not null)
            .Select(each => (each.First.ClaimId, needs.NumberFor(each.First)!.Value)).ToList();
        if (resting.Count > 0) await work.ExecuteAsync(FormStatements.RestOn(work.OrganisationId, resting));
        var next = 0;
        return [.. refused.Select(each => each ?? taken[next++])];

        AuditEntry Told(int added, int updated, IReadOnlyList<string> again) => AuditEntries.ClaimsTakenIn(source, added, updated, again, actor);
    }

    /// <param name="told">The event, where anything changed; null where the step that the intake is a part of tells of it.</param>
    private async Task<IReadOnlyList<IntakeOutcome>?> TakeInAsync(PostgresTransaction work, IReadOnlyList<ClaimRecord> claims, string? onlyLifts, bool exclusive, Func<int, int, IReadOnlyList<string>, AuditEntry>? told)
    {
        var (adopted, temporary) = await EnterIntakeAsync(work, exclusive);
        var input = temporary && claims.Count >= IntakeStatements.Big ? await IntakeStatements.CopyAsync(work, claims) : IntakeStatements.Unnest(work.OrganisationId, claims);
        var known = await AddAllAsync(work, input, adopted) ? [] : await work.ListAsync(reader => (int)reader.GetInt64(0), input.Insert(adopted));
        // Where one claim is known there are mostly more: a file comes a second time, or with those of last month.
        if (known.Count > 0) meetsKnownClaims = work.OrganisationId;
        else if (string.Equals(meetsKnownClaims, work.OrganisationId, StringComparison.Ordinal)) meetsKnownClaims = null;

        var outcomes = new IntakeOutcome[claims.Count];
        Array.Fill(outcomes, IntakeOutcome.Added.Instance);
        var changed = new List<KnownClaim>();
        if (known.Count > 0)
        {
            await foreach (var each in ReadKnownAsync(work, claims, known))
            {
                outcomes[each.Index] = Outcome(each, claims[each.Index], onlyLifts);
                if (outcomes[each.Index] is IntakeOutcome.Updated) changed.Add(each);
            }
        }
        if (changed.Count > 0 && !exclusive) return null;
        if (changed.Count > 0) await work.ExecuteAsync(IntakeStatements.Update(work.OrganisationId, claims, changed));
        var added = claims.Count - known.Count;
        var days = new ApprovalDays();
        var there = known.ToHashSet();
        for (var i = 0; i < claims.Count; i++)
        {
            if (!there.Contains(i)) days.Add(claims[i].ApprovedAt);
        }
        foreach (var each in changed)
        {
            days.Add(each.Stored!.Value, -1);
            days.Add(claims[each.Index].ApprovedAt);
        }
        await work.ExecuteAsync([.. TotalsStatements.Approved(work.OrganisationId, days)]);
        if (told is not null && added + changed.Count > 0) await work.AppendAsync(told(added, changed.Count, [.. changed.Where(each => each.Withdrawn).Select(each => claims[each.Index].ClaimId)]));
        return outcomes;
    }

    /// <summary>Locks the lease row, and tells whether the organisation ever adopted claims and whether temporary tables may be made.</summary>
    private static async Task<(bool Adopted, bool Temporary)> EnterIntakeAsync(PostgresTransaction work, bool exclusive)
    {
        await using var reader = await work.ReadAsync(
            exclusive ? LeaseStatements.Lock(work.OrganisationId) : LeaseStatements.Share(work.OrganisationId),
            Sql.Of("select exists (select 1 from payonce.runs where organisation_id = $1 and trigger = 'adopt'), has_database_privilege(current_database(), 'TEMP')", work.OrganisationId));
        if (!await reader.ReadAsync(work.Cancel)) throw new InvalidOperationException($"There is no organisation \"{work.OrganisationId}\".");
        await reader.NextResultAsync(work.Cancel);
        await reader.ReadAsync(work.Cancel);
        return (reader.GetBoolean(0), reader.GetBoolean(1));
    }

    /// <summary>False, with nothing changed: some of the claims are there or were adopted, and they must be taken in one by one.</summary>
    private async Task<bool> AddAllAsync(PostgresTransaction work, IntakeStatements input, bool adopted)
    {
        if (!input.Stays || string.Equals(meetsKnownClaims, work.OrganisationId, StringComparison.Ordinal)) return false;
        if (adopted && await work.AnyAsync(input.Marked())) return false;
        try
        {
            await work.ExecuteAsync([Sql.Of("savepoint payonce_fresh"), .. input.InsertFresh()]);
            return true;
        }
        catch (PostgresException fault) when (fault.SqlState == PostgresErrorCodes.UniqueViolation)
        {
            await work.ExecuteAsync(Sql.Of("rollback to savepoint payonce_fresh"));
            return false;
        }
    }

    private static async IAsyncEnumerable<KnownClaim> ReadKnownAsync(PostgresTransaction work, IReadOnlyList<ClaimRecord> claims, List<int> known)
    {
        await using var reader = await work.ReadAsync(IntakeStatements.Known(work.OrganisationId, claims, known));
        while (await reader.ReadAsync(work.Cancel)) yield return KnownClaim.Read(reader);
    }

    private static IntakeOutcome Outcome(KnownClaim known, ClaimRecord claim, string? onlyLifts) => known switch
    {
        // With the same content as with other: it would bring back what was erased, or let a withdrawn claim go.
        { ErasedAt: { } erasedAt } => new IntakeOutcome.Erased(erasedAt),
        // Approved again or not, what has left does not leave a second time.
        { LeftIn: { } run, Same: false } => new IntakeOutcome.Left(MarkState.Exported, run),
        { Same: true } and ({ Withdrawn: false } or { LeftIn: not null }) => IntakeOutcome.Unchanged.Instance,
        { Same: true } when onlyLifts is not null && known.WithdrawnBy != onlyLifts => IntakeOutcome.Unchanged.Instance,
        { Stored: null, Other: { } other } => new IntakeOutcome.SameIdButCase(other),
        { Stored: null } => throw new InvalidOperationException($"Claim {claim.ClaimId} was neither added nor found."),
        { State: { } state } when !state.MayBeReserved() => new IntakeOutcome.Left(state, known.RunId),
        _ => IntakeOutcome.Updated.Instance,
    };
}
