using Latchkey.Users;
using Latchkey.Users.Sessions;

namespace Latchkey.Api.TwoFactor;

/// <summary>A login that a second factor has completed.</summary>
/// <param name="User">Who signed in.</param>
/// <param name="Session">The new session.</param>
/// <param name="DeviceToken">If the device was remembered; null otherwise.</param>
/// <param name="RecoveryCodes">To be shown once, if the login set a factor up; null otherwise.</param>
public sealed record CompletedLogin(User User, Session Session, string? DeviceToken, IReadOnlyList<string>? RecoveryCodes);
