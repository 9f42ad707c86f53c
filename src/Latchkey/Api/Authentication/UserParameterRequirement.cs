using Latchkey.Core;
using Latchkey.Users;

namespace Latchkey.Api.Authentication;

/// <summary>
/// Parameters that are needed or not depending on the user who calls, as endpoint metadata: 403 for a missing one, with all the others.
/// </summary>
public sealed record UserParameterRequirement(Func<User, IList<object?>, Error?> FindMissing);
