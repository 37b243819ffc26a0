using PayOnce.Exporters.Mapping;

namespace PayOnce.Exporters.Generic;

/// <summary>For any other system: the claims' lines as CSV, or the claims with their lines as JSON.</summary>
public sealed class GenericExporter : IExporter
{
    public string Name => "generic";

    public IReadOnlyList<string> Formats { get; } = ["csv", "json"];

    public IReadOnlyList<Problem> Check(IntegrationSettings settings) => SettingsCheck.Run(settings, Formats, settings.Format switch
    {
        "json" => SettingsCheck.NoMapping(settings),
        _ => MappingCheck.Run(LinesCsv.Mapping(settings), settings, LinesCsv.Target),
    });

    public IBatchRenderer CreateRenderer(IntegrationSettings settings, RenderContext context)
    {
        var facts = new RunFacts(settings, settings.Accounts, context);
        return settings.Format switch
        {
            "csv" => new MappedRenderer(LinesCsv.Mapping(settings), facts, LinesCsv.Target.LimitsOf(settings)),
            "json" => new ClaimsJson(facts),
            _ => throw new ArgumentException($"The generic exporter has no format \"{settings.Format}\".", nameof(settings)),
        };
    }
}
