using Latchkey.Applications.Settings;
using Latchkey.Core;

namespace Latchkey.Api.Authentication;

/// <summary>A feature that the application must have switched on, as endpoint metadata.</summary>
public sealed record FeatureRequirement(Func<ApplicationSettings, bool> IsEnabled, Error DisabledError);
