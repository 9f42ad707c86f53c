using Latchkey.Core;
using Latchkey.Users;

namespace Latchkey.Api.Authentication;

/// <summary>
/// Endpoint metadata: parameters that are required depending on the calling user. 403 for a missing one, together with the others.
/// </summary>
public sealed record UserParameterRequirement(Func<User, IList<object?>, Error?> FindMissing);
