using System.Reflection;
using Latchkey.Api.Authentication;
using Latchkey.Core;
using Latchkey.Core.Configuration;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Latchkey.Hosting;

/// <summary>The OpenAPI document of all routes at /openapi/v1.json, and a page to try them at /docs.</summary>
public static class OpenApi
{
    private const string DocsPolicy =
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; "
        + "connect-src 'self'; base-uri 'none'; frame-ancestors 'none'";

    private static readonly (string Tag, string Meaning)[] Tags =
    [
        ("app-user", "For apps. Use app-token before login and access-token after it."),
        ("server", "For your servers. Use app-secret."),
        ("keys", "For backends that verify user JWTs."),
    ];

    private static void Describe(OpenApiOptions options, string publicUrl)
    {
        options.AddDocumentTransformer(
            (document, _, _) =>
            {
                document.Info = new OpenApiInfo
                {
                    Title = "Latchkey",
                    Version = BuildVersion.Text,
                    Description =
                        "Sign-up, login and user management for apps. Errors are {\"code\", \"message\"} with HTTP 400 "
                        + "unless stated otherwise.",
                };
                document.Servers = [new OpenApiServer { Url = publicUrl }];
                document.Tags = Tags.Select(tag => new OpenApiTag { Name = tag.Tag, Description = tag.Meaning }).ToHashSet();
                document.Components ??= new OpenApiComponents();
                document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>(StringComparer.Ordinal)
                {
                    [TokenAuthenticationMiddleware.AppTokenHeader] = Header(
                        TokenAuthenticationMiddleware.AppTokenHeader,
                        "The App Token of the application."
                    ),
                    [TokenAuthenticationMiddleware.AccessTokenHeader] = Header(
                        TokenAuthenticationMiddleware.AccessTokenHeader,
                        "The access token of a logged-in user."
                    ),
                    [TokenAuthenticationMiddleware.AppSecretHeader] = Header(
                        TokenAuthenticationMiddleware.AppSecretHeader,
                        "The App Secret; for servers only."
                    ),
                };
                return Task.CompletedTask;
            }
        );
        options.AddOperationTransformer(
            (operation, context, _) =>
            {
                var metadata = context.Description.ActionDescriptor.EndpointMetadata;
                operation.Tags = new HashSet<OpenApiTagReference> { new(Tag(context.Description.RelativePath ?? "")) };
                DescribeRequest(operation, metadata.OfType<RequestShape>().FirstOrDefault());
                DescribeToken(operation, context.Document, metadata.OfType<TokenRequirement>().LastOrDefault());
                return Task.CompletedTask;
            }
        );
    }

    public static void MapOpenApiDocument(this IEndpointRouteBuilder routes)
    {
        byte[]? json = null; // made for the first request: a start is faster without it
        routes
            .MapGet(
                "/openapi/v1.json",
                async () => TypedResults.Bytes(json ??= await Document(routes.ServiceProvider), "application/json;charset=utf-8")
            )
            .ExcludeFromDescription();
    }

    public static void UseDocs(this WebApplication app) =>
        app.UseLazyBranch(
            "/docs",
            docs =>
            {
                docs.Use(
                    (context, next) =>
                    {
                        context.Response.Headers.ContentSecurityPolicy = DocsPolicy;
                        return next(context);
                    }
                );
                docs.UseSwaggerUI(ui =>
                {
                    ui.RoutePrefix = "docs";
                    ui.DocumentTitle = "Latchkey API";
                    ui.SwaggerEndpoint("../openapi/v1.json", "Latchkey"); // from /docs/index.html, below any path base
                });
            }
        );

    private static async Task<byte[]> Document(IServiceProvider services)
    {
        var publicUrl = services.GetRequiredService<InstallationSettings>().PublicUrl;
        var routes = services.GetRequiredService<EndpointDataSource>();
        var generating = new ServiceCollection()
            .AddLogging()
            .AddRoutingCore()
            .AddSingleton(services.GetRequiredService<IHostEnvironment>())
            .AddSingleton(routes)
            .AddOpenApi("v1", options => Describe(options, publicUrl));
        var parameters = routes
            .Endpoints.SelectMany(endpoint => endpoint.Metadata.OfType<IParameterBindingMetadata>())
            .Select(parameter => parameter.ParameterInfo.ParameterType)
            .Where(services.GetRequiredService<IServiceProviderIsService>().IsService)
            .Distinct();
        foreach (var type in parameters)
        {
            generating.AddSingleton(type, _ => services.GetRequiredService(type)); // else it would be described as a body
        }

        await using var generator = generating.BuildServiceProvider();
        var document = await generator.GetRequiredKeyedService<IOpenApiDocumentProvider>("v1").GetOpenApiDocumentAsync();
        using var json = new MemoryStream();
        await document.SerializeAsJsonAsync(json, OpenApiSpecVersion.OpenApi3_1);
        return json.ToArray();
    }

    private static string Tag(string path) =>
        path.StartsWith("api/appuser", StringComparison.Ordinal) ? "app-user"
        : path.StartsWith("api/server", StringComparison.Ordinal) ? "server"
        : "keys";

    private static OpenApiSecurityScheme Header(string name, string description) =>
        new()
        {
            Type = SecuritySchemeType.ApiKey,
            In = ParameterLocation.Header,
            Name = name,
            Description = description,
        };

    private static void DescribeToken(OpenApiOperation operation, OpenApiDocument? document, TokenRequirement? policy)
    {
        if (policy is null)
        {
            return;
        }

        string[] schemes = policy.Token switch
        {
            TokenKind.Secret => [TokenAuthenticationMiddleware.AppSecretHeader],
            TokenKind.AccessOrSecret => [TokenAuthenticationMiddleware.AccessTokenHeader, TokenAuthenticationMiddleware.AppSecretHeader],
            TokenKind.Access => [TokenAuthenticationMiddleware.AccessTokenHeader],
            _ => [TokenAuthenticationMiddleware.AppTokenHeader, TokenAuthenticationMiddleware.AccessTokenHeader],
        };
        operation.Security =
        [
            .. schemes.Select(scheme => new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(scheme, document)] = [] }),
        ];
    }

    private static void DescribeRequest(OpenApiOperation operation, RequestShape? shape)
    {
        if (shape is null)
        {
            return;
        }

        var nullability = new NullabilityInfoContext();
        var required = shape
            .Parameters.Where(p =>
                nullability.Create(p).WriteState == NullabilityState.NotNull && Nullable.GetUnderlyingType(p.ParameterType) is null
            )
            .Select(RequestShape.NameOf)
            .ToHashSet(StringComparer.Ordinal);
        if (shape.InQuery)
        {
            operation.Parameters =
            [
                .. operation.Parameters ?? [],
                .. shape.Parameters.Select(p =>
                    (IOpenApiParameter)
                        new OpenApiParameter
                        {
                            Name = RequestShape.NameOf(p),
                            In = ParameterLocation.Query,
                            Required = required.Contains(RequestShape.NameOf(p)),
                            Schema = Schema(p),
                        }
                ),
            ];
            return;
        }

        var body = new OpenApiSchema
        {
            Type = JsonSchemaType.Object,
            Required = required,
            Properties = shape.Parameters.ToDictionary(RequestShape.NameOf, p => (IOpenApiSchema)Schema(p), StringComparer.Ordinal),
        };
        operation.RequestBody = new OpenApiRequestBody
        {
            Required = required.Count > 0,
            Content = new Dictionary<string, OpenApiMediaType>(StringComparer.Ordinal)
            {
                ["application/json"] = new() { Schema = body },
                ["application/x-www-form-urlencoded"] = new() { Schema = body },
            },
        };
    }

    private static OpenApiSchema Schema(ParameterInfo parameter) =>
        new()
        {
            Type = (Nullable.GetUnderlyingType(parameter.ParameterType) ?? parameter.ParameterType) switch
            {
                var type when type == typeof(bool) => JsonSchemaType.Boolean,
                var type when type == typeof(long) => JsonSchemaType.Integer,
                var type when type == typeof(IReadOnlyList<string>) => JsonSchemaType.Array,
                _ => JsonSchemaType.String,
            },
            Items = parameter.ParameterType == typeof(IReadOnlyList<string>) ? new OpenApiSchema { Type = JsonSchemaType.String } : null,
        };
}
