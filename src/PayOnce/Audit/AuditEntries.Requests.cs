using System.Security.Cryptography;
using System.Text;
using PayOnce.Runs;
using PayOnce.Scheduling;

namespace PayOnce.Audit;

public static partial class AuditEntries
{
    public static AuditEntry SourceChanged(int version, Sources.SourceSettings settings, string actor) =>
        Entry(actor, AuditActions.SourceChanged, "source", json =>
        {
            json.WriteNumber("version", version);
            json.WritePropertyName("settings");
            json.WriteRawValue(settings.ToJson());
        });

    public static AuditEntry RunRequested(long requestId, RunOrder order) =>
        Entry(order.Actor, AuditActions.RunRequested, RequestSubject(requestId), json =>
        {
            json.WriteString("kind", order.Kind.Text());
            json.WriteString("trigger", order.Trigger.Text());
            json.WriteString("whenBusy", order.WhenBusy.Text());
            json.WritePropertyName("scope");
            json.WriteRawValue(order.Scope.ToJson());
        });

    public static AuditEntry RequestCancelled(long requestId, string actor) => Entry(actor, AuditActions.RequestCancelled, RequestSubject(requestId), _ => { });

    public static AuditEntry RunStopRequested(long runId, string actor) => Entry(actor, AuditActions.RunStopRequested, RunSubject(runId), _ => { });

    public static AuditEntry ExportPaused(string reason, string actor) =>
        Entry(actor, AuditActions.ExportPaused, "organisation", json => json.WriteString("reason", reason));

    public static AuditEntry ExportResumed(Pause ended, string actor) =>
        Entry(actor, AuditActions.ExportResumed, "organisation", json => json.WriteString("pausedBy", ended.Actor));

    public static AuditEntry ScheduleChanged(ScheduleDraft draft, int version, string actor) =>
        Entry(actor, AuditActions.ScheduleChanged, $"schedule {draft.Integration}", json =>
        {
            json.WriteNumber("version", version);
            json.WriteString("cron", draft.Cron);
            json.WriteBoolean("enabled", draft.Enabled);
            json.WritePropertyName("options");
            json.WriteRawValue(draft.Options.ToJson());
        });

    /// <summary>The settings' hash and not the settings: addresses are people's, and a webhook's can hold a secret.</summary>
    public static AuditEntry NotificationsChanged(int version, NotificationSettings settings, string actor) =>
        Entry(actor, AuditActions.NotificationsChanged, "notifications", json =>
        {
            json.WriteNumber("version", version);
            json.WriteBoolean("webhook", settings.WebhookUrl is not null);
            json.WriteNumber("emails", settings.Emails.Count);
            json.WriteString("settingsSha256", Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(settings.ToJson()))));
        });

    private static string RequestSubject(long requestId) => FormattableString.Invariant($"request {requestId}");
}
