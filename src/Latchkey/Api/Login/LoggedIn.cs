using Latchkey.Users.Sessions;

namespace Latchkey.Api.Login;

public sealed record LoggedIn(TokenResponse Tokens) : LoginResult;
