using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace PayOnce.App.Access.Providers;

/// <summary>
/// The framework's OpenID Connect handler with the options of one sign-in, as they stand in the store at that moment: nothing has to
/// be registered or forgotten when an organisation changes its provider. It is silent: what it would log may hold names of people.
/// </summary>
internal sealed class ProviderHandler(OpenIdConnectOptions options) : OpenIdConnectHandler(new These(options), NullLoggerFactory.Instance, HtmlEncoder.Default, UrlEncoder.Default)
{
    /// <summary>The answer of the provider that this request carries, with everything verified that the protocol and the options ask for.</summary>
    public Task<HandleRequestResult> FinishAsync() => HandleRemoteAuthenticateAsync();

    private sealed class These(OpenIdConnectOptions options) : IOptionsMonitor<OpenIdConnectOptions>
    {
        public OpenIdConnectOptions CurrentValue => options;

        public OpenIdConnectOptions Get(string? name) => options;

        public IDisposable? OnChange(Action<OpenIdConnectOptions, string?> listener) => null;
    }
}
