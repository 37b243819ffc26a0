using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.RateLimiting;
using PayOnce.App.Server;

namespace PayOnce.App.Api;

/// <summary>
/// How often one may ask: a bucket for each user, token or address, and a small one for each address that tries to sign in. Each
/// node counts for itself.
/// </summary>
internal static class RateLimits
{
    /// <summary>For endpoints whose work may take minutes.</summary>
    public const string Heavy = "heavy";

    // Where guessing a secret begins: pages and API alike.
    private static readonly string[] SignIn = ["/sign-in", "/first-administrator", "/invitation", "/reset-password"];

    // What has us ask a provider, who must not be asked for ever by us for a stranger.
    private const string Providers = "/sign-in/with";

    public static void AddRateLimits(this IServiceCollection services, ApiLimits limits)
    {
        services.AddRateLimiter(options =>
        {
            options.RejectionStatusCode = StatusCodes.Status429TooManyRequests;
            options.GlobalLimiter = PartitionedRateLimiter.Create<HttpContext, string>(http => PartitionOf(http, limits));
            options.AddPolicy(Heavy, http => RateLimitPartition.GetConcurrencyLimiter(
                http.GetRouteValue("org") as string ?? "",
                _ => new ConcurrencyLimiterOptions { PermitLimit = limits.HeavyAtOnce, QueueLimit = 0 }));
            options.OnRejected = RejectedAsync;
        });
    }

    private static RateLimitPartition<string> PartitionOf(HttpContext http, ApiLimits limits)
    {
        var path = http.Request.Path;
        if ((HttpMethods.IsPost(http.Request.Method) && SignIn.Any(start => path.StartsWithSegments(start))) || path.StartsWithSegments(Providers))
        {
            return RateLimitPartition.GetTokenBucketLimiter($"sign-in {Address(http)}", _ => new TokenBucketRateLimiterOptions
            {
                TokenLimit = limits.SignInBurst,
                TokensPerPeriod = 1,
                ReplenishmentPeriod = limits.SignInEvery,
                QueueLimit = 0,
            });
        }
        if (!path.StartsWithSegments("/api")) return RateLimitPartition.GetNoLimiter("");
        const int perSecond = 10;
        return RateLimitPartition.GetTokenBucketLimiter(Caller(http), _ => new TokenBucketRateLimiterOptions
        {
            TokenLimit = limits.Burst,
            TokensPerPeriod = Math.Max(1, limits.PerSecond / perSecond),
            ReplenishmentPeriod = TimeSpan.FromSeconds(1.0 / perSecond),
            QueueLimit = 0,
        });
    }

    // Who is signed in, not what they say they are: forged keys all count for their address.
    private static string Caller(HttpContext http) => http.Visit() switch
    {
        { Person: { } person } => $"user {person.User.UserId}",
        { Token: { } token } => $"token {token.TokenId}",
        _ => Address(http),
    };

    // Whoever has one address of a network of the newer kind has them all.
    private static string Address(HttpContext http)
    {
        const int network = 8;
        var address = http.Connection.RemoteIpAddress ?? IPAddress.None;
        if (address.IsIPv4MappedToIPv6) address = address.MapToIPv4();
        if (address.AddressFamily != AddressFamily.InterNetworkV6) return $"address {address}";
        return $"network {Convert.ToHexString(address.GetAddressBytes(), 0, network)}";
    }

    private static async ValueTask RejectedAsync(OnRejectedContext context, CancellationToken cancel)
    {
        var http = context.HttpContext;
        // One that says nothing is the limit on work at the same time, of which nobody knows when it ends.
        var after = context.Lease.TryGetMetadata(MetadataName.RetryAfter, out var time) ? time : TimeSpan.FromSeconds(5);
        http.Response.Headers.RetryAfter = Math.Max(1, (int)Math.Ceiling(after.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        if (http.Request.Path.StartsWithSegments("/api")) await Problems.TooMany.Because().ExecuteAsync(http);
    }
}
