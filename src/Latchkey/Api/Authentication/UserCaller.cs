using Latchkey.Applications;
using Latchkey.Core;
using Latchkey.Users;
using Latchkey.Users.Sessions;

namespace Latchkey.Api.Authentication;

/// <summary>A logged-in user.</summary>
public sealed record UserCaller(Application Application, ClientAddress Client, User User, Session Session) : Caller(Application, Client)
{
    public static new ValueTask<UserCaller?> BindAsync(HttpContext context) => FromContext<UserCaller>(context);
}
