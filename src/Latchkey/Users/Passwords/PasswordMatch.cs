namespace Latchkey.Users.Passwords;

/// <summary>Whether a password matched, and whether its hash should be made anew with today's parameters.</summary>
public sealed record PasswordMatch(bool Matches, bool IsOutdated);
