using PayOnce.Access;
using PayOnce.App.Access.Providers;
using PayOnce.App.Dashboard.Parts;

namespace PayOnce.App.Dashboard.Pages.Settings;

/// <summary>An organisation's sign-in provider as its form has it.</summary>
/// <param name="ClientSecret">A new one; empty keeps the old one. Never shown again, not even where the form is sent back.</param>
internal sealed record SignInProviderForm(string Name, string Issuer, string ClientId, string ClientSecret, string Scopes)
{
    private const int LongestName = 80;
    private const int Longest = 200;

    public static SignInProviderForm Of(SignInProvider? provider) => provider is null
        ? new("", "", "", "", ProviderSettings.UsualScopes)
        : new(provider.Name, provider.Issuer.OriginalString, provider.ClientId, "", provider.Scopes);

    public static SignInProviderForm Read(HttpContext http)
    {
        string Typed(string name) => (FormText.Typed(http, name) ?? "").Trim();
        return new(Typed("name"), Typed("issuer"), Typed("client"), FormText.Typed(http, "secret") ?? "", Typed("scopes"));
    }

    /// <summary>The provider that is meant, and what has to be corrected, in the order of the fields.</summary>
    public (SignInProvider? Provider, IReadOnlyList<FieldError> Errors) Check(Words words)
    {
        var errors = new List<FieldError>();
        var issuer = ProviderAddress.Issuer(Issuer);
        if (!IsText(Name, LongestName)) errors.Add(new("name", words.ProviderNameWrong));
        if (issuer is null) errors.Add(new("issuer", words.IssuerWrong));
        if (!IsText(ClientId, Longest)) errors.Add(new("client", words.ClientIdWrong));
        if (ClientSecret.Length > 0 && SecretRules.Wrong(ClientSecret) is not null) errors.Add(new("secret", words.ClientSecretWrong));
        if (!IsText(Scopes, Longest)) errors.Add(new("scopes", words.ScopesWrong));
        return errors.Count > 0 ? (null, errors) : (new SignInProvider(Name, issuer!, ClientId, Scopes, SecretName: null), errors);
    }

    private static bool IsText(string text, int longest) => text.Length > 0 && text.Length <= longest && !text.Any(char.IsControl);
}
