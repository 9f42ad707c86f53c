using Latchkey.Core;

namespace Latchkey.Api.Signup;

/// <summary>A signup that was answered.</summary>
/// <param name="AppId">The application.</param>
/// <param name="Client">Where the request came from.</param>
/// <param name="UpgradesUserId">The anonymous user who signs up; null for none.</param>
/// <param name="Draft">The signup.</param>
public sealed record DeferredSignup(string AppId, ClientAddress Client, string? UpgradesUserId, SignupDraft Draft);
