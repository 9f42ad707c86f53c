using Latchkey.Cryptography;

namespace Latchkey.Provider.Clients;

/// <summary>What was found at an address of a client's keys.</summary>
/// <param name="Keys">Empty where nothing usable was.</param>
/// <param name="FetchedAt">When it was last tried, in unix milliseconds.</param>
/// <param name="FreshUntil">How long the keys are used without another look.</param>
public sealed record KeySet(IReadOnlyList<JwsKey> Keys, long FetchedAt, long FreshUntil);
