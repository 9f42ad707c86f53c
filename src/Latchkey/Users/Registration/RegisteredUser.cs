using Latchkey.Users.Sessions;

namespace Latchkey.Users.Registration;

public sealed record RegisteredUser(User User, Session? Session);
