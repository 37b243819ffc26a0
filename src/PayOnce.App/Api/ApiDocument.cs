using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using PayOnce.App.Server;

namespace PayOnce.App.Api;

/// <summary>The OpenAPI document of the API and the page that shows it. docs/openapi.json is a copy, which a test compares.</summary>
internal static class ApiDocument
{
    public const string Address = "/openapi/v1.json";

    private const string Text =
        "Approved expense claims go to the accounting system, each exactly once. Amounts are whole numbers in minor units (øre) with their currency; times are UTC with six decimals; "
        + "days are yyyy-MM-dd in the organisation's time zone. What is not known is refused, never ignored. Every refusal is a problem (RFC 9457) with a type that never changes.";

    public static void AddApiDocument(this IServiceCollection services) => services.AddOpenApi(options =>
    {
        options.ShouldInclude = description => description.RelativePath?.StartsWith(ApiSetup.Root[1..], StringComparison.Ordinal) == true;
        options.AddDocumentTransformer((document, _, _) =>
        {
            document.Info = new OpenApiInfo { Title = "PayOnce", Version = "v1", Description = Text, License = new OpenApiLicense { Name = "MIT", Identifier = "MIT" } };
            // Or the address that this server happens to have would be part of it.
            document.Servers = [];
            AddSecurity(document);
            return Task.CompletedTask;
        });
        options.AddOperationTransformer<OperationProblems>();
        options.AddSchemaTransformer((schema, context, _) =>
        {
            SchemaMending.Mend(schema, context);
            return Task.CompletedTask;
        });
    });

    public static void MapApiDocument(this IEndpointRouteBuilder app)
    {
        app.MapOpenApi("/openapi/{documentName}.json").AllowAnonymous();
        app.MapGet("/api", Page).AllowAnonymous().ExcludeFromDescription();
    }

    private static void AddSecurity(OpenApiDocument document)
    {
        document.Components ??= new OpenApiComponents();
        document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>(StringComparer.Ordinal)
        {
            ["token"] = new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = "bearer", Description = "An API token of one organisation, as in po_1f2e3d4c5b6a_…" },
        };
        document.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference("token", document)] = [] }];
    }

    public static IResult Page(Visit visit)
    {
        visit.Language = Dashboard.Language.English;
        return TypedResults.Content("""
            <!DOCTYPE html>
            <html lang="en">
            <head>
              <meta charset="utf-8">
              <meta name="viewport" content="width=device-width, initial-scale=1">
              <title>PayOnce: the HTTP API</title>
              <link rel="icon" href="/icon.svg">
              <link rel="stylesheet" href="/lib/swagger/swagger-ui.css">
              <link rel="stylesheet" href="/api-page.css">
            </head>
            <body>
              <div id="api" data-document="/openapi/v1.json"></div>
              <noscript><p>This page needs JavaScript. The document it shows is <a href="/openapi/v1.json">/openapi/v1.json</a>.</p></noscript>
              <script src="/lib/swagger/swagger-ui-bundle.js"></script>
              <script src="/api-page.js"></script>
            </body>
            </html>
            """, "text/html; charset=utf-8");
    }
}

/// <summary>What generated schemas say wrongly or not at all.</summary>
internal static class SchemaMending
{
    public static void Mend(OpenApiSchema schema, OpenApiSchemaTransformerContext context)
    {
        var type = Nullable.GetUnderlyingType(context.JsonTypeInfo.Type) ?? context.JsonTypeInfo.Type;
        if (type.IsEnum) schema.Type = JsonSchemaType.String | ((schema.Type ?? 0) & JsonSchemaType.Null);
        // What is sent is read strictly; an answer may tell more tomorrow.
        if (!type.Name.EndsWith("Body", StringComparison.Ordinal) && schema.Properties?.Count > 0) (schema.AdditionalPropertiesAllowed, schema.AdditionalProperties) = (true, null);
        if (type == typeof(decimal)) schema.Format = "decimal";
        if (type == typeof(System.Text.Json.JsonElement)) schema.Description ??= "JSON of its own form";
    }
}

/// <summary>What an endpoint refuses, beside what every endpoint does.</summary>
internal sealed record Refusals(IReadOnlyList<ProblemKind> Kinds);

/// <summary>The endpoint changes what two people may edit: it takes If-Match or If-None-Match.</summary>
internal sealed record ChangesAVersion;

/// <summary>How an endpoint describes itself beyond its types.</summary>
internal static class Descriptions
{
    public static TBuilder Refuses<TBuilder>(this TBuilder endpoint, params ProblemKind[] kinds) where TBuilder : IEndpointConventionBuilder => endpoint.WithMetadata(new Refusals(kinds));

    public static TBuilder Conditional<TBuilder>(this TBuilder endpoint) where TBuilder : IEndpointConventionBuilder => endpoint.WithMetadata(new ChangesAVersion());

    /// <summary>Its good answer is bytes of this type.</summary>
    public static RouteHandlerBuilder Gives(this RouteHandlerBuilder endpoint, string contentType) => endpoint.Produces<Stream>(StatusCodes.Status200OK, contentType);
}

/// <summary>Adds to each operation the problems it answers with, and the headers that decide about versions.</summary>
internal sealed class OperationProblems : IOpenApiOperationTransformer
{
    private const string Schema = "Problem";

    private static readonly ProblemKind[] Always = [Problems.NotSignedIn, Problems.NotAllowed, Problems.TooMany, Problems.Broken, Problems.Unavailable];

    public async Task TransformAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        var metadata = context.Description.ActionDescriptor.EndpointMetadata;
        if (metadata.OfType<ChangesAVersion>().Any())
        {
            Header(operation, "If-Match", "The ETag of what is changed, or * for whatever there is.");
            Header(operation, "If-None-Match", "* says that there is none yet.");
        }
        // The generated binding calls every list required; one that does not stand there is empty.
        foreach (var list in (operation.Parameters ?? []).OfType<OpenApiParameter>().Where(each => each.In == ParameterLocation.Query && each.Schema?.Type == JsonSchemaType.Array)) list.Required = false;
        var document = context.Document!;
        if (document.Components?.Schemas?.ContainsKey(Schema) != true) document.AddComponent(Schema, await context.GetOrCreateSchemaAsync(typeof(ProblemShape), parameterDescription: null, cancellationToken));
        var found = context.Description.RelativePath?.Contains("{org}", StringComparison.Ordinal) == true ? new[] { Problems.NotFound } : [];
        var kinds = metadata.OfType<Refusals>().SelectMany(each => each.Kinds).Concat(found).Concat(Always).Distinct();
        operation.Responses ??= [];
        foreach (var status in kinds.GroupBy(kind => kind.Status).OrderBy(group => group.Key))
        {
            operation.Responses[status.Key.ToString(System.Globalization.CultureInfo.InvariantCulture)] = new OpenApiResponse
            {
                Description = string.Join("\n\n", status.Select(kind => $"`{kind.Type}`: {kind.Title}")),
                Content = new Dictionary<string, OpenApiMediaType>(StringComparer.Ordinal) { ["application/problem+json"] = new() { Schema = new OpenApiSchemaReference(Schema, document) } },
            };
        }
    }

    private static void Header(OpenApiOperation operation, string name, string text) =>
        (operation.Parameters ??= []).Add(new OpenApiParameter { Name = name, In = ParameterLocation.Header, Description = text, Schema = new OpenApiSchema { Type = JsonSchemaType.String } });
}

/// <summary>A refusal (RFC 9457). Kinds add members of their own, such as <c>running</c> to <c>busy</c>.</summary>
/// <param name="Type">Which kind it is; never changes.</param>
/// <param name="Detail">What is wrong this time, for people.</param>
/// <param name="Errors">What is wrong with what was sent, place by place.</param>
internal sealed record ProblemShape(string Type, string Title, int Status, string? Detail = null, IReadOnlyList<Fault>? Errors = null);
