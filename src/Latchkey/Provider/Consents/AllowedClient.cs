using Latchkey.Provider.Authorization;

namespace Latchkey.Provider.Consents;

/// <summary>A client, and what a user has allowed to it.</summary>
public sealed record AllowedClient(Consent Consent, string Name);
