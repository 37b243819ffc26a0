using System.Net;
using Npgsql;
using PayOnce.Exporters.Api;

namespace PayOnce.Sources.Postgres;

/// <summary>
/// The connection string of a source, as an administrator of the organisation gives it: the form of a URI, as hosting companies
/// show it, or Npgsql's own. Only what says where and as whom is taken: other keywords can name files of this machine.
/// </summary>
internal static class SourceConnection
{
    private static readonly string[] Taken = ["Host", "Port", "Database", "Username", "Password", "SSL Mode", "Channel Binding", "SSL Negotiation"];

    /// <summary>The string's parts, or the rule that it breaks, which never repeats what was given.</summary>
    public static (NpgsqlConnectionStringBuilder? Parts, string? Rule) Parse(string text)
    {
        try
        {
            var given = new NpgsqlConnectionStringBuilder(IsUri(text) ? OfUri(new Uri(text)) : text);
            var parts = new NpgsqlConnectionStringBuilder();
            foreach (var key in given.Keys)
            {
                if (!Taken.Contains(key, StringComparer.OrdinalIgnoreCase)) return (null, $"has the keyword \"{Problem.Printable(key)}\"; taken are {string.Join(", ", Taken)}");
                parts[key] = given[key];
            }
            if (string.IsNullOrEmpty(parts.Host) || string.IsNullOrEmpty(parts.Database) || string.IsNullOrEmpty(parts.Username)) return (null, "must name host, database and user");
            return parts.Host.Contains(',', StringComparison.Ordinal) || parts.Host.StartsWith('/') || parts.Host.StartsWith('@') ? (null, "must name one host, by name or address") : (parts, null);
        }
        catch (Exception fault) when (fault is ArgumentException or FormatException or KeyNotFoundException or NotSupportedException)
        {
            return (null, "is no connection string, such as postgres://reader:password@db.example.org/claims?sslmode=require");
        }
    }

    /// <summary>
    /// A data source that connects to the first address of the host that the rules allow: the address that was judged is the one that
    /// is connected to, and TLS still asks for the host's name.
    /// </summary>
    /// <returns>The reason, for people, where there is none.</returns>
    public static async Task<(NpgsqlDataSource? Source, string? Trouble)> OpenAsync(NpgsqlConnectionStringBuilder parts, EndpointRules rules, TimeSpan timeout, CancellationToken cancel)
    {
        var host = parts.Host!.Trim('[', ']');
        IPAddress[] addresses;
        try
        {
            addresses = IPAddress.TryParse(host, out var literal) ? [literal] : await rules.Resolve(host, cancel);
        }
        catch (System.Net.Sockets.SocketException)
        {
            return (null, $"There is no host {Problem.Printable(host)}.");
        }
        string? refusal = null;
        foreach (var address in addresses)
        {
            if (rules.Refusal(host, address) is { } why)
            {
                refusal ??= why;
                continue;
            }
            var builder = new NpgsqlDataSourceBuilder(new NpgsqlConnectionStringBuilder(parts.ConnectionString)
            {
                Host = address.ToString(), Timeout = 10, CommandTimeout = (int)timeout.TotalSeconds + 5, MaxPoolSize = 2, ApplicationName = "payonce", NoResetOnClose = true, MaxAutoPrepare = 0,
            }.ConnectionString);
            builder.UseSslClientAuthenticationOptionsCallback(options => options.TargetHost = host);
            return (builder.Build(), null);
        }
        return (null, refusal ?? $"There is no host {Problem.Printable(host)}.");
    }

    private static bool IsUri(string text) => text.StartsWith("postgres://", StringComparison.OrdinalIgnoreCase) || text.StartsWith("postgresql://", StringComparison.OrdinalIgnoreCase);

    private static string OfUri(Uri uri)
    {
        var user = uri.UserInfo.Split(':', 2);
        var parts = new NpgsqlConnectionStringBuilder { Host = uri.Host, Database = Uri.UnescapeDataString(uri.AbsolutePath.TrimStart('/')), Username = Uri.UnescapeDataString(user[0]) };
        if (uri.Port > 0) parts.Port = uri.Port;
        if (user.Length == 2) parts.Password = Uri.UnescapeDataString(user[1]);
        foreach (var each in uri.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var pair = each.Split('=', 2);
            if (!string.Equals(pair[0], "sslmode", StringComparison.OrdinalIgnoreCase) || pair.Length < 2) throw new FormatException("A parameter of the URI is unknown.");
            parts["SSL Mode"] = pair[1] switch { "verify-full" => "VerifyFull", "verify-ca" => "VerifyCA", var mode => mode };
        }
        return parts.ConnectionString;
    }
}
