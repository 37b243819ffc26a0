using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using PayOnce.Audit;
using PayOnce.Exporters;
using PayOnce.History;
using PayOnce.Stores;

namespace PayOnce.App.Dashboard.Pages.Settings;

/// <summary>One change of an integration, from the audit trail.</summary>
/// <param name="Sha256">Of the settings' stored text, in hexadecimal.</param>
internal sealed record IntegrationChange(int Version, string Actor, DateTimeOffset At, string Sha256);

/// <summary>Reads and keeps an organisation's integration for pages.</summary>
internal static class IntegrationReading
{
    private const int MostChanges = 20;

    /// <summary>The latest changes, newest first.</summary>
    public static async Task<IReadOnlyList<IntegrationChange>> ChangesAsync(IHistoryStore history, string org, CancellationToken cancel)
    {
        var trail = await history.PageAuditAsync(org, new AuditFilter(Actions: [AuditActions.IntegrationChanged]), new ListRequest(MostChanges), cancel);
        return [.. trail.Page.Rows.Select(Of)];
    }

    /// <summary>Keeps settings as a new version if the newest is still the one that the person saw; otherwise nothing is kept, and what stands now is told.</summary>
    /// <param name="seen">0: there was none.</param>
    public static async Task<(bool Saved, StoredIntegration? Now)> SaveAsync(IStore store, string org, IntegrationSettings settings, int seen, string actor, CancellationToken cancel)
    {
        var saved = await store.SaveIntegrationAsync(org, settings.ToJson(), seen, actor, cancel) is SaveAnswer.Saved;
        return (saved, saved ? null : await store.FindIntegrationAsync(org, cancel));
    }

    /// <summary>The stored text with line breaks, for people.</summary>
    public static string Indented(string json)
    {
        using var settings = JsonDocument.Parse(json);
        using var text = new MemoryStream();
        using (var writer = new Utf8JsonWriter(text, new JsonWriterOptions { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            settings.RootElement.WriteTo(writer);
        }
        return Encoding.UTF8.GetString(text.ToArray());
    }

    private static IntegrationChange Of(AuditEvent told)
    {
        using var details = JsonDocument.Parse(told.Details);
        var root = details.RootElement;
        return new(root.GetProperty("version").GetInt32(), told.Actor, told.At, root.GetProperty("settingsSha256").GetString() ?? "");
    }

    /// <summary>A version as a form carries it.</summary>
    public static string Text(int version) => version.ToString(CultureInfo.InvariantCulture);
}
