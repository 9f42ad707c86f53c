using Latchkey.Accounts;

namespace Latchkey.Portal.Account;

/// <summary>
/// Where a developer goes after signing in: to the page that was asked for, otherwise to the applications. An operator who is a member of
/// no application goes to the operator's overview.
/// </summary>
public sealed class SignInDestination(PortalSessions sessions, DeveloperAdministration developers)
{
    /// <param name="session">The new session's token.</param>
    /// <param name="asked">The return address.</param>
    /// <returns>A path without the path base.</returns>
    public async Task<string> Find(string session, string asked)
    {
        var page = ReturnUrl.Sanitize(asked);
        return
            page == PortalServices.Path
            && await sessions.Find(session) is { Developer: { IsOperator: true } developer }
            && !await developers.IsMember(developer.Id)
            ? $"{PortalServices.Path}/operator"
            : page;
    }
}
