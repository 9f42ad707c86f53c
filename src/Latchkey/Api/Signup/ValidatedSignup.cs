using Latchkey.Users.Passwords;

namespace Latchkey.Api.Signup;

/// <summary>A signup whose parameters were good.</summary>
public sealed record ValidatedSignup(string Handle, string Locale, PasswordInput? Password, string Metadata);
