using PayOnce.Exporters;
using PayOnce.Stores;

namespace PayOnce.App;

/// <summary>Which secrets an integration has, and what one looks like.</summary>
internal static class SecretRules
{
    public const int Longest = 8 * 1024;

    private const int Shortest = 6;

    /// <summary>The names of the integration's secrets; before it is set, those of every exporter: the order of the two does not matter.</summary>
    public static async Task<IReadOnlyList<string>> KnownAsync(IStore store, string organisationId, CancellationToken cancel)
    {
        var stored = await store.FindIntegrationAsync(organisationId, cancel);
        var exporters = stored is null ? ExporterCatalogue.All : [ExporterCatalogue.Get(IntegrationSettings.FromStored(stored.SettingsJson).Exporter)];
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
