using Latchkey.Users.Registration;

namespace Latchkey.Api.Signup;

/// <summary>Signup flow none: the user is there and logged in. The tokens are for whoever needs them.</summary>
public sealed record Registered(RegisteredUser User) : SignupResult;
