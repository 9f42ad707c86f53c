using System.Globalization;
using System.Text.Json;
using Latchkey.Activity.Audit;
using Latchkey.Api.Authentication;
using Latchkey.Core;
using Latchkey.Data;

namespace Latchkey.Provider.Clients;

/// <summary>The server API: an application's own servers manage the clients of its OpenID provider.</summary>
public static class ClientRoutes
{
    private const int MaxPageSize = 200;
    private const int DefaultPageSize = 50;

    public static void MapClients(this RouteGroupBuilder server)
    {
        server
            .MapGet("clients", List)
            .WithSummary("List the clients of the OpenID provider, newest first. cursor is the previous page's next.");
        server
            .MapPost("clients", Create)
            .WithSummary("Create a client: web, native, browser, service or device. The answer has its secret, which is shown once.");
        server.MapGet("clients/{client}", Show).WithSummary("Get a client by its id.");
        server.MapPost("clients/{client}", Change).WithSummary("Change a client. What is not given stays as it is.");
        server.MapDelete("clients/{client}", Delete).WithSummary("Delete a client with everything that users granted to it.");
        server
            .MapPost("clients/{client}/secrets", AddSecret)
            .WithSummary("Add a secret, which is shown once. The others stay valid; a client can have five.");
        server.MapPost("clients/{client}/secrets/{secret}/end", EndSecret).WithSummary("End a secret by its id: at once, or in some days.");
    }

    private static async Task<IResult> List(BoundRequest<ListRequest> bound, ServerCaller caller, ClientRules rules)
    {
        var request = bound.Value;
        var page = await rules.Page(
            caller.Application.Id,
            request.Search ?? "",
            new PageRequest(request.Cursor ?? "", "", (int)Math.Clamp(request.Limit ?? DefaultPageSize, 1, MaxPageSize))
        );
        return Json(json =>
        {
            json.WriteStartArray("clients"u8);
            foreach (var client in page.Rows)
            {
                json.WriteStartObject();
                ClientDescription.Write(json, client);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            if (page.Next is { } next)
            {
                json.WriteString("next"u8, next.Encoded);
            }
        });
    }

    private static async Task<IResult> Create(BoundRequest<ClientRequest> bound, ServerCaller caller, ClientRules rules, TimeProvider clock)
    {
        if (bound.Value is not { Type: { } typeName, Name: { } name })
        {
            return ApiResults.From(ErrorCodes.MissingParameter.WithCause("type and name"));
        }

        if (!EnumNames.TryParse<ClientType>(typeName, out var type))
        {
            return ApiResults.From(
                ErrorCodes.InvalidData with
                {
                    Message = $"type must be one of {string.Join(", ", EnumNames.All<ClientType>())}.",
                }
            );
        }

        var created = await rules.Create(caller.Application.Id, type, name, bound.Value.ToChanges(), ActorOf(caller));
        return created.Failed(out var made, out var refused)
            ? ApiResults.From(refused)
            : Json(json =>
            {
                ClientDescription.Write(json, made.Client, clock.Now());
                if (made.Secret is { } secret)
                {
                    json.WriteString("clientSecret"u8, secret);
                }
            });
    }

    private static async Task<IResult> Show(string client, ServerCaller caller, ClientRules rules, TimeProvider clock) =>
        await rules.Find(caller.Application.Id, client) is { } found
            ? Json(json => ClientDescription.Write(json, found, clock.Now()))
            : ApiResults.From(ErrorCodes.ClientNotFound);

    private static async Task<IResult> Change(
        string client,
        BoundRequest<ClientRequest> bound,
        ServerCaller caller,
        ClientRules rules,
        TimeProvider clock
    )
    {
        var changes = bound.Value.ToChanges();
        if (bound.Value.Name is { } name)
        {
            changes[ClientRules.Name] = name;
        }

        return (await rules.Change(caller.Application.Id, client, changes, ActorOf(caller))).Failed(out var changed, out var refused)
            ? ApiResults.From(refused)
            : Json(json => ClientDescription.Write(json, changed, clock.Now()));
    }

    private static async Task<IResult> Delete(string client, ServerCaller caller, ClientDeletion deletion) =>
        ApiResults.From(await deletion.Delete(caller.Application.Id, client, ActorOf(caller)));

    private static async Task<IResult> AddSecret(string client, ServerCaller caller, ClientSecretRules rules) =>
        (await rules.Add(caller.Application.Id, client, ActorOf(caller))).Failed(out var made, out var refused)
            ? ApiResults.From(refused)
            : Json(json =>
            {
                ClientDescription.Write(json, made.Secret);
                json.WriteString("clientSecret"u8, made.Text);
            });

    private static async Task<IResult> EndSecret(
        string client,
        string secret,
        BoundRequest<EndSecretRequest> bound,
        ServerCaller caller,
        ClientSecretRules rules
    ) =>
        ApiResults.From(
            await rules.End(caller.Application.Id, client, secret, (int)Math.Min(bound.Value.InDays ?? 0, int.MaxValue), ActorOf(caller))
        );

    internal static IResult Json(Action<Utf8JsonWriter> members)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            members(json);
            json.WriteEndObject();
        }

        return ApiResults.RawJson(buffer.ToArray());
    }

    /// <summary>The application's own server, as the log names it.</summary>
    internal static Actor ActorOf(ServerCaller caller) => new(AuditEntry.ByServer, caller.Client.Address);

    /// <param name="Search">Part of a name, or a client id.</param>
    /// <param name="Cursor">The next of the page before.</param>
    /// <param name="Limit">Clients a page, 200 at most; 50 by default.</param>
    public sealed record ListRequest(string? Search, string? Cursor, long? Limit) : IRequest<ListRequest>
    {
        public static ListRequest Read(FieldReader fields) =>
            new(fields.Optional("search"), fields.Optional("cursor"), fields.OptionalNumber("limit"));
    }

    /// <param name="InDays">Days until it ends; at once without it.</param>
    public sealed record EndSecretRequest(long? InDays) : IRequest<EndSecretRequest>
    {
        public static EndSecretRequest Read(FieldReader fields) => new(fields.OptionalNumber("inDays"));
    }
}
