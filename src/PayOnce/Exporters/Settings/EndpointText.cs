using PayOnce.Exporters.Api;

namespace PayOnce.Exporters.Settings;

/// <summary>
/// What an address must look like before anything is sent to it: encrypted, unless it never leaves this machine, and without
/// anything that would be a secret in plain settings or would be lost on the way.
/// </summary>
internal static class EndpointText
{
    /// <summary>Null with the rule that the text breaks.</summary>
    public static Uri? Read(string text, out string rule)
    {
        rule = "";
        if (!Uri.TryCreate(text, UriKind.Absolute, out var address) || address.Scheme is not ("https" or "http") || address.Host.Length == 0)
            rule = "must be an address such as https://api.example.com/v1";
        else if (address.UserInfo.Length > 0 || text.Contains('@', StringComparison.Ordinal))
            rule = "must have no user name or password; `payonce integrations secret set` keeps secrets";
        else if (address.Fragment.Length > 0 || text.Contains('#', StringComparison.Ordinal))
            rule = "must have no fragment (#…), which is never sent";
        else if (address.Query.Length > 0 || text.Contains('?', StringComparison.Ordinal))
            rule = "must have no query (?…): it is the address that the API's own paths are put behind, and settings are no place for a key";
        else if (address.Scheme == "http" && !EndpointRules.NamesThisMachine(address.Host))
            rule = "must begin with https://; http:// goes only to this machine itself (localhost, 127.0.0.1, [::1])";
        return rule.Length == 0 ? address : null;
    }
}
