using Microsoft.AspNetCore.Http.Features;

namespace PayOnce.App.Api;

/// <summary>A claim's id out of an address. It may hold a slash or a per cent sign, which routing leaves as it found them or not, depending on the character.</summary>
internal static class ClaimIds
{
    private const string Before = "/claims/";

    /// <summary>The id as it was before it was escaped, once.</summary>
    /// <param name="routed">As routing read it.</param>
    public static string Of(HttpContext http, string routed)
    {
        if (!routed.Contains('%', StringComparison.Ordinal)) return routed;
        var target = http.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        var path = target.AsSpan(0, target.AsSpan().IndexOfAny('?', '#') is >= 0 and var end ? end : target.Length);
        var start = path.IndexOf(Before, StringComparison.Ordinal);
        if (start < 0) return routed;
        var rest = path[(start + Before.Length)..];
        return Uri.UnescapeDataString(rest[..(rest.IndexOf('/') is >= 0 and var slash ? slash : rest.Length)]);
    }
}
