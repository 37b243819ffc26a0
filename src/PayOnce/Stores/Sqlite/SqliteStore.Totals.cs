using PayOnce.Runs;

namespace PayOnce.Stores.Sqlite;

/// <summary>The sums that pages show, moved by the commits that move what they sum: a few rows a commit, however many claims.</summary>
public sealed partial class SqliteStore
{
    /// <summary>Longest acknowledgement that can be searched for, in characters: what is longer is no id.</summary>
    private const int LongestAcknowledgement = 200;

    private static void MoveWaiting(SqliteSession db, string organisationId, CurrencySums moved)
    {
        foreach (var (currency, claims, amountMinor) in moved.All)
        {
            db.Run("""
                insert into waiting_totals (organisation_id, currency, claims, amount_minor) values (?1, ?2, ?3, ?4)
                on conflict (organisation_id, currency) do update set claims = claims + ?3, amount_minor = amount_minor + ?4
                """, organisationId, currency, claims, amountMinor);
        }
    }

    private static void MoveApproved(SqliteSession db, string organisationId, ApprovalDays moved)
    {
        foreach (var (day, claims) in moved.All)
        {
            db.Run("insert into approval_days (organisation_id, day, claims) values (?1, ?2, ?3) on conflict (organisation_id, day) do update set claims = claims + ?3",
                organisationId, Text(day), claims);
        }
    }

    /// <summary>A day as it is stored.</summary>
    private static string Text(DateOnly day) => day.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>Does something that may put one claim into the work list or take it out, and moves the sums by what it did.</summary>
    private static void MovingWaiting(SqliteSession db, string organisationId, string claimId, Action move)
    {
        var moved = new CurrencySums();
        CountWaiting(-1);
        move();
        CountWaiting(+1);
        MoveWaiting(db, organisationId, moved);

        void CountWaiting(int sign)
        {
            using var rows = db.Query($"select c.currency, c.total_minor from claims c where c.organisation_id = ?1 and c.claim_id = ?2 and {IsWaiting}", organisationId, claimId);
            if (rows.Next()) moved.Add(rows.Row.Text(0), rows.Row.Long(1), sign);
        }
    }

    private static void MoveTaken(SqliteSession db, Lease lease, CurrencySums taken)
    {
        foreach (var (currency, claims, amountMinor) in taken.All)
        {
            db.Run("""
                insert into run_totals (organisation_id, run_id, currency, taken, taken_minor) values (?1, ?2, ?3, ?4, ?5)
                on conflict (organisation_id, run_id, currency) do update set taken = taken + excluded.taken, taken_minor = taken_minor + excluded.taken_minor
                """, lease.OrganisationId, lease.RunId, currency, claims, amountMinor);
        }
    }

    /// <summary>Everything that the run took is exported: a file's claims go together.</summary>
    private static void ExportTaken(SqliteSession db, Lease lease) =>
        db.Run("update run_totals set claims = taken, amount_minor = taken_minor where organisation_id = ?1 and run_id = ?2", lease.OrganisationId, lease.RunId);

    private static void MoveExported(SqliteSession db, string organisationId, long runId, CurrencySums exported)
    {
        foreach (var (currency, claims, amountMinor) in exported.All)
        {
            db.Run("""
                insert into run_totals (organisation_id, run_id, currency, claims, amount_minor) values (?1, ?2, ?3, ?4, ?5)
                on conflict (organisation_id, run_id, currency) do update set claims = claims + ?4, amount_minor = amount_minor + ?5
                """, organisationId, runId, currency, claims, amountMinor);
        }
    }

    /// <summary>Adds one claim to what a run has exported.</summary>
    private static void AddExported(SqliteSession db, string organisationId, string claimId, CurrencySums exported)
    {
        using var rows = db.Query("select currency, total_minor from claims where organisation_id = ?1 and claim_id = ?2", organisationId, claimId);
        if (rows.Next()) exported.Add(rows.Row.Text(0), rows.Row.Long(1));
        else exported.Add("", 0);
    }

    private static void AddExported(SqliteSession db, string organisationId, long runId, string claimId)
    {
        var exported = new CurrencySums();
        AddExported(db, organisationId, claimId, exported);
        MoveExported(db, organisationId, runId, exported);
    }

    /// <summary>Adds the claims of a run that are about to become exported, or takes away those that are about to be no more.</summary>
    /// <param name="which">A condition on the marks as they still are.</param>
    private static void AddExportedWhere(SqliteSession db, string organisationId, long runId, string which, int sign)
    {
        var exported = new CurrencySums();
        using (var rows = db.Query($"""
            select coalesce(c.currency, ''), coalesce(c.total_minor, 0) from marks m left join claims c on c.organisation_id = m.organisation_id and c.claim_id = m.claim_id
            where m.organisation_id = ?1 and m.run_id = ?2 and {which}
            """, organisationId, runId))
        {
            while (rows.Next()) exported.Add(rows.Row.Text(0), rows.Row.Long(1), sign);
        }
        MoveExported(db, organisationId, runId, exported);
    }

    /// <summary>Keeps an acknowledgement so that its claim can be found by it.</summary>
    private static void Acknowledge(SqliteSession db, string organisationId, string? acknowledgement, string claimId, int generation)
    {
        if (acknowledgement is not { Length: > 0 and <= LongestAcknowledgement }) return;
        db.Run("insert into acknowledgements (organisation_id, acknowledgement, claim_id, generation) values (?1, ?2, ?3, ?4) on conflict do nothing",
            organisationId, acknowledgement, claimId, generation);
    }
}
