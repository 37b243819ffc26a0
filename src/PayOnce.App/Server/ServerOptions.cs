using System.Net;

namespace PayOnce.App.Server;

/// <summary>
/// How the server is set up, apart from where the data is: from a JSON file (<c>--config</c>), then the environment
/// (<c>PAYONCE_SMTP__HOST</c> for <c>smtp:host</c>), then the command line, each over the one before.
/// </summary>
internal sealed class ServerOptions
{
    /// <summary>The address listened on if none is named.</summary>
    public const string DefaultUrl = "http://127.0.0.1:5080";

    /// <summary>Addresses to listen on, port 0 for any free one; none for <see cref="DefaultUrl"/>.</summary>
    public string[] Urls { get; set; } = [];

    public IReadOnlyList<string> Addresses => Urls.Length > 0 ? Urls : [DefaultUrl];

    /// <summary>The address that people use, where a proxy stands before us: for links in messages, and to know our own pages from others'.</summary>
    public Uri? PublicUrl { get; set; }

    /// <summary>Networks of proxies whose <c>X-Forwarded-*</c> headers are believed, as in <c>10.0.0.0/8</c>.</summary>
    public string[] TrustedProxies { get; set; } = [];

    /// <summary>Requests of one user, token or address in a second, on average; a burst of thirty times as many is let through.</summary>
    public int RequestsPerSecond { get; set; } = 20;

    /// <summary>The largest import over HTTP, in megabytes.</summary>
    public int ImportMegabytes { get; set; } = 200;

    /// <summary>How many organisations' runs this node executes at the same time.</summary>
    public int RunsAtOnce { get; set; } = 4;

    /// <summary>How long a stopping server waits for its runs to come to a place where another can go on.</summary>
    public int StopSeconds { get; set; } = 30;

    public SmtpOptions? Smtp { get; set; }

    /// <summary>What is wrong with it, each naming its key.</summary>
    public IEnumerable<Problem> Check()
    {
        foreach (var url in Urls)
        {
            if (!Uri.TryCreate(url.Replace("://*", "://0.0.0.0", StringComparison.Ordinal).Replace("://+", "://0.0.0.0", StringComparison.Ordinal), UriKind.Absolute, out var address)
                || address.Scheme is not ("http" or "https") || address.PathAndQuery is not "/")
                yield return new Problem("must be an address as http://HOST:PORT") { Field = "urls", Value = Problem.Printable(url) };
        }
        if (PublicUrl is { } open && (!open.IsAbsoluteUri || open.Scheme is not ("http" or "https") || open.PathAndQuery is not "/"))
            yield return new Problem("must be an address as https://HOST, without a path") { Field = "publicUrl", Value = Problem.Printable(open.OriginalString) };
        foreach (var network in TrustedProxies)
        {
            if (!IPNetwork.TryParse(network, out _)) yield return new Problem("must be a network as 10.0.0.0/8") { Field = "trustedProxies", Value = Problem.Printable(network) };
        }
        foreach (var (name, value, least, most) in new[] { ("requestsPerSecond", RequestsPerSecond, 1, 100_000), ("importMegabytes", ImportMegabytes, 1, 100_000), ("runsAtOnce", RunsAtOnce, 1, 100), ("stopSeconds", StopSeconds, 1, 600) })
        {
            if (value < least || value > most) yield return new Problem($"must be a whole number from {least} to {most}") { Field = name, Value = $"{value}" };
        }
        foreach (var problem in Smtp?.Check() ?? []) yield return problem;
    }
}

/// <summary>Where e-mail goes out; without it, none is sent.</summary>
internal sealed class SmtpOptions
{
    public string Host { get; set; } = "";

    public int Port { get; set; } = 587;

    /// <summary>Whether the connection must be turned into TLS before anything is said (STARTTLS). Port 465 speaks TLS from its first byte (RFC 8314).</summary>
    public bool StartTls { get; set; } = true;

    public string? User { get; set; }

    public string? Password { get; set; }

    /// <summary>The sender's address.</summary>
    public string From { get; set; } = "";

    public IEnumerable<Problem> Check()
    {
        if (string.IsNullOrWhiteSpace(Host)) yield return new Problem("must name the mail server") { Field = "smtp:host" };
        if (Port is < 1 or > 65_535) yield return new Problem("must be a port from 1 to 65535") { Field = "smtp:port", Value = $"{Port}" };
        if (!System.Net.Mail.MailAddress.TryCreate(From, out _)) yield return new Problem("must be an e-mail address") { Field = "smtp:from", Value = Problem.Printable(From) };
        if (User is null != Password is null) yield return new Problem("needs both or neither of user and password") { Field = "smtp:user" };
    }
}
