using Latchkey.Core;
using Latchkey.Provider.Clients;
using Latchkey.Users.Sessions;

namespace Latchkey.Provider.Authorization;

/// <summary>What a valid request leads to (OpenID Connect Core §3.1.2.3 to §3.1.2.6).</summary>
public static class AuthorizeRules
{
    /// <param name="opened">The request, and who is signed in.</param>
    /// <param name="now">In unix milliseconds.</param>
    public static AuthorizationDecision Decide(ReadyAuthorization opened, long now)
    {
        var decision = DecideWithPages(opened, now);
        return decision is PageDecision needed && opened.Request.HasPrompt(Prompt.None)
            ? new ErrorDecision(ErrorInPlaceOf(needed.Page))
            : decision;
    }

    /// <summary>
    /// Whether another app could stand behind the client's name and its address. Then nothing goes there before the user has done something
    /// (RFC 8252 §8.6).
    /// </summary>
    public static bool IsUnassured(Client client, AuthorizationRequest request) =>
        client is { IsPublic: true, Type: ClientType.Native } && !RedirectUris.IsAssured(request.RedirectUri);

    private static AuthorizationDecision DecideWithPages(ReadyAuthorization opened, long now)
    {
        var (pending, request) = (opened.Pending, opened.Request);
        if (request.EssentialAcr.Count > 0 && !request.EssentialAcr.Any(AcrValues.Supported.Contains))
        {
            return new ErrorDecision(OAuthErrors.UnmetAuthenticationRequirements.WithCause("no such acr"));
        }

        if (opened.User is not { } user)
        {
            return new PageDecision(request.HasPrompt(Prompt.Create) ? AuthorizationPage.SignUp : AuthorizationPage.SignIn);
        }

        // Whoever signed in for this request is as fresh as can be: a second form would change nothing.
        var isFresh = pending.FreshSession == user.Session.PublicId;
        if (FindUnmet(request, user) is { } unmet)
        {
            return isFresh ? new ErrorDecision(unmet) : new PageDecision(AuthorizationPage.SignIn);
        }

        if (!isFresh && !pending.SwitchesAccount && request.HasPrompt(Prompt.Create))
        {
            return new PageDecision(AuthorizationPage.SignUp);
        }

        if (!isFresh && (pending.SwitchesAccount || request.HasPrompt(Prompt.Login) || IsTooOld(request, user.Session, now)))
        {
            return new PageDecision(AuthorizationPage.SignIn);
        }

        var hasChosen = isFresh || pending.ChosenSession == user.Session.PublicId;
        return !hasChosen && NeedsChoice(opened) ? new PageDecision(AuthorizationPage.ChooseAccount)
            : NeedsConsent(opened) ? new PageDecision(AuthorizationPage.Consent)
            : new CodeDecision(user);
    }

    /// <summary>Why this user's session cannot answer the request, however fresh it is; null if it can.</summary>
    private static Error? FindUnmet(AuthorizationRequest request, SessionUser user) =>
        request.Subject is { } subject && subject != user.User.Id
            ? OAuthErrors.LoginRequired with
            {
                Message = "Another user is signed in.",
            }
        : request.EssentialAcr.Count > 0
        && !request.EssentialAcr.Contains(AuthenticationMethods.LevelOf(user.Session.Methods), StringComparer.Ordinal)
            ? OAuthErrors.UnmetAuthenticationRequirements
        : null;

    /// <summary>Compared in whole seconds, as clients see them in auth_time. max_age=0 is prompt=login.</summary>
    private static bool IsTooOld(AuthorizationRequest request, Session session, long now) =>
        request.MaxAge is { } seconds && (seconds == 0 || (now / 1000) - (session.AuthenticatedAt / 1000) > seconds);

    private static bool NeedsChoice(ReadyAuthorization opened) =>
        opened.Request.HasPrompt(Prompt.SelectAccount) || (opened.Client.Settings.FirstParty && IsUnassured(opened.Client, opened.Request));

    private static bool NeedsConsent(ReadyAuthorization opened) =>
        opened.Request.HasPrompt(Prompt.Consent)
        || (
            !opened.Client.Settings.FirstParty
            && (
                IsUnassured(opened.Client, opened.Request)
                || opened.Consent?.Covers(opened.Request.Scopes, opened.Request.Resources) != true
            )
        );

    private static Error ErrorInPlaceOf(AuthorizationPage page) =>
        page switch
        {
            AuthorizationPage.SignIn => OAuthErrors.LoginRequired,
            AuthorizationPage.Consent => OAuthErrors.ConsentRequired,
            AuthorizationPage.ChooseAccount or AuthorizationPage.SignUp => OAuthErrors.InteractionRequired,
            _ => throw new ArgumentOutOfRangeException(nameof(page)),
        };
}
