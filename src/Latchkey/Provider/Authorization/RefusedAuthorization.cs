using Latchkey.Core;

namespace Latchkey.Provider.Authorization;

/// <summary>A request that is not valid.</summary>
/// <param name="Error">Why.</param>
/// <param name="To">Where the client is told; null where nobody may be sent anywhere, and the user is told on a page.</param>
public sealed record RefusedAuthorization(Error Error, AnswerAddress? To) : OpenedAuthorization;
