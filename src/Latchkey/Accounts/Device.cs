using Latchkey.Core;

namespace Latchkey.Accounts;

/// <summary>Where somebody signs in from.</summary>
/// <param name="Client">The client's address and network.</param>
/// <param name="Browser">What its browser says it is.</param>
public sealed record Device(ClientAddress Client, string Browser);
