using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace PayOnce.Sandbox.Dynamics;

/// <summary>The token endpoint of Microsoft Entra for client credentials: <c>/{tenant}/oauth2/v2.0/token</c>.</summary>
internal sealed class EntraTokens(BcOptions options)
{
    public const string Scope = "https://api.businesscentral.dynamics.com/.default";

    private readonly Lock gate = new();
    private readonly Dictionary<string, DateTimeOffset> issued = [];

    public BcAnswer Issue(HttpRequest request, byte[] body, DateTimeOffset now)
    {
        var form = System.Text.Encoding.UTF8.GetString(body).Split('&', StringSplitOptions.RemoveEmptyEntries)
            .Select(pair => pair.Split('=', 2))
            .Where(pair => pair.Length == 2)
            .ToDictionary(pair => pair[0], pair => Uri.UnescapeDataString(pair[1].Replace('+', ' ')), StringComparer.Ordinal);
        if (request.Method != "POST") return new BcAnswer(405, null);
        if (form.GetValueOrDefault("grant_type") != "client_credentials") return Error(400, "unsupported_grant_type", "AADSTS70003: The app requested an unsupported grant type.");
        if (form.GetValueOrDefault("scope") != Scope) return Error(400, "invalid_scope", "AADSTS70011: The provided value for the input parameter 'scope' isn't valid.");
        if (form.GetValueOrDefault("client_id") != options.ClientId) return Error(400, "unauthorized_client", "AADSTS700016: Application was not found in the directory.");
        if (form.GetValueOrDefault("client_secret") != options.ClientSecret) return Error(401, "invalid_client", "AADSTS7000215: Invalid client secret provided.");
        var token = "sandbox." + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(24));
        lock (gate) issued[token] = now + options.TokenLifetime;
        var seconds = (int)options.TokenLifetime.TotalSeconds;
        return new BcAnswer(200, new JsonObject { ["token_type"] = "Bearer", ["expires_in"] = seconds, ["ext_expires_in"] = seconds, ["access_token"] = token });
    }

    public bool Takes(string authorization, DateTimeOffset now)
    {
        if (!authorization.StartsWith("Bearer ", StringComparison.Ordinal)) return false;
        lock (gate) return issued.TryGetValue(authorization["Bearer ".Length..], out var until) && now < until;
    }

    private static BcAnswer Error(int status, string code, string description) => new(status, new JsonObject
    {
        ["error"] = code,
        ["error_description"] = description,
        ["error_codes"] = new JsonArray(int.Parse(description.AsSpan("AADSTS".Length, description.IndexOf(':', StringComparison.Ordinal) - "AADSTS".Length), CultureInfo.InvariantCulture)),
    });
}
