namespace Latchkey.Provider.Authorization;

/// <summary>What an authorization request leads to.</summary>
public abstract record AuthorizationDecision;
