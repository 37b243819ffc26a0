using System.Security.Cryptography;
using System.Text;
using PayOnce.Claims.Forms;
using PayOnce.Declarations;

namespace PayOnce.Audit;

// What happens to forms, acknowledgements and an organisation's own settings. Nothing that a person typed stands here: neither
// names, routes and reasons nor the declaration's text.
public static partial class AuditEntries
{
    /// <summary>Of flags it says which were switched, of privacy what holds now, of anything else its hash.</summary>
    public static AuditEntry SettingChanged(string topic, int version, string? before, string value, string actor) =>
        Entry(actor, AuditActions.SettingChanged, $"setting {topic}", json =>
        {
            json.WriteNumber("version", version);
            json.WriteString("valueSha256", Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(value))));
            if (topic == SettingTopics.Privacy)
            {
                var (years, views) = Privacy.PrivacySettings.FromStored(value);
                json.WriteNumber("retentionYears", years);
                json.WriteBoolean("recordViews", views);
            }
            if (topic != SettingTopics.Flags) return;
            foreach (var (flag, isOn) in OrganisationFlags.Between(OrganisationFlags.FromStored(before), OrganisationFlags.FromStored(value))) json.WriteBoolean(flag, isOn);
        });

    public static AuditEntry DeclarationAcknowledged(long number, NewAcknowledgement acknowledgement, string actor) =>
        Entry(actor, AuditActions.DeclarationAcknowledged, AcknowledgementSubject(number), json =>
        {
            json.WriteNumber("version", acknowledgement.Version);
            json.WriteString("textSha256", acknowledgement.Sha256);
        });

    public static AuditEntry AcknowledgementWithdrawn(long number, bool byOwner, IReadOnlyList<string> claims, string actor) =>
        Entry(actor, AuditActions.AcknowledgementWithdrawn, AcknowledgementSubject(number), json =>
        {
            json.WriteBoolean("byDriver", byOwner);
            Claims(json, "withdrawn", claims);
        });

    public static AuditEntry FormBegun(string formId, FormKind kind, string actor) =>
        Entry(actor, AuditActions.FormBegun, FormSubject(formId), json => json.WriteString("kind", kind.Text()));

    /// <param name="what">What was done: <c>submitted</c>, <c>receipt_added</c>.</param>
    public static AuditEntry FormChanged(ClaimForm now, string what, string actor) =>
        Entry(actor, AuditActions.FormChanged, FormSubject(now.FormId), json =>
        {
            json.WriteString("what", what);
            json.WriteString("state", now.State.Text());
            json.WriteNumber("revision", now.Revision);
        });

    public static AuditEntry FormApproved(ClaimForm now, string actor) =>
        Entry(actor, AuditActions.FormApproved, FormSubject(now.FormId), json =>
        {
            json.WriteNumber("revision", now.Revision);
            json.WriteNumber("ratesVersion", now.RatesVersion!.Value);
            if (now.AcknowledgementNumber is { } number) json.WriteNumber("acknowledgement", number);
        });

    private static string AcknowledgementSubject(long number) => FormattableString.Invariant($"acknowledgement {number}");

    private static string FormSubject(string formId) => $"form {formId}";
}
