using System.Text;
using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Microsoft.AspNetCore.DataProtection.XmlEncryption;
using PayOnce.App.Host;
using PayOnce.App.Server;
using PayOnce.Stores;

namespace PayOnce.App.Access;

/// <summary>
/// The keys that cookies and forms are protected with lie in the database, so that every node opens what another closed; encrypted
/// with the vault's key, which does not, so that a copy of the database signs nobody in.
/// </summary>
internal sealed class KeyRing(IServerStore store) : IXmlRepository
{
    // The framework asks for keys synchronously, seldom, and from threads of its own.
    public IReadOnlyCollection<XElement> GetAllElements() => [.. store.ListDataProtectionKeysAsync(CancellationToken.None).GetAwaiter().GetResult().Select(XElement.Parse)];

    public void StoreElement(XElement element, string friendlyName) =>
        store.AddDataProtectionKeyAsync(friendlyName, element.ToString(SaveOptions.DisableFormatting), CancellationToken.None).GetAwaiter().GetResult();
}

/// <summary>Closes a key with the vault.</summary>
internal sealed class KeyRingEncryptor(ServerParts parts) : IXmlEncryptor
{
    /// <summary>Stands in for the organisation: none has an empty id.</summary>
    public const string Owner = "";

    public const string Purpose = "key-ring";

    public EncryptedXmlInfo Encrypt(XElement plaintextElement)
    {
        var closed = parts.Vault.Protect(Owner, Purpose, plaintextElement.ToString(SaveOptions.DisableFormatting));
        return new EncryptedXmlInfo(new XElement("vault", Convert.ToBase64String(closed)), typeof(KeyRingDecryptor));
    }
}

/// <summary>Opens what <see cref="KeyRingEncryptor"/> closed; made by the framework by its name.</summary>
internal sealed class KeyRingDecryptor(IServiceProvider services) : IXmlDecryptor
{
    public XElement Decrypt(XElement encryptedElement)
    {
        var vault = services.GetRequiredService<ServerParts>().Vault;
        var opened = vault.Unprotect(KeyRingEncryptor.Owner, KeyRingEncryptor.Purpose, Convert.FromBase64String(encryptedElement.Value))
            ?? throw new InvalidOperationException($"The keys in {vault.Folder} do not open what protects cookies in this database. {SecretVault.Variable} must name the folder that every node of this installation uses.");
        return XElement.Parse(opened);
    }
}
