using System.Text.Json;
using System.Text.Json.Serialization;

namespace PayOnce.App.Api;

/// <summary>What all endpoints under <c>/api/v1</c> share: strict JSON, problems, the OpenAPI document.</summary>
internal static class ApiSetup
{
    public const string Root = "/api/v1";

    public static void AddApi(this IServiceCollection services)
    {
        services.AddProblemDetails();
        services.ConfigureHttpJsonOptions(options => Strict(options.SerializerOptions));
    }

    public static void MapApi(this IEndpointRouteBuilder app) => app.MapGroup(Root);

    // What PayOnce does not understand it does not ignore: a misspelt limit would otherwise export everything.
    private static void Strict(JsonSerializerOptions options)
    {
        options.UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow;
        options.NumberHandling = JsonNumberHandling.Strict;
        options.AllowDuplicateProperties = false;
        options.RespectNullableAnnotations = true;
        options.RespectRequiredConstructorParameters = true;
        options.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower, allowIntegerValues: false));
    }
}
