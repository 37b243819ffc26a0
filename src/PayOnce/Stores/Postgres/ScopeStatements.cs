using Npgsql;
using PayOnce.Runs;

namespace PayOnce.Stores.Postgres;

/// <summary>How many claims a scope has.</summary>
internal static class ScopeStatements
{
    /// <summary>
    /// One row: how many of the scope's claims wait, and how many there are that are not withdrawn. The second grows with every export, so that whole days are
    /// not counted but summed; only what a period cuts off at its ends is looked at.
    /// </summary>
    public static NpgsqlBatchCommand Count(string organisationId, ClaimScope scope)
    {
        const string InScope = "organisation_id = $1 and ($2::timestamptz is null or approved_at >= $2) and ($3::timestamptz is null or approved_at < $3) and ($4::text is null or claim_id = $4)";
        const string Waiting = $"(select count(*) from payonce.pending where {InScope})";
        const string Withdrawn = $"(select count(*) from payonce.claims where {InScope} and withdrawn_at is not null)";
        List<object?> values = [organisationId, scope.From, scope.Before, scope.ClaimId];
        if (scope.ClaimId is not null) return Sql.Of($"select {Waiting}, (select count(*) from payonce.claims where {InScope}) - {Withdrawn}", [.. values]);
        var days = ScopeDays.Of(scope);
        values.AddRange([days.First is { } first ? Sql.Day(first) : null, days.Behind is { } behind ? Sql.Day(behind) : null]);
        var all = "(select coalesce(sum(claims), 0)::bigint from payonce.approval_days where organisation_id = $1 and ($5::text is null or day >= $5::text::date) and ($6::text is null or day < $6::text::date))";
        foreach (var (from, before) in days.Ends)
        {
            values.AddRange([from, before]);
            all += FormattableString.Invariant($" + (select count(*) from payonce.claims where organisation_id = $1 and approved_at >= ${values.Count - 1} and (${values.Count}::timestamptz is null or approved_at < ${values.Count}))");
        }
        return Sql.Of($"select {Waiting}, {all} - {Withdrawn}", [.. values]);
    }
}
