using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using PayOnce.App.Host;

namespace PayOnce.App.Server;

/// <summary>
/// Traces and metrics over OTLP, where the standard variable <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> says; without it nothing is
/// collected. Of HTTP requests the route is kept and never the address, which holds ids.
/// </summary>
internal sealed class Observability : IDisposable
{
    public const string Variable = "OTEL_EXPORTER_OTLP_ENDPOINT";

    private static readonly string[] Sources = [Telemetry.Name, "Npgsql"];

    private static readonly string[] Meters =
    [
        Telemetry.Name, "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "Microsoft.AspNetCore.RateLimiting", "System.Net.Http", "System.Runtime", "Npgsql",
    ];

    private readonly IDisposable[] providers;

    private Observability(IDisposable[] providers) => this.providers = providers;

    public static bool IsWanted(Surroundings surroundings) => surroundings.Variable(Variable) is { Length: > 0 };

    /// <summary>Null where nobody listens.</summary>
    public static Observability? Start(Surroundings surroundings)
    {
        if (!IsWanted(surroundings)) return null;
        var resource = ResourceBuilder.CreateDefault().AddService("payonce", serviceVersion: ThisProduct.Version);
        return new Observability(
        [
            Sdk.CreateTracerProviderBuilder().SetResourceBuilder(resource).AddSource(Sources).AddOtlpExporter(Http).Build(),
            Sdk.CreateMeterProviderBuilder().SetResourceBuilder(resource).AddMeter(Meters).AddOtlpExporter(Http).Build(),
        ]);

        // The exporter reads the address from the variable and appends each signal's path to it.
        static void Http(OtlpExporterOptions options) => options.Protocol = OtlpExportProtocol.HttpProtobuf;
    }

    public void Dispose()
    {
        foreach (var provider in providers) provider.Dispose();
    }
}
