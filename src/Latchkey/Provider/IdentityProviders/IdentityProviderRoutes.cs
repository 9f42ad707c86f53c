using Latchkey.Api.Authentication;
using Latchkey.Applications.IdentityProviders;
using Latchkey.Core;
using Latchkey.Provider.Clients;
using Latchkey.Provider.IdentityProviders.Catalogue;

namespace Latchkey.Provider.IdentityProviders;

/// <summary>The server API: an application's own servers manage the providers that its users sign in with. A provider is named by its
/// alias.</summary>
public static class IdentityProviderRoutes
{
    public static void MapIdentityProviders(this RouteGroupBuilder server)
    {
        server.MapGet("providerCatalogue", Catalogue).WithSummary("List the providers that are known, with the fields that each needs.");
        server.MapGet("providers", List).WithSummary("List the providers that users can sign in with, in the order of their buttons.");
        server
            .MapPost("providers", Create)
            .WithSummary("Add a provider of the catalogue, or any other as oidc. Its secret is never shown.");
        server.MapGet("providers/{provider}", Show).WithSummary("Get a provider by its alias.");
        server.MapPost("providers/{provider}", Change).WithSummary("Change a provider. What is not given stays as it is.");
        server.MapDelete("providers/{provider}", Delete).WithSummary("Delete a provider. Users lose the links to their accounts there.");
    }

    private static IResult Catalogue() =>
        ClientRoutes.Json(json =>
        {
            json.WriteStartArray("providers"u8);
            foreach (var template in ProviderCatalogue.All)
            {
                json.WriteStartObject();
                IdentityProviderDescription.Write(json, template);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        });

    private static async Task<IResult> List(ServerCaller caller, IdentityProviderRules rules, Issuers issuers)
    {
        var all = await rules.List(caller.Application.Id);
        return ClientRoutes.Json(json =>
        {
            json.WriteStartArray("providers"u8);
            foreach (var provider in all)
            {
                json.WriteStartObject();
                IdentityProviderDescription.Write(json, provider, CallbackOf(caller, issuers, provider));
                json.WriteEndObject();
            }

            json.WriteEndArray();
        });
    }

    private static async Task<IResult> Create(
        BoundRequest<IdentityProviderRequest> bound,
        ServerCaller caller,
        IdentityProviderRules rules,
        Issuers issuers
    ) =>
        bound.Value.Template is not { } template
            ? ApiResults.From(ErrorCodes.MissingParameter.WithCause("template"))
            : From(
                await rules.Create(caller.Application.Id, template, bound.Value.ToChanges(), ClientRoutes.ActorOf(caller)),
                caller,
                issuers
            );

    private static async Task<IResult> Show(string provider, ServerCaller caller, IdentityProviderRules rules, Issuers issuers) =>
        From(
            await rules.Find(caller.Application.Id, provider) is { } found ? found : (Result<IdentityProvider>)ErrorCodes.ProviderNotFound,
            caller,
            issuers
        );

    private static async Task<IResult> Change(
        string provider,
        BoundRequest<IdentityProviderRequest> bound,
        ServerCaller caller,
        IdentityProviderRules rules,
        Issuers issuers
    ) => From(await rules.Change(caller.Application.Id, provider, bound.Value.ToChanges(), ClientRoutes.ActorOf(caller)), caller, issuers);

    private static async Task<IResult> Delete(string provider, ServerCaller caller, IdentityProviderRules rules) =>
        ApiResults.From(await rules.Remove(caller.Application.Id, provider, ClientRoutes.ActorOf(caller)));

    private static IResult From(Result<IdentityProvider> result, ServerCaller caller, Issuers issuers) =>
        result.Failed(out var provider, out var refused)
            ? ApiResults.From(refused)
            : ClientRoutes.Json(json => IdentityProviderDescription.Write(json, provider, CallbackOf(caller, issuers, provider)));

    private static string CallbackOf(ServerCaller caller, Issuers issuers, IdentityProvider provider) =>
        ProviderCallback.Of(issuers.Of(caller.Application), provider.Alias);
}
