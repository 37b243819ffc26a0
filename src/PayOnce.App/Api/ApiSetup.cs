using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using PayOnce.App.Output;

namespace PayOnce.App.Api;

/// <summary>What all endpoints under <c>/api/v1</c> share: strict JSON, problems, limits, the OpenAPI document. And which there are.</summary>
internal static class ApiSetup
{
    public const string Root = "/api/v1";

    /// <summary>Every address of an organisation begins with this.</summary>
    public const string OneOrganisation = "/organisations/{org}";

    public static void AddApi(this IServiceCollection services, ApiLimits limits)
    {
        services.AddSingleton(limits);
        services.AddProblemDetails(options => options.CustomizeProblemDetails = context =>
        {
            // A status that nobody put words to, such as 404 for an address that is no route.
            context.ProblemDetails.Extensions.Remove("traceId");
            if (context.ProblemDetails.Type?.StartsWith("urn:", StringComparison.Ordinal) == true || Problems.Of(context.HttpContext.Response.StatusCode) is not { } kind) return;
            (context.ProblemDetails.Type, context.ProblemDetails.Title) = (kind.Type, kind.Title);
        });
        services.AddExceptionHandler<ApiFaults>();
        services.Configure<RouteHandlerOptions>(options => options.ThrowOnBadRequest = true);
        services.ConfigureHttpJsonOptions(options => Strict(options.SerializerOptions));
        services.AddRateLimits(limits);
        services.AddApiDocument();
    }

    public static void MapApi(this IEndpointRouteBuilder app)
    {
        var api = app.MapGroup(Root).RefuseUnknownQueries();
        Me.Map(api);
        Organisations.Map(api);
        Installation.Map(api);
        var organisation = api.MapGroup(OneOrganisation);
        ClaimIntake.Map(organisation);
        Claims.Map(organisation);
        ClaimDecisions.Map(organisation);
        Integration.Map(organisation);
        IntegrationVersions.Map(organisation);
        IntegrationChecks.Map(organisation);
        Flags.Map(organisation);
        OrganisationSettings.Map(organisation);
        Declarations.Map(organisation);
        MyDeclaration.Map(organisation);
        ClaimForms.Map(organisation);
        MyClaimForms.Map(organisation);
        Retention.Map(organisation);
        Secrets.Map(organisation);
        Schedules.Map(organisation);
        Notifications.Map(organisation);
        Sources.Map(organisation);
        Pauses.Map(organisation);
        Sync.Map(organisation);
        Requests.Map(organisation);
        Runs.Map(organisation);
        RunLists.Map(organisation);
        RunFileDownloads.Map(organisation);
        LiveEvents.Map(organisation);
        ExportStatus.Map(organisation);
        InDoubt.Map(organisation);
        Restore.Map(organisation);
        Audit.Map(organisation);
        Search.Map(organisation);
        Members.Map(organisation);
        Invitations.Map(organisation);
        Tokens.Map(organisation);
        SignInProviders.Map(organisation);
        app.MapApiDocument();
    }

    // What PayOnce does not understand it does not ignore: a misspelt limit would otherwise export everything.
    private static void Strict(JsonSerializerOptions options)
    {
        options.UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow;
        options.NumberHandling = JsonNumberHandling.Strict;
        options.AllowDuplicateProperties = false;
        options.PropertyNameCaseInsensitive = false;
        options.RespectNullableAnnotations = true;
        options.RespectRequiredConstructorParameters = true;
        // Not \u00e6 for æ, as the command line writes it; no browser takes an answer for a page (nosniff, and a type of its own).
        options.Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping;
        options.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower, allowIntegerValues: false));
        options.Converters.Add(new UtcTime());
    }
}
