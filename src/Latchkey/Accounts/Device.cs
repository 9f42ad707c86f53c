using Latchkey.Core;

namespace Latchkey.Accounts;

/// <summary>The client of a sign-in.</summary>
/// <param name="Client">The client's address and network.</param>
/// <param name="Browser">The name of its browser, as claimed.</param>
public sealed record Device(ClientAddress Client, string Browser);
