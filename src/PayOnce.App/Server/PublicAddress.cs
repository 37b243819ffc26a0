using System.Net;

namespace PayOnce.App.Server;

/// <summary>Where people find this server, for links that leave it.</summary>
internal static class PublicAddress
{
    /// <summary>As the operator says, else as this request came; without a slash at the end.</summary>
    public static string Of(HttpContext http, ServerOptions options) => options.PublicUrl?.GetLeftPart(UriPartial.Authority) ?? $"{http.Request.Scheme}://{http.Request.Host}";

    /// <summary>
    /// Where somebody at this machine opens it, for what is printed at the start; without a slash at the end. Whoever listens on every address, as in
    /// a container whose port is published, is told <c>0.0.0.0</c> or <c>[::]</c>: nobody's address, which browsers refuse.
    /// </summary>
    /// <param name="listening">As the server says it.</param>
    public static string AtHome(ServerOptions options, string listening)
    {
        if (options.PublicUrl is { } open) return open.GetLeftPart(UriPartial.Authority);
        var address = new UriBuilder(listening);
        if (IPAddress.TryParse(address.Host, out var host) && (host.Equals(IPAddress.Any) || host.Equals(IPAddress.IPv6Any))) address.Host = "127.0.0.1";
        return address.Uri.GetLeftPart(UriPartial.Authority);
    }
}
