using Latchkey.Applications;
using Latchkey.Core;
using Microsoft.AspNetCore.Components;

namespace Latchkey.Portal.Applications;

/// <summary>Base of the pages below /portal/applications/{appId}. They respond with 404 if the application does not exist.</summary>
public abstract class ApplicationPageBase : PortalPage
{
    [Parameter]
    public string AppId { get; set; } = "";

    [Inject]
    public required ApplicationRules Rules { get; set; }

    /// <summary>Null only if the response is already 404.</summary>
    protected ApplicationRow? App { get; private set; }

    /// <summary>The application, for what only runs when it is there: forms and what they show.</summary>
    /// <exception cref="InvalidOperationException">The answer is already 404.</exception>
    protected ApplicationRow RequiredApp => App ?? throw new InvalidOperationException("the page has no application");

    /// <summary>The path of the application's pages in links.</summary>
    protected string BasePath => $"{Http.Request.PathBase}{PortalServices.Path}/applications/{AppId}";

    /// <summary>The visitor for rules that check roles. The page's own access was already checked.</summary>
    protected ChangeContext ChangeContext =>
        new(
            Actor,
            HasRole(Role.Operator) ? Role.Operator
                : HasRole(Role.Owner) ? Role.Owner
                : Role.Editor
        );

    protected override async Task OnInitializedAsync()
    {
        App = Field.IsStorable(AppId) ? await Rules.Find(AppId) : null;
        if (App is null)
        {
            Navigation.NotFound();
            return;
        }

        await OnApplicationLoadedAsync(App);
    }

    protected virtual Task OnApplicationLoadedAsync(ApplicationRow app) => Task.CompletedTask;
}
