namespace Latchkey.Api.Login;

/// <summary>A counted password attempt.</summary>
/// <param name="State">Whether the password may be verified.</param>
/// <param name="IsGuessing">Whether many networks are guessing the password, and this is one of them.</param>
public sealed record LoginAttempt(LoginAttemptState State, bool IsGuessing);
