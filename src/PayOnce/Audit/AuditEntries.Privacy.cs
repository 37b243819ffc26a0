using PayOnce.Privacy;
using PayOnce.Runs;

namespace PayOnce.Audit;

// Erasure, and who saw personal data. Claims and claimants are named by their ids alone.
public static partial class AuditEntries
{
    public static AuditEntry ErasureBegun(long number, NewErasure erasure) =>
        Entry(erasure.Actor, AuditActions.ErasureBegun, ErasureSubject(number), json =>
        {
            json.WriteString("before", erasure.Before);
            json.WriteString("reason", erasure.Reason);
        });

    /// <summary>One step of an erasure.</summary>
    /// <param name="totals">What the claims come to, by currency.</param>
    public static AuditEntry DocumentsErased(Erasure erasure, ErasedCounts step, string actor, IReadOnlyList<ControlTotal> totals) =>
        Entry(actor, AuditActions.DocumentsErased, ErasureSubject(erasure.Number), json =>
        {
            Counts(json, step);
            if (step.Claims > 0) Totals(json, totals);
        });

    public static AuditEntry ErasureEnded(Erasure erasure, string actor) =>
        Entry(actor, AuditActions.ErasureEnded, ErasureSubject(erasure.Number), json => Counts(json, erasure.Counts));

    /// <summary>Somebody was shown personal data.</summary>
    /// <param name="what">Which page, endpoint or command: <c>claim</c>, <c>claims</c>, <c>receipt</c>.</param>
    /// <param name="subject">Whose or which: <c>claim A-1</c>, <c>claimant 4711</c>, <c>run 12</c>, <c>claims</c>.</param>
    /// <param name="by">Where: <c>page</c>, <c>api</c>, <c>command</c>.</param>
    public static AuditEntry PersonalDataViewed(string what, string subject, string by, string actor) =>
        Entry(actor, AuditActions.PersonalDataViewed, subject, json =>
        {
            json.WriteString("what", what);
            json.WriteString("by", by);
        });

    /// <summary>Everything about a person was put into a file: told whether or not views are.</summary>
    public static AuditEntry PersonExported(string claimantId, string by, string actor) =>
        Entry(actor, AuditActions.PersonExported, ClaimantSubject(claimantId), json => json.WriteString("by", by));

    internal static string ClaimantSubject(string claimantId) => $"claimant {claimantId}";

    private static string ErasureSubject(long number) => FormattableString.Invariant($"erasure {number}");

    private static void Counts(System.Text.Json.Utf8JsonWriter json, ErasedCounts counts)
    {
        json.WriteNumber("claims", counts.Claims);
        json.WriteNumber("forms", counts.Forms);
        json.WriteNumber("receipts", counts.Receipts);
        json.WriteNumber("acknowledgements", counts.Acknowledgements);
        json.WriteNumber("runs", counts.Runs);
    }
}
