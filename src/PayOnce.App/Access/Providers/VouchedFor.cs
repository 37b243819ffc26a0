using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.DataProtection;

namespace PayOnce.App.Access.Providers;

/// <summary>
/// An account that a provider vouched for and that is linked to nobody yet: what the page shows that asks for consent. It travels
/// in that page's address, closed with this installation's keys, for ten minutes.
/// </summary>
/// <param name="Account">As the provider calls the person, for the person to recognise.</param>
/// <param name="Bound">The SHA-256 of the session or of the invitation that it is meant for, and of no other use.</param>
internal sealed record VouchedFor(string OrganisationId, string Issuer, string Subject, string Account, string Bound)
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(10);

    private const string Purpose = "an account that a provider vouched for";

    public string Close(IDataProtectionProvider protection) => Protector(protection).Protect(JsonSerializer.Serialize(this), Lifetime);

    /// <summary>Null if it was not closed here, is too old, or is meant for something else.</summary>
    public static VouchedFor? Open(IDataProtectionProvider protection, string? closed, string organisationId, string bound)
    {
        if (string.IsNullOrEmpty(closed)) return null;
        try
        {
            var opened = JsonSerializer.Deserialize<VouchedFor>(Protector(protection).Unprotect(closed));
            return opened?.OrganisationId == organisationId && opened.Bound == bound ? opened : null;
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    private static ITimeLimitedDataProtector Protector(IDataProtectionProvider protection) => protection.CreateProtector(Purpose).ToTimeLimitedDataProtector();
}
