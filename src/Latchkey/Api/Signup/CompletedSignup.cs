using Latchkey.Users;
using Latchkey.Users.Sessions;

namespace Latchkey.Api.Signup;

/// <summary>The user whose signup is complete, and its tokens where a session was wanted.</summary>
public sealed record CompletedSignup(User User, RegistrationTokenResponse? Tokens);
