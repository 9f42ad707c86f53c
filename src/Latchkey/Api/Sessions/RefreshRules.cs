using Latchkey.Api.Authentication;
using Latchkey.Core;
using Latchkey.Users.Sessions;

namespace Latchkey.Api.Sessions;

/// <summary>refresh: a refresh token of the app gives new tokens and its successor.</summary>
public sealed class RefreshRules(GrantRotation rotation, SignIn signIn)
{
    /// <summary>As <see cref="GrantRotation.Use"/>.</summary>
    public async Task<Result<TokenResponse>> Refresh(AppCaller caller, string text) =>
        (await rotation.Use(caller.Application, caller.Client, clientId: "", text)).Failed(out var found, out var refused)
            ? refused
            : signIn.IssueTokens(caller.Application, found.User, found.Session with { Grant = found.Grant }, isNew: false);
}
