using Latchkey.Applications;
using Latchkey.Core;
using Microsoft.AspNetCore.Components;

namespace Latchkey.Portal.Applications;

/// <summary>A page below /portal/applications/{appId}: the application is there, or the answer is 404.</summary>
public abstract class ApplicationTab : PortalPage
{
    [Parameter]
    public string AppId { get; set; } = "";

    [Inject]
    public required ApplicationRules Rules { get; set; }

    /// <summary>Null only while the answer is already 404.</summary>
    protected ApplicationRow? App { get; private set; }

    protected string Here => $"{PortalServices.Path}/applications/{AppId}";

    /// <summary>The visitor as the rules judge it; a page's own access was judged before.</summary>
    protected Requester Asking => new(Actor, May(Access.Operator) ? Standing.Operator : May(Access.Owner) ? Standing.Owner : Standing.Editor);

    protected override async Task OnInitializedAsync()
    {
        App = Field.IsStorable(AppId) ? await Rules.Find(AppId) : null;
        if (App is null)
        {
            Navigation.NotFound();
            return;
        }

        await OnFoundAsync(App);
    }

    protected virtual Task OnFoundAsync(ApplicationRow app) => Task.CompletedTask;
}
