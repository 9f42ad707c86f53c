using Latchkey.Activity.Audit;
using Latchkey.Api.Authentication;
using Latchkey.Api.TwoFactor;
using Latchkey.Core;
using Latchkey.Users.Administration;
using Latchkey.Users.Sessions;

namespace Latchkey.Api.Linking;

/// <summary>link, links and unlink: our extension of the app-user API. link needs the application's linkingEnabled.</summary>
public static class LinkingApi
{
    public static void MapLinking(this RouteGroupBuilder api)
    {
        api.MapPost("link", Link)
            .RequiresToken(TokenKind.Access)
            .RequiresFeature(s => s.LinkingEnabled, ErrorCodes.LinkingDisabled)
            .WithSummary(
                "Link the Apple or Google account of a fresh ID token, to log in with it too. Needs a proof in the last 15 minutes (710)."
            );
        api.MapGet("links", List)
            .RequiresToken(TokenKind.Access)
            .Produces<LinksAnswer>()
            .WithSummary(
                "Get the ways in which the user can log in: the password, the phone number, passkeys, and accounts at Apple and Google."
            );
        api.MapPost("unlink", Unlink)
            .RequiresToken(TokenKind.Access)
            .WithSummary("Unlink an account by its id, but never the last way in (719). Needs a proof in the last 15 minutes (710).");
    }

    private static async Task<IResult> Link(BoundRequest<LinkRequest> bound, UserCaller caller, LinkRules rules, CancellationToken stop) =>
        ApiResults.From(await rules.Link(caller, bound.Value.Provider, bound.Value.Token, bound.Value.Nonce, stop));

    private static async Task<IResult> List(UserCaller caller, UserIdentities identities) =>
        ApiResults.Json(LinksAnswer.From(caller.User, await identities.List(caller.User)), LinkingJson.Default.LinksAnswer);

    private static async Task<IResult> Unlink(
        BoundRequest<UnlinkRequest> bound,
        UserCaller caller,
        UserIdentities identities,
        StepUp stepUp
    ) =>
        ApiResults.From(
            stepUp.FindMissingProof(caller) is { } missing
                ? missing
                : await identities.Unlink(
                    caller.Application,
                    caller.User,
                    bound.Value.Id,
                    SessionEndReason.SignedOutElsewhere,
                    new Actor(AuditEntry.ByUser, caller.Client.Address),
                    caller.Session.Id
                )
        );

    /// <param name="Provider">apple or google.</param>
    /// <param name="Token">The provider's ID token.</param>
    /// <param name="Nonce">What the app asked the provider to put into the token, if it did.</param>
    public sealed record LinkRequest(string Provider, string Token, string? Nonce) : IRequest<LinkRequest>
    {
        public static LinkRequest Read(FieldReader fields) =>
            new(fields.Required("provider"), fields.Required("token"), fields.Optional("nonce"));
    }

    /// <param name="Id">As links lists it.</param>
    public sealed record UnlinkRequest(string Id) : IRequest<UnlinkRequest>
    {
        public static UnlinkRequest Read(FieldReader fields) => new(fields.Required("id"));
    }
}
