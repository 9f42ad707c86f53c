using Latchkey.Applications;
using Latchkey.Core;
using Latchkey.Users;

namespace Latchkey.Api.Authentication;

/// <summary>
/// An app before login. <paramref name="UpgradingUser"/> is the anonymous user who signs up, if the request has its access token.
/// </summary>
public sealed record AppCaller(Application Application, ClientAddress Client, User? UpgradingUser) : Caller(Application, Client)
{
    /// <summary>The caller with what the app calls the device.</summary>
    public AppCaller OnDevice(string? name) => name is null ? this : this with { Client = Client with { DeviceName = name } };

    public static new ValueTask<AppCaller?> BindAsync(HttpContext context) => FromContext<AppCaller>(context);
}
