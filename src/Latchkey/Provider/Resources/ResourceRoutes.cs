using System.Text.Json;
using Latchkey.Api.Authentication;
using Latchkey.Applications.Resources;
using Latchkey.Core;
using Latchkey.Provider.Clients;

namespace Latchkey.Provider.Resources;

/// <summary>
/// The server API: an application's own servers manage the APIs that access tokens can be for. A resource is named by its id.
/// </summary>
public static class ResourceRoutes
{
    public static void MapResources(this RouteGroupBuilder server)
    {
        server.MapGet("resources", List).WithSummary("List the resources: the APIs that access tokens can be for.");
        server.MapPost("resources", Add).WithSummary("Add a resource: an absolute address without a fragment, and its scopes.");
        server.MapPost("resources/change", Change).WithSummary("Change a resource. What is not given stays as it is.");
        server.MapPost("resources/remove", Remove).WithSummary("Remove a resource. There are no more tokens for it.");
    }

    private static async Task<IResult> List(ServerCaller caller, ResourceRules rules)
    {
        var all = await rules.List(caller.Application.Id);
        return ClientRoutes.Json(json =>
        {
            json.WriteStartArray("resources"u8);
            foreach (var resource in all)
            {
                json.WriteStartObject();
                Write(json, resource);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        });
    }

    private static async Task<IResult> Add(BoundRequest<AddRequest> bound, ServerCaller caller, ResourceRules rules)
    {
        var request = bound.Value;
        return From(
            await rules.Add(
                caller.Application.Id,
                request.Resource,
                request.Name ?? "",
                string.Join(' ', request.Scopes ?? []),
                request.TokenSeconds ?? ResourceRules.DefaultTokenSeconds,
                ClientRoutes.ActorOf(caller)
            )
        );
    }

    private static async Task<IResult> Change(BoundRequest<ChangeRequest> bound, ServerCaller caller, ResourceRules rules)
    {
        var request = bound.Value;
        return From(
            await rules.Change(
                caller.Application.Id,
                request.Resource,
                request.Name,
                request.Scopes is { } scopes ? string.Join(' ', scopes) : null,
                request.TokenSeconds,
                ClientRoutes.ActorOf(caller)
            )
        );
    }

    private static async Task<IResult> Remove(BoundRequest<RemoveRequest> bound, ServerCaller caller, ResourceRules rules) =>
        ApiResults.From(await rules.Remove(caller.Application.Id, bound.Value.Resource, ClientRoutes.ActorOf(caller)));

    private static IResult From(Result<Resource> saved) =>
        saved.Failed(out var resource, out var refused) ? ApiResults.From(refused) : ClientRoutes.Json(json => Write(json, resource));

    private static void Write(Utf8JsonWriter json, Resource resource)
    {
        json.WriteString("resource"u8, resource.Id);
        json.WriteString("name"u8, resource.Name);
        json.WriteStartArray("scopes"u8);
        foreach (var scope in resource.ScopeNames)
        {
            json.WriteStringValue(scope);
        }

        json.WriteEndArray();
        json.WriteNumber("tokenSeconds"u8, resource.TokenSeconds);
        json.WriteString("createdAt"u8, WireDate.Format(resource.CreatedAt));
    }

    /// <param name="Resource">The resource indicator (RFC 8707).</param>
    /// <param name="Name">For people; the host without one.</param>
    /// <param name="Scopes">The scopes that mean something there.</param>
    /// <param name="TokenSeconds">The lifetime of access tokens for it, 60 to 86,400; 600 by default.</param>
    public sealed record AddRequest(string Resource, string? Name, IReadOnlyList<string>? Scopes, long? TokenSeconds) : IRequest<AddRequest>
    {
        public static AddRequest Read(FieldReader fields) =>
            new(fields.Required("resource"), fields.Optional("name"), fields.OptionalList("scopes"), fields.OptionalNumber("tokenSeconds"));
    }

    public sealed record ChangeRequest(string Resource, string? Name, IReadOnlyList<string>? Scopes, long? TokenSeconds)
        : IRequest<ChangeRequest>
    {
        public static ChangeRequest Read(FieldReader fields) =>
            new(fields.Required("resource"), fields.Optional("name"), fields.OptionalList("scopes"), fields.OptionalNumber("tokenSeconds"));
    }

    public sealed record RemoveRequest(string Resource) : IRequest<RemoveRequest>
    {
        public static RemoveRequest Read(FieldReader fields) => new(fields.Required("resource"));
    }
}
