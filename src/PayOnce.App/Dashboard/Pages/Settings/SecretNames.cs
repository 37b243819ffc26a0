using PayOnce.Exporters;

namespace PayOnce.App.Dashboard.Pages.Settings;

/// <summary>Which secrets an organisation can have.</summary>
internal static class SecretNames
{
    /// <summary>What webhooks are signed with. It is changed with the notifications, whose it is.</summary>
    public const string Webhook = "webhook";

    /// <summary>What the integration signs in with; before there is one, those of every exporter, since the order of the two does not matter.</summary>
    public static IReadOnlyList<string> Of(IntegrationSettings? settings)
    {
        var exporters = settings is null ? ExporterCatalogue.All : [ExporterCatalogue.Get(settings.Exporter)];
        return [.. exporters.SelectMany(exporter => exporter.Api?.Secrets ?? []).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
    }

    private const int Shortest = 6;
    private const int Longest = 8 * 1024;

    /// <summary>What is wrong with a value, never the value; null if it can be kept.</summary>
    public static string? Wrong(Words words, string value) => value switch
    {
        { Length: < Shortest } => words.SecretTooShort(Shortest),
        { Length: > Longest } => words.SecretTooLong(Longest),
        _ when value.Any(char.IsControl) => words.SecretOneLine,
        _ when char.IsWhiteSpace(value[0]) || char.IsWhiteSpace(value[^1]) => words.SecretNoSpaces,
        _ => null,
    };
}
