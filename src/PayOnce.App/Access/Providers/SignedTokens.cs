using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;

namespace PayOnce.App.Access.Providers;

/// <summary>
/// Verifies an identity token with its signature. (OpenID Connect Core 1.0 §3.1.3.7 would let TLS vouch for it alone, and the
/// framework's handler does.) A signature that no known key made has the issuer asked for its keys once more: it may have new ones.
/// </summary>
internal sealed class SignedTokens(Func<Task<MetadataAnswer>> askAgain) : JsonWebTokenHandler
{
    public override async Task<TokenValidationResult> ValidateTokenAsync(string token, TokenValidationParameters validationParameters)
    {
        validationParameters.RequireSignedTokens = true;
        var result = await base.ValidateTokenAsync(token, validationParameters);
        if (result.Exception is not SecurityTokenInvalidSignatureException || await askAgain() is not MetadataAnswer.Found fresh) return result;
        validationParameters.ConfigurationManager = new StaticConfigurationManager<OpenIdConnectConfiguration>(fresh.Metadata);
        return await base.ValidateTokenAsync(token, validationParameters);
    }
}
