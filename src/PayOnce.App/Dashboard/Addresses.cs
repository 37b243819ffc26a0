using System.Globalization;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Primitives;

namespace PayOnce.App.Dashboard;

/// <summary>Addresses of pages. Ids of claims are typed by people and may hold anything: they are always encoded.</summary>
internal static class Addresses
{
    public static string Of(string org) => $"/o/{org}";

    public static string Run(string org, long run) => string.Create(CultureInfo.InvariantCulture, $"/o/{org}/runs/{run}");

    public static string Request(string org, long request) => string.Create(CultureInfo.InvariantCulture, $"/o/{org}/requests/{request}");

    public static string Claim(string org, string claimId) => $"/o/{org}/claims/{Uri.EscapeDataString(claimId)}";

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
