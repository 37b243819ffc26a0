using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Net.Http.Headers;

namespace PayOnce.App.Api;

/// <summary>Versions of what two people may edit at the same time, as entity tags: <c>"v3"</c>.</summary>
internal static class Versions
{
    public static string Tag(long version) => string.Create(CultureInfo.InvariantCulture, $"\"v{version}\"");

    /// <summary>Says in the answer which version it shows.</summary>
    public static void Show(HttpContext http, long version) => http.Response.Headers.ETag = Tag(version);

    /// <summary>Which version the caller changes: 0 for none yet, null for whichever there is (<c>If-Match: *</c>); or what is wrong with saying so.</summary>
    public static (long? Known, ProblemHttpResult? Problem) Asked(HttpRequest request)
    {
        var (match, none) = (request.Headers.IfMatch, request.Headers.IfNoneMatch);
        return (match.Count, none.Count) switch
        {
            (0, 0) => (null, Problems.VersionNeeded.Because()),
            (1, 0) when match[0] == "*" => (null, null),
            (1, 0) => Read(match[0]!) is { } version ? (version, null) : (null, Wrong(HeaderNames.IfMatch, match[0]!, "must be the ETag of one earlier answer, or *")),
            (0, 1) when none[0] == "*" => (0, null),
            (0, 1) => (null, Wrong(HeaderNames.IfNoneMatch, none[0]!, "must be *")),
            _ => (null, Wrong(HeaderNames.IfMatch, match.ToString(), "must stand once, and not together with If-None-Match")),
        };
    }

    /// <summary>Somebody was quicker. The answer tells the version that stands.</summary>
    public static ProblemHttpResult Changed(HttpContext http, long version)
    {
        if (version > 0) Show(http, version);
        return Problems.ChangedMeanwhile.Because(version > 0 ? "Read it again, and change that." : "There is none any more.");
    }

    private static long? Read(string tag) =>
        tag is ['"', 'v', _, .., '"'] && long.TryParse(tag.AsSpan(2, tag.Length - 3), NumberStyles.None, CultureInfo.InvariantCulture, out var version) && version > 0 ? version : null;

    private static ProblemHttpResult Wrong(string header, string value, string rule) => Problems.Refuse(header, value, rule, Fault.Header);
}
