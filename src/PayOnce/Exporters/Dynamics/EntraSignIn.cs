using System.Net;
using System.Net.Http.Headers;
using Microsoft.Identity.Client;
using PayOnce.Exporters.Api;
using PayOnce.Exporters.Settings;

namespace PayOnce.Exporters.Dynamics;

/// <summary>
/// Access tokens for the application itself (OAuth 2.0 client credentials) from Microsoft Entra. The library keeps a token until
/// shortly before it ends; its requests go through <see cref="AccountingClient"/> like all others, so that addresses, TLS and
/// redirects are under the same rules. A token request that fails has booked nothing.
/// </summary>
internal sealed class EntraSignIn : IMsalHttpClientFactory
{
    public static readonly Uri StandardAuthority = new("https://login.microsoftonline.com");

    // Microsoft: "Using service-to-service authentication", administration/automation-apis-using-s2s-authentication.
    private static readonly string[] Scopes = ["https://api.businesscentral.dynamics.com/.default"];

    private const int LongestMessage = 400;

    private readonly IConfidentialClientApplication application;
    private readonly HttpClient http;
    private readonly Scrubber scrubber;

    public EntraSignIn(DynamicsApiSettings settings, string secret, AccountingClient client, TimeSpan timeout)
    {
        scrubber = client.Scrubber;
        scrubber.Learn(secret);
        var authority = settings.Authority ?? StandardAuthority;
        http = new HttpClient(new TokenHandler(client, timeout, authority));
        application = ConfidentialClientApplicationBuilder.Create(settings.ClientId)
            .WithClientSecret(secret)
            .WithAuthority($"https://{authority.Authority}/{Uri.EscapeDataString(settings.Tenant)}", validateAuthority: false)
            // The address is the operator's own choice; asking Microsoft about it would only tell a third party.
            .WithInstanceDiscovery(false)
            .WithHttpClientFactory(this, retryOnceOn5xx: false)
            .Build();
    }

    public HttpClient GetHttpClient() => http;

    /// <summary>A token, or why there is none.</summary>
    /// <param name="renew">The kept one was not taken.</param>
    public async Task<(string? Token, string? Trouble)> TokenAsync(bool renew, CancellationToken cancel)
    {
        try
        {
            var result = await application.AcquireTokenForClient(Scopes).WithForceRefresh(renew).ExecuteAsync(cancel);
            if (result.AuthenticationResultMetadata.TokenSource != TokenSource.Cache) scrubber.Learn(result.AccessToken);
            return (result.AccessToken, null);
        }
        catch (MsalServiceException fault)
        {
            return (null, $"Microsoft Entra gave no access token: {Clean($"{fault.ErrorCode} {fault.Message}")}");
        }
        // Whatever the library makes of an answer that is not Entra's, there is no token.
        catch (Exception fault)
        {
            return (null, $"Microsoft Entra gave no access token: {Clean(fault.Message)}");
        }
    }

    private string Clean(string message) => scrubber.Excerpt(message, LongestMessage);

    /// <summary>Hands the library's requests to the one client there is.</summary>
    private sealed class TokenHandler(AccountingClient client, TimeSpan timeout, Uri authority) : HttpMessageHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            // The library takes https addresses only; a stand-in on this machine's loopback speaks http, which its setting says.
            if (authority.Scheme == Uri.UriSchemeHttp && authority.IsLoopback && request.RequestUri?.Authority == authority.Authority)
                request.RequestUri = new UriBuilder(request.RequestUri) { Scheme = Uri.UriSchemeHttp, Port = authority.Port }.Uri;
            var answer = await client.SendAsync(request, timeout, cancellationToken);
            if (answer.Status is not { } status) throw new HttpRequestException(answer.Error ?? "No answer came.");
            var response = new HttpResponseMessage((HttpStatusCode)status) { Content = new ByteArrayContent(answer.Body.ToArray()), RequestMessage = request };
            response.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
            return response;
        }
    }
}
