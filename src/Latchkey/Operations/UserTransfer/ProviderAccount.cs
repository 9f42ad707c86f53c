namespace Latchkey.Operations.UserTransfer;

/// <summary>A person at Apple or Google whom a user signs in as.</summary>
/// <param name="Provider">apple or google.</param>
/// <param name="Subject">The provider's own id of the person.</param>
public sealed record ProviderAccount(string Provider, string Subject);
