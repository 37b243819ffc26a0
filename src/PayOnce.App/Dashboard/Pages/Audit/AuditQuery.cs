using PayOnce.App.Dashboard.Parts;
using PayOnce.Audit;
using PayOnce.History;

namespace PayOnce.App.Dashboard;

/// <summary>The filter of the audit trail as its address says it; the page and its download read it alike.</summary>
/// <param name="Kinds">Words of <see cref="AuditKinds"/>.</param>
/// <param name="Subject">As typed: a claim's id, or a run.</param>
internal sealed record AuditQuery(TypedDay From, TypedDay To, string Actor, IReadOnlyList<string> Kinds, string Subject, AuditFilter Filter)
{
    private const int LongestText = 100;

    public bool IsAny => this is { From.Text: "", To.Text: "", Actor: "", Kinds.Count: 0, Subject: "" };

    public static AuditQuery Read(IQueryCollection query, TimeZoneInfo zone)
    {
        var (from, to) = (TypedDay.Read(query["from"]), TypedDay.Read(query["to"]));
        var (actor, subject) = (Text(query["actor"]), Text(query["subject"]));
        var kinds = AuditKinds.All.Where(kind => query["kind"].Contains(kind)).ToList();
        return new(from, to, actor, kinds, subject, new AuditFilter(
            from.Begins(zone), to.Ends(zone), actor.Length == 0 ? null : actor, kinds.Count == 0 ? null : [.. kinds.SelectMany(AuditKinds.Actions)], subject.Length == 0 ? null : SubjectOf(subject)));
    }

    // A number alone is a run: no organisation's claims are numbered 12.
    private static string SubjectOf(string typed)
    {
        var words = typed.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (words is ["run" or "Run" or "kjøring" or "Kjøring", var number] && long.TryParse(number, out _)) return $"run {number}";
        return long.TryParse(typed, out _) ? $"run {typed}" : $"claim {typed}";
    }

    private static string Text(string? typed)
    {
        var text = (typed?.Trim() ?? "").Replace("\0", "", StringComparison.Ordinal);
        return text.Length > LongestText ? text[..LongestText] : text;
    }
}

/// <summary>The audit trail's actions, grouped as people look for them.</summary>
internal static class AuditKinds
{
    public static IReadOnlyList<string> All { get; } = ["runs", "decisions", "re-exports", "roll-backs", "files", "claims", "settings", "access", "privacy"];

    public static IReadOnlyList<string> Actions(string kind) => kind switch
    {
        "runs" => [AuditActions.RunStarted, AuditActions.RunFinished, AuditActions.RunRecovered, AuditActions.BatchReserved, AuditActions.BatchSettled, AuditActions.RunRequested, AuditActions.RequestCancelled, AuditActions.RunStopRequested, AuditActions.ExportPaused, AuditActions.ExportResumed],
        "decisions" => [AuditActions.ClaimDecided, AuditActions.DoubtsSettled, AuditActions.EvidenceRaised, AuditActions.ClaimsFound],
        "re-exports" => [AuditActions.ReExportForced],
        "roll-backs" => [AuditActions.RunRolledBack],
        "files" => [AuditActions.FileStarted, AuditActions.FileExported, AuditActions.FileReleased, AuditActions.FileInDoubt, AuditActions.FileProved, AuditActions.FileFetched, AuditActions.FileImported],
        "claims" => [AuditActions.ClaimsTakenIn, AuditActions.ClaimsWithdrawn, AuditActions.ClaimsAdopted, AuditActions.FormBegun, AuditActions.FormChanged, AuditActions.FormApproved, AuditActions.DeclarationAcknowledged, AuditActions.AcknowledgementWithdrawn],
        "settings" => [AuditActions.OrganisationAdded, AuditActions.IntegrationChanged, AuditActions.SecretSet, AuditActions.RestoreBegun, AuditActions.RestoreEnded, AuditActions.ScheduleChanged, AuditActions.NotificationsChanged, AuditActions.SourceChanged, AuditActions.SettingChanged],
        "privacy" => [AuditActions.ErasureBegun, AuditActions.DocumentsErased, AuditActions.ErasureEnded, AuditActions.PersonalDataViewed, AuditActions.PersonExported],
        "access" => [AuditActions.MembershipChanged, AuditActions.MembershipRemoved, AuditActions.InvitationMade, AuditActions.InvitationWithdrawn, AuditActions.TokenAdded, AuditActions.TokenRevoked, AuditActions.SignInProviderChanged, AuditActions.SignInProviderRemoved, AuditActions.IdentityLinked, AuditActions.IdentityUnlinked],
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
    };
}
