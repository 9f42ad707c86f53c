namespace Latchkey.Provider.Authorization;

/// <summary>The user gets a page first.</summary>
public sealed record PageDecision(AuthorizationPage Page) : AuthorizationDecision;
