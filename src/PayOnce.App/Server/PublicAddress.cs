namespace PayOnce.App.Server;

/// <summary>Where people find this server, for links that leave it.</summary>
internal static class PublicAddress
{
    /// <summary>As the operator says, else as this request came; without a slash at the end.</summary>
    public static string Of(HttpContext http, ServerOptions options) => options.PublicUrl?.GetLeftPart(UriPartial.Authority) ?? $"{http.Request.Scheme}://{http.Request.Host}";
}
