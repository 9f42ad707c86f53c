using Latchkey.Users.Passwords;

namespace Latchkey.Api.Invitations;

/// <summary>The input of register, not validated.</summary>
public sealed record RegisterInput(string Handle, RawPassword Password, string Code, string? MetaData, string? Locale);
