namespace Latchkey.Provider.Tokens;

/// <summary>What an ID token says that a client gave as a hint.</summary>
/// <param name="Subject">The user's id.</param>
/// <param name="ClientId">The client that it was issued to.</param>
/// <param name="SessionId">The claim <c>sid</c>.</param>
public sealed record IdTokenHint(string Subject, string ClientId, string SessionId);
