using Latchkey.Activity.Audit;
using Latchkey.Applications;
using Latchkey.Portal.Applications;
using Latchkey.Users;
using Latchkey.Users.Administration;
using Microsoft.AspNetCore.Components;

namespace Latchkey.Portal.Users;

/// <summary>
/// A page below /portal/applications/{appId}/users/{userId}: the user is there and the application's, or the answer is 404.
/// </summary>
public abstract class UserPageBase : ApplicationPageBase
{
    [Parameter]
    public string UserId { get; set; } = "";

    [Inject]
    public required UserAdministration Administration { get; set; }

    [Inject]
    public required AuditStore Audit { get; set; }

    [Inject]
    public required ApplicationCache Directory { get; set; }

    /// <summary>Null only while the answer is already 404.</summary>
    protected User? User { get; private set; }

    /// <summary>The user, for what only runs when it is there: forms and what they show.</summary>
    /// <exception cref="InvalidOperationException">The answer is already 404.</exception>
    protected User RequiredUser => User ?? throw new InvalidOperationException("the page has no user");

    /// <summary>The user's handle, or the mark that stands for a handle that is a credential.</summary>
    protected string DisplayName => Audit.MaskHandle(RequiredUser.Handle);

    /// <summary>The list that the user is in.</summary>
    protected string ListUrl => RequiredUser.Anonymous ? $"{BasePath}/users/anonymous" : $"{BasePath}/users";

    protected string ListKey => RequiredUser.Anonymous ? "anonymous" : "";

    protected string UserUrl => $"{BasePath}/users/{RequiredUser.Id}";

    protected async Task<Application> Application() =>
        await Directory.Find(AppId) ?? throw new InvalidOperationException("the application went while its page was open");

    protected override async Task OnApplicationLoadedAsync(ApplicationRow app)
    {
        User = await Administration.FindById(app.Id, UserId);
        if (User is null)
        {
            Navigation.NotFound();
            return;
        }

        await OnUserLoadedAsync(User);
    }

    protected virtual Task OnUserLoadedAsync(User user) => Task.CompletedTask;
}
