using Latchkey.Users.Passwords;

namespace Latchkey.Api.Invitations;

/// <summary>What register is asked with, unchecked.</summary>
public sealed record RegisterInput(string Handle, RawPassword Password, string Code, string? MetaData, string? Locale);
