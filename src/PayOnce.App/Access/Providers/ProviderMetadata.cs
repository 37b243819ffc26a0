using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;
using PayOnce.App.Server;
using PayOnce.Exporters.Api;

namespace PayOnce.App.Access.Providers;

/// <summary>
/// Asks issuers where their endpoints are and what they sign with, and keeps the answer for a while. Goes only where requests to
/// accounting systems may go, follows no redirect, waits for seconds and reads little: what answers may be anything.
/// </summary>
internal sealed class ProviderMetadata(ServerParts parts) : IDisposable
{
    private const int LongestDocument = 512 * 1024;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>How long an answer counts. A key that is not in it has it asked for anew at once.</summary>
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(10);

    private readonly ConcurrentDictionary<string, (OpenIdConnectConfiguration Metadata, DateTimeOffset At)> known = new(StringComparer.Ordinal);

    /// <summary>For every request to a provider.</summary>
    public HttpClient Http { get; } = new(AccountingHandler.Create(parts.Rules)) { Timeout = Patience, MaxResponseContentBufferSize = LongestDocument };

    private DateTimeOffset Now => parts.Surroundings.Clock.GetUtcNow();

    public void Dispose() => Http.Dispose();

    /// <summary>What was asked lately, else what the issuer says now.</summary>
    public async Task<MetadataAnswer> FindAsync(Uri issuer, CancellationToken cancel) =>
        known.TryGetValue(issuer.OriginalString, out var kept) && kept.At > Now - Lifetime ? new MetadataAnswer.Found(kept.Metadata) : await AskAsync(issuer, cancel);

    /// <summary>What the issuer says now.</summary>
    public async Task<MetadataAnswer> AskAsync(Uri issuer, CancellationToken cancel)
    {
        var at = Now;
        var answer = await ReadAsync(issuer, cancel);
        if (answer is MetadataAnswer.Found found) known[issuer.OriginalString] = (found.Metadata, at);
        return answer;
    }

    private async Task<MetadataAnswer> ReadAsync(Uri issuer, CancellationToken cancel)
    {
        var (text, fault) = await GetAsync(ProviderAddress.Discovery(issuer), cancel);
        if (text is null) return new MetadataAnswer.Unfit(fault);
        if (Parse(() => OpenIdConnectConfiguration.Create(text)) is not { } metadata) return new MetadataAnswer.Unfit(ProviderFault.NoMetadata);
        if (string.IsNullOrEmpty(metadata.Issuer)) return new MetadataAnswer.Unfit(ProviderFault.NoMetadata);
        // To the letter (OpenID Connect Discovery 1.0 §4.3): otherwise one provider could speak for another.
        if (metadata.Issuer != issuer.OriginalString) return new MetadataAnswer.Unfit(ProviderFault.OtherIssuer);
        if (ProviderAddress.Endpoint(metadata.AuthorizationEndpoint, issuer) is null || ProviderAddress.Endpoint(metadata.TokenEndpoint, issuer) is null || ProviderAddress.Endpoint(metadata.JwksUri, issuer) is not { } keys)
            return new MetadataAnswer.Unfit(ProviderFault.UnsafeEndpoint);

        (text, fault) = await GetAsync(keys, cancel);
        if (text is null) return new MetadataAnswer.Unfit(fault);
        if (Parse(() => new JsonWebKeySet(text)) is not { } set) return new MetadataAnswer.Unfit(ProviderFault.NoKeys);
        // Keys that both sides hold sign nothing here: whoever verifies could sign.
        foreach (var key in set.GetSigningKeys().Where(key => key is not SymmetricSecurityKey)) metadata.SigningKeys.Add(key);
        return metadata.SigningKeys.Count == 0 ? new MetadataAnswer.Unfit(ProviderFault.NoKeys) : new MetadataAnswer.Found(metadata);
    }

    private async Task<(string? Text, ProviderFault Fault)> GetAsync(Uri address, CancellationToken cancel)
    {
        try
        {
            using var answer = await Http.GetAsync(address, cancel);
            return answer.IsSuccessStatusCode ? (await answer.Content.ReadAsStringAsync(cancel), default) : (null, ProviderFault.Unreachable);
        }
        catch (HttpRequestException fault)
        {
            return (null, Of(fault));
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return (null, ProviderFault.Unreachable);
        }
        catch (InvalidOperationException)
        {
            // A character set that does not exist.
            return (null, ProviderFault.NoMetadata);
        }
    }

    /// <summary>What a request that did not come through tells.</summary>
    public static ProviderFault Of(HttpRequestException fault) => fault switch
    {
        _ when fault.GetBaseException() is EndpointRefusedException => ProviderFault.Forbidden,
        { HttpRequestError: HttpRequestError.ConfigurationLimitExceeded } => ProviderFault.NoMetadata,
        _ => ProviderFault.Unreachable,
    };

    private static T? Parse<T>(Func<T> parse) where T : class
    {
        try
        {
            return parse();
        }
        catch (Exception fault) when (fault is ArgumentException or JsonException or FormatException or InvalidOperationException)
        {
            return null;
        }
    }
}
