using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;
using PayOnce.Access;
using PayOnce.App.Access;
using PayOnce.App.Tests.Support;
using PayOnce.Tests.Support;

namespace PayOnce.App.Tests.Access;

/// <summary>Every route with every role, and with another organisation's ids. A new route without a permission fails here.</summary>
public sealed partial class RouteWalkTests(PostgresCluster cluster)
{
    // What anybody may ask for; each for a reason.
    private static readonly HashSet<string> ForAnybody =
    [
        "/sign-in", "/sign-in/with/{at}", "/sign-in/callback", "/first-administrator/{Link}", "/invitation/{link}", "/reset-password/{link}", "/language", "/help", "/accessibility",
        "/health/live", "/health/ready", "/not-found", "/trouble/{code:int?}", "/api", "/openapi/{documentName}.json",
    ];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_route_names_one_permission_or_is_known_to_be_for_anybody()
    {
        await using var world = await ServerWorld.StartAsync(StoreKind.Sqlite, cluster);
        var routes = Routes(world.Servers[0]).ToList();
        Assert.True(routes.Count > 10, "The walk finds hardly any route.");
        var open = routes.Where(route => route.Permission is null && !ForAnybody.Contains(route.Pattern)).Select(route => route.ToString());
        Assert.Empty(open);
        var closed = ForAnybody.Where(pattern => routes.All(route => route.Pattern != pattern));
        Assert.Empty(closed);
    }

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task Every_route_lets_in_whom_its_permission_says_and_nobody_else(StoreKind kind)
    {
        await using var world = await ServerWorld.StartAsync(kind, cluster, claims: 3);
        await world.AddOrganisationAsync("other", claims: 3);
        using var stranger = world.NewClient();
        var people = new List<(string Who, Func<Permission, bool> May, HttpClient Client, bool Program)>();
        foreach (var role in Enum.GetValues<Role>()) people.Add((role.Text(), permission => role.May(permission), await world.SignedInAsync(role), false));
        people.Add(("key that reads", permission => permission is Permission.Read or Permission.SignedIn, await world.WithTokenAsync(Permission.Read), true));
        var wrong = new List<string>();

        foreach (var route in Routes(world.Servers[0]).Where(route => route.Permission is not null))
        {
            var permission = route.Permission!.Value;
            using (var answer = await SendAsync(stranger, route, "hlf"))
            {
                var right = route.IsApi ? answer.StatusCode is HttpStatusCode.Unauthorized : answer.StatusCode is HttpStatusCode.Redirect && answer.Headers.Location!.PathAndQuery.StartsWith("/sign-in?", StringComparison.Ordinal);
                if (!right) wrong.Add($"{route} lets a stranger in: {answer.StatusCode}");
            }
            foreach (var (who, may, client, program) in people)
            {
                // Signing out ends what the walk still needs.
                if (route.Pattern is "/sign-out" || (program && !route.IsApi)) continue;
                using (var answer = await SendAsync(client, route, "hlf"))
                {
                    var refused = answer.StatusCode is HttpStatusCode.Forbidden or HttpStatusCode.Unauthorized;
                    if (refused == may(permission)) wrong.Add($"{route} as {who}: {answer.StatusCode}");
                    if (answer.StatusCode is HttpStatusCode.InternalServerError) wrong.Add($"{route} as {who} fails");
                }
                if (!route.HasOrganisation) continue;
                using var elsewhere = await SendAsync(client, route, "other");
                if (elsewhere.StatusCode is not HttpStatusCode.NotFound) wrong.Add($"{route} of another organisation as {who}: {elsewhere.StatusCode}");
            }
        }
        foreach (var person in people) person.Client.Dispose();
        Assert.Empty(wrong);
    }

    private static async Task<HttpResponseMessage> SendAsync(HttpClient client, Route route, string organisation)
    {
        var path = Parameter().Replace(route.Pattern, match => match.Groups[1].Value is "org" ? organisation : match.Groups[1].Value is "code" ? "404" : "1");
        using var request = new HttpRequestMessage(new HttpMethod(route.Method), path);
        if (route.Method is not ("GET" or "HEAD"))
        {
            // Empty of sense on purpose: who may is told apart from who may not, and nothing happens.
            request.Content = route.TakesForm ? new FormUrlEncodedContent([]) : new StringContent("{}", Encoding.UTF8, "application/json");
            request.Headers.Add("Sec-Fetch-Site", "same-origin");
        }
        return await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancel);
    }

    private static IEnumerable<Route> Routes(WebApplication app) =>
        from endpoint in ((IEndpointRouteBuilder)app).DataSources.SelectMany(source => source.Endpoints).OfType<RouteEndpoint>()
        where endpoint.Metadata.GetMetadata<Microsoft.AspNetCore.StaticAssets.StaticAssetDescriptor>() is null
        let pattern = "/" + endpoint.RoutePattern.RawText!.TrimStart('/')
        where !pattern.StartsWith("/_framework", StringComparison.Ordinal) && !pattern.Contains("{**", StringComparison.Ordinal)
        let needs = endpoint.Metadata.GetMetadata<NeedsAttribute>()
        let anybody = endpoint.Metadata.GetMetadata<IAllowAnonymous>() is not null
        from method in endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? ["GET"]
        let accepts = endpoint.Metadata.GetMetadata<IAcceptsMetadata>()?.ContentTypes ?? []
        select new Route(method, pattern, anybody ? null : needs?.Permission, accepts.Contains("application/x-www-form-urlencoded"));

    private sealed record Route(string Method, string Pattern, Permission? Permission, bool TakesForm)
    {
        public bool IsApi => Pattern.StartsWith("/api/", StringComparison.Ordinal);

        public bool HasOrganisation => Pattern.Contains("{org", StringComparison.OrdinalIgnoreCase);
    }

    [GeneratedRegex(@"\{([A-Za-z]+)[^}]*\}")]
    private static partial Regex Parameter();
}
