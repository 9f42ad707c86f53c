namespace Latchkey.Users.Passwords;

/// <summary>Whether a password matched, and whether it should be rehashed with current parameters.</summary>
public sealed record PasswordMatch(bool Matches, bool IsOutdated);
