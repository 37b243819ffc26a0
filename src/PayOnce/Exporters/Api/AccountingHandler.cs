namespace PayOnce.Exporters.Api;

/// <summary>The one kind of handler that requests to accounting systems go through.</summary>
public static class AccountingHandler
{
    /// <summary>
    /// A handler that does nothing by itself: no redirect (307 and 308 would post a second time), no cookies, no proxy from the
    /// environment, no sign-in of its own, no unpacking, no headers of tracing. Certificates are verified as the system says,
    /// always. Waits and time-outs are the caller's, but for the connection's.
    /// </summary>
    /// <param name="rules">Which addresses may be connected to.</param>
    public static SocketsHttpHandler Create(EndpointRules rules) => new()
    {
        AllowAutoRedirect = false,
        AutomaticDecompression = System.Net.DecompressionMethods.None,
        UseCookies = false,
        // A proxy would resolve names in our place, so that nobody could say which address is really reached.
        UseProxy = false,
        Credentials = null,
        PreAuthenticate = false,
        ActivityHeadersPropagator = null,
        ConnectCallback = rules.ConnectAsync,
        ConnectTimeout = TimeSpan.FromSeconds(20),
        // Names are resolved anew, and the rules asked anew, at least this often.
        PooledConnectionLifetime = TimeSpan.FromMinutes(2),
        // Below the five seconds after which common servers close an idle connection: a request that meets the closing is in doubt.
        PooledConnectionIdleTimeout = TimeSpan.FromSeconds(4),
        // The rest of an answer that nobody reads is not fetched.
        MaxResponseDrainSize = 0,
        MaxResponseHeadersLength = 64,
    };
}
