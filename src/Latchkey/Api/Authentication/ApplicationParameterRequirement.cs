using Latchkey.Applications.Settings;
using Latchkey.Core;

namespace Latchkey.Api.Authentication;

/// <summary>
/// Endpoint metadata: parameters that are required depending on the application's settings; null for one that is deleted. 403 for a missing
/// one, before the application is checked.
/// </summary>
public sealed record ApplicationParameterRequirement(Func<ApplicationSettings?, IList<object?>, Error?> FindMissing);
