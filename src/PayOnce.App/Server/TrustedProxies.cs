using Microsoft.AspNetCore.HttpOverrides;

namespace PayOnce.App.Server;

/// <summary>Whose word is taken for where a request came from: nobody's, unless the operator names a proxy's network.</summary>
internal static class TrustedProxies
{
    public static void UseTrustedProxies(this WebApplication app)
    {
        var options = app.Services.GetRequiredService<ServerOptions>();
        if (options.TrustedProxies.Length > 0)
        {
            var forwarded = new ForwardedHeadersOptions { ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto | ForwardedHeaders.XForwardedHost };
            forwarded.KnownProxies.Clear();
            forwarded.KnownIPNetworks.Clear();
            foreach (var network in options.TrustedProxies) forwarded.KnownIPNetworks.Add(System.Net.IPNetwork.Parse(network));
            app.UseForwardedHeaders(forwarded);
        }
        if (options.PublicUrl is not { } open) return;
        app.Use((http, next) =>
        {
            // Links and the sign-in provider's way back name the address that people use, whatever the request claims.
            http.Request.Scheme = open.Scheme;
            http.Request.Host = HostString.FromUriComponent(open);
            return next(http);
        });
    }
}
