using Latchkey.Applications;

namespace Latchkey.Api.Authentication;

/// <summary>A verified access token of an old server.</summary>
public sealed record LegacyAccessToken(Application Application, string Handle);
