using System.Text;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;
using PayOnce.Access;
using PayOnce.App.Server;

namespace PayOnce.App.Access.Providers;

/// <summary>What the framework's handler is told for one sign-in.</summary>
internal sealed class ProviderOptions(ServerParts parts, ProviderMetadata metadata, IDataProtectionProvider protection)
{
    public const string Scheme = "provider";

    private const string Purpose = "sign-in at a provider";

    /// <summary>Clocks of two houses are never the same.</summary>
    private static readonly TimeSpan ClockSkew = TimeSpan.FromMinutes(2);

    /// <summary>How long somebody may take at the provider.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(15);

    /// <summary>Signatures that only the issuer can make (RFC 7518 §3.1).</summary>
    private static readonly string[] Algorithms =
    [
        SecurityAlgorithms.RsaSha256, SecurityAlgorithms.RsaSha384, SecurityAlgorithms.RsaSha512, SecurityAlgorithms.RsaSsaPssSha256, SecurityAlgorithms.RsaSsaPssSha384, SecurityAlgorithms.RsaSsaPssSha512,
        SecurityAlgorithms.EcdsaSha256, SecurityAlgorithms.EcdsaSha384, SecurityAlgorithms.EcdsaSha512,
    ];

    /// <summary>Closes and opens the protocol's state, which is the same on every node.</summary>
    public PropertiesDataFormat State { get; } = new(protection.CreateProtector(Purpose, "state"));

    public OpenIdConnectOptions Of(SignInProvider provider, string? secret, OpenIdConnectConfiguration found, string callback)
    {
        var options = new OpenIdConnectOptions
        {
            Configuration = found,
            ClientId = provider.ClientId,
            ClientSecret = secret,
            CallbackPath = ProviderSignIns.CallbackPath,
            ResponseType = OpenIdConnectResponseType.Code,
            // Back by a link, so that our cookies need not come along with what other sites post.
            ResponseMode = OpenIdConnectResponseMode.Query,
            UsePkce = true,
            PushedAuthorizationBehavior = PushedAuthorizationBehavior.Disable,
            GetClaimsFromUserInfoEndpoint = false,
            SaveTokens = false,
            MapInboundClaims = false,
            DisableTelemetry = true,
            RemoteAuthenticationTimeout = Patience,
            TimeProvider = parts.Surroundings.Clock,
            Backchannel = metadata.Http,
            DataProtectionProvider = protection,
            StateDataFormat = State,
            StringDataFormat = new SecureDataFormat<string>(new Utf8(), protection.CreateProtector(Purpose, "nonce")),
            TokenHandler = new SignedTokens(() => metadata.AskAsync(provider.Issuer, CancellationToken.None)),
        };
        options.Scope.Clear();
        foreach (var scope in provider.Scopes.Split(' ', StringSplitOptions.RemoveEmptyEntries).Prepend(OpenIdConnectScope.OpenId).Distinct(StringComparer.Ordinal)) options.Scope.Add(scope);
        options.TokenValidationParameters.ValidIssuer = provider.Issuer.OriginalString;
        options.TokenValidationParameters.ValidAlgorithms = Algorithms;
        options.TokenValidationParameters.ClockSkew = ClockSkew;
        foreach (var (cookie, name) in new[] { (options.CorrelationCookie, "payonce-provider-"), (options.NonceCookie, "payonce-nonce-") })
        {
            cookie.Name = name;
            cookie.SameSite = SameSiteMode.Lax;
            cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
        }
        options.Events.OnRedirectToIdentityProvider = context =>
        {
            context.ProtocolMessage.RedirectUri = callback;
            return Task.CompletedTask;
        };
        new OpenIdConnectPostConfigureOptions(protection).PostConfigure(Scheme, options);
        return options;
    }

    private sealed class Utf8 : IDataSerializer<string>
    {
        public byte[] Serialize(string model) => Encoding.UTF8.GetBytes(model);

        public string Deserialize(byte[] data) => Encoding.UTF8.GetString(data);
    }
}
