using Latchkey.Activity.Audit;
using Latchkey.Applications;
using Latchkey.Portal.Applications;
using Latchkey.Users;
using Latchkey.Users.Administration;
using Microsoft.AspNetCore.Components;

namespace Latchkey.Portal.Users;

/// <summary>
/// Base of the pages below /portal/applications/{appId}/users/{userId}. They respond with 404 if the application has no such user.
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

    /// <summary>Null only if the response is already 404.</summary>
    protected User? User { get; private set; }

    /// <summary>The user, for what only runs when it is there: forms and what they show.</summary>
    /// <exception cref="InvalidOperationException">The answer is already 404.</exception>
    protected User RequiredUser => User ?? throw new InvalidOperationException("the page has no user");

    /// <summary>The user's handle, masked if the handle is a credential.</summary>
    protected string DisplayName => Audit.MaskHandle(RequiredUser.Handle);

    /// <summary>The list that the user is in.</summary>
    protected string ListUrl => RequiredUser.Anonymous ? $"{BasePath}/users/anonymous" : $"{BasePath}/users";

    /// <summary>The list as it was when the visitor left it for this page; null for a visitor who came from elsewhere.</summary>
    protected string? LeftList => Query("list").StartsWith('?') ? Query("list") : null;

    /// <summary>Back to the list as it was, or to the user's page.</summary>
    protected string BackUrl => LeftList is { } state ? $"{UserUrls.ListAgain(ListUrl, state)}#user-{RequiredUser.Id}" : UserUrl;

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
