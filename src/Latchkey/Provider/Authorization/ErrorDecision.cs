using Latchkey.Core;

namespace Latchkey.Provider.Authorization;

/// <summary>The client gets an error.</summary>
public sealed record ErrorDecision(Error Error) : AuthorizationDecision;
