using Latchkey.Users.Sessions;

namespace Latchkey.Api.Signup;

/// <summary>Signup flow none: the user is there and logged in.</summary>
public sealed record Registered(TokenResponse Tokens) : SignupResult;
