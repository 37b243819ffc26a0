using PayOnce.Exporters;
using PayOnce.Stores;

namespace PayOnce.App;

/// <summary>Which secrets an integration has, and what one looks like.</summary>
internal static class SecretRules
{
    /// <summary>What webhooks are signed with. It is changed with the notifications, whose it is.</summary>
    public const string Webhook = "webhook";

    public const int Shortest = 6;

    public const int Longest = 8 * 1024;

    /// <summary>The names of the integration's secrets; before it is set, those of every exporter: the order of the two does not matter.</summary>
    public static async Task<IReadOnlyList<string>> KnownAsync(IStore store, string organisationId, CancellationToken cancel)
    {
        var stored = await store.FindIntegrationAsync(organisationId, cancel);
        return Known(stored is null ? null : IntegrationSettings.FromStored(stored.SettingsJson));
    }

    /// <inheritdoc cref="KnownAsync"/>
    public static IReadOnlyList<string> Known(IntegrationSettings? settings)
    {
        var exporters = settings is null ? ExporterCatalogue.All : [ExporterCatalogue.Get(settings.Exporter)];
        return [.. exporters.SelectMany(exporter => exporter.Api?.Secrets ?? []).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
    }

    /// <summary>The rule that a secret breaks, which never repeats what was given; null if it is fine.</summary>
    public static string? Wrong(string text)
    {
        if (text.Length < Shortest) return $"has fewer than {Shortest} characters";
        if (text.Length > Longest) return $"is longer than {Longest / 1024} KiB";
        if (text.Any(char.IsControl)) return "has more than one line, or a control character";
        return char.IsWhiteSpace(text[0]) || char.IsWhiteSpace(text[^1]) ? "begins or ends with a space" : null;
    }
}
