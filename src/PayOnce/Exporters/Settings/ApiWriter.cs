using System.Text.Json;
using PayOnce.Exporters.Api;

namespace PayOnce.Exporters.Settings;

/// <summary>Writes the parts <c>api</c> and <c>flags</c> of canonical settings.</summary>
internal static class ApiWriter
{
    public static void Write(Utf8JsonWriter json, ApiSettings api)
    {
        json.WriteStartObject("api");
        Text(json, "endpoint", api.Endpoint?.AbsoluteUri);
        if (api.ProofClass is { } proof) json.WriteString("proofClass", proof.Text());
        if (api.Window is { } window) Seconds(json, "windowSeconds", window);
        if (api.QuietTime is { } quiet) Seconds(json, "quietSeconds", quiet);
        if (api.ClaimsPerRequest is { } claims) json.WriteNumber("claimsPerRequest", claims);
        if (api.Parallel is { } parallel) json.WriteNumber("parallel", parallel);
        Seconds(json, "timeoutSeconds", api.Timeout);
        json.WriteStartObject("retry");
        json.WriteNumber("tries", api.Retry.MaximumTries);
        Seconds(json, "baseDelaySeconds", api.Retry.BaseDelay);
        Seconds(json, "maximumDelaySeconds", api.Retry.MaximumDelay);
        Seconds(json, "budgetSeconds", api.Retry.Budget);
        json.WriteEndObject();
        json.WriteBoolean("automaticRelease", api.AutomaticRelease);
        if (api.Xledger is { } xledger) WriteXledger(json, xledger);
        if (api.Dynamics is { } dynamics) WriteDynamics(json, dynamics);
        json.WriteEndObject();
    }

    public static void WriteFlags(Utf8JsonWriter json, IReadOnlyList<string> flags)
    {
        if (flags.Count == 0) return;
        json.WriteStartArray("flags");
        foreach (var flag in flags) json.WriteStringValue(flag);
        json.WriteEndArray();
    }

    private static void WriteXledger(Utf8JsonWriter json, XledgerApiSettings xledger)
    {
        json.WriteStartObject("xledger");
        Text(json, "owner", xledger.Owner);
        Text(json, "importDefinition", xledger.ImportDefinition);
        if (xledger.JobLevel is { } level) json.WriteNumber("jobLevel", level);
        if (xledger.RequestsPerMonth is { } requests) json.WriteNumber("requestsPerMonth", requests);
        json.WriteEndObject();
    }

    private static void WriteDynamics(Utf8JsonWriter json, DynamicsApiSettings dynamics)
    {
        json.WriteStartObject("dynamics");
        json.WriteString("tenant", dynamics.Tenant);
        json.WriteString("environment", dynamics.Environment);
        json.WriteString("company", dynamics.Company);
        json.WriteString("clientId", dynamics.ClientId);
        json.WriteString("booking", ApiWords.DynamicsBookings[(int)dynamics.Booking]);
        json.WriteBoolean("post", dynamics.Post);
        json.WriteBoolean("createVendors", dynamics.CreateVendors);
        Text(json, "authority", dynamics.Authority?.AbsoluteUri);
        json.WriteEndObject();
    }

    private static void Text(Utf8JsonWriter json, string name, string? value)
    {
        if (value is not null) json.WriteString(name, value);
    }

    private static void Seconds(Utf8JsonWriter json, string name, TimeSpan duration)
    {
        json.WritePropertyName(name);
        json.WriteRawValue(ApiWords.Seconds(duration));
    }
}
