namespace PayOnce.Exporters;

/// <summary>Where claims go by an integration's settings, as far as these say: two that are equal lead to the same books.</summary>
/// <param name="Place">What its exporter needs to find the books: folder, entity, or tenant with environment and company.</param>
internal sealed record ExportTarget(string Exporter, string Transport, Uri? Endpoint, string? Place)
{
    public static ExportTarget Of(IntegrationSettings settings) => new(
        settings.Exporter, settings.Transport, settings.Api?.Endpoint,
        settings.Api is { } api ? api.Dynamics is { } dynamics ? FormattableString.Invariant($"{dynamics.Tenant} {dynamics.Environment} {dynamics.Company}") : api.Xledger?.Owner : settings.Folder);

    public override string ToString() => Endpoint is null ? $"{Exporter} by {Transport}" : $"{Exporter} at {Endpoint}";
}
