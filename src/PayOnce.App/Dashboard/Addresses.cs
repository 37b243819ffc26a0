using System.Buffers.Text;
using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Primitives;

namespace PayOnce.App.Dashboard;

/// <summary>Addresses of pages. Ids of claims are typed by people and may hold anything: they are always encoded.</summary>
internal static class Addresses
{
    public static string Of(string org) => $"/o/{org}";

    public static string Run(string org, long run) => string.Create(CultureInfo.InvariantCulture, $"/o/{org}/runs/{run}");

    public static string Request(string org, long request) => string.Create(CultureInfo.InvariantCulture, $"/o/{org}/requests/{request}");

    public static string Claim(string org, string claimId) => $"/o/{org}/claims/{Segment(claimId)}";

    public static string SettingsVersion(string org, int version) => string.Create(CultureInfo.InvariantCulture, $"/o/{org}/settings/integration/versions/{version}");

    public static string ReExport(string org, string claimId) => Claim(org, claimId) + "/re-export";

    public static string Withdraw(string org, string claimId) => Claim(org, claimId) + "/withdraw";

    public static string Doubt(string org, string claimId) => $"/o/{org}/in-doubt/{Segment(claimId)}";

    /// <summary>
    /// An id as one part of a path. A slash and dots alone would be read as parts of the path itself, however they are encoded, and
    /// a percent sign is decoded twice on the way, so such ids are written in base64 behind a tilde.
    /// </summary>
    public static string Segment(string id) => id is "." or ".." || id.StartsWith('~') || id.AsSpan().ContainsAny('/', '\\', '%')
        ? "~" + Base64Url.EncodeToString(Encoding.UTF8.GetBytes(id))
        : Uri.EscapeDataString(id);

    /// <summary>The id that <see cref="Segment"/> wrote, as the route gives it: decoded once.</summary>
    public static string ReadSegment(string value) =>
        value.StartsWith('~') && Base64Url.IsValid(value.AsSpan(1)) ? Encoding.UTF8.GetString(Base64Url.DecodeFromChars(value.AsSpan(1))) : value;

    /// <summary>This page's own address with some values of its query changed; null takes one away.</summary>
    public static string With(HttpRequest request, params ReadOnlySpan<(string Name, string? Value)> changes)
    {
        var query = new Dictionary<string, StringValues>(StringComparer.Ordinal);
        foreach (var (name, value) in request.Query) query[name] = value;
        foreach (var (name, value) in changes)
        {
            if (value is null) query.Remove(name);
            else query[name] = value;
        }
        return QueryHelpers.AddQueryString(request.PathBase + request.Path, query);
    }
}
