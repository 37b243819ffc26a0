using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.DataProtection;

namespace PayOnce.App.Host;

/// <summary>
/// Encrypts the integrations' secrets with ASP.NET Core Data Protection. The keys lie in a folder and not in the database, so that
/// a copy of the database alone gives nothing away; each secret can be opened only as the one of its organisation and name.
/// </summary>
/// <param name="folder">Where the keys lie; a new one is made there every 90 days, and the old ones still open what they closed.</param>
internal sealed class SecretVault(string folder)
{
    /// <summary>The environment variable that names the folder of the keys.</summary>
    public const string Variable = "PAYONCE_KEYS";

    public string Folder => folder;

    /// <summary>Where the keys are: as typed, else as the environment says, else in the data folder; null with PostgreSQL if nobody said where.</summary>
    public static SecretVault? Choose(string? typed, Storage storage, Surroundings surroundings) => (typed ?? surroundings.Variable(Variable), storage) switch
    {
        ({ Length: > 0 } named, _) => new SecretVault(surroundings.Absolute(named)),
        (_, Storage.Embedded embedded) => new SecretVault(Path.Combine(embedded.Folder, "keys")),
        _ => null,
    };

    public byte[] Protect(string organisationId, string name, string secret)
    {
        Call.MakePrivateFolder(folder);
        return Protector(organisationId, name, mayMakeKeys: true).Protect(Encoding.UTF8.GetBytes(secret));
    }

    /// <summary>Null if the keys here did not close it, or if it is another organisation's or name's.</summary>
    public string? Unprotect(string organisationId, string name, ReadOnlySpan<byte> closed)
    {
        // A look must not leave keys behind that nobody asked for, least of all in a mistyped folder.
        if (!Directory.Exists(folder) || !Directory.EnumerateFiles(folder, "key-*.xml").Any()) return null;
        try
        {
            return Encoding.UTF8.GetString(Protector(organisationId, name, mayMakeKeys: false).Unprotect(closed.ToArray()));
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    private IDataProtector Protector(string organisationId, string name, bool mayMakeKeys) => DataProtectionProvider
        .Create(new DirectoryInfo(folder), builder =>
        {
            builder.SetApplicationName("PayOnce");
            if (!mayMakeKeys) builder.DisableAutomaticKeyGeneration();
        })
        .CreateProtector("integration secret", organisationId, name);
}
