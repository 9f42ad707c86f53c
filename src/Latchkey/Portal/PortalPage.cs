using Latchkey.Accounts;
using Latchkey.Activity.Audit;
using Latchkey.Applications;
using Latchkey.Core;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Http.Features;

namespace Latchkey.Portal;

/// <summary>What every page has at hand: the request, its form, who is signed in, and where to go next.</summary>
public abstract class PortalPage : ComponentBase
{
    [CascadingParameter]
    public required HttpContext Http { get; set; }

    [Inject]
    public required NavigationManager Navigation { get; set; }

    [Inject]
    public required FlashCookie Flash { get; set; }

    /// <summary>
    /// Loads everything and then renders, once. ComponentBase also renders at the first await that has to wait, when the page has
    /// some of its data or none, depending on how fast the database was.
    /// </summary>
    public override async Task SetParametersAsync(ParameterView parameters)
    {
        parameters.SetParameterProperties(this);
        OnInitialized();
        await OnInitializedAsync();
        OnParametersSet();
        await OnParametersSetAsync();
        StateHasChanged();
    }

    /// <summary>The signed-in account. Public pages must not use it.</summary>
    protected Developer CurrentDeveloper =>
        Http.Features.Get<Developer>() ?? throw new InvalidOperationException("this page is open to everyone");

    /// <summary>The visitor as the log of an application names them.</summary>
    protected Actor Actor => ActorOf(Http);

    protected ClientAddress Client => ClientAddress.From(Http.Connection.RemoteIpAddress);

    protected Device Device => new(Client, BrowserName.Parse(Http.Request.Headers.UserAgent));

    /// <summary>Whether the visitor has this role, or a higher one. What it does not allow is not shown.</summary>
    protected bool HasRole(Role role) => Http.Features.Get<PageAccess>() is { } visit && visit.Role >= role;

    /// <summary>Whether the page's forms would be taken from the visitor; <see cref="PostForm"/> shows them locked otherwise.</summary>
    protected bool CanEdit => Http.Features.Get<PageAccess>() is not { CanEdit: false };

    protected FormValues Form => new(Http.Request);

    protected string Query(string name) => FormValues.Query(Http.Request, name);

    /// <summary>Who is signed in, for components that are no pages.</summary>
    public static Actor ActorOf(HttpContext http) =>
        new(http.Features.GetRequiredFeature<Developer>().Email, ClientAddress.From(http.Connection.RemoteIpAddress).Address);

    /// <summary>
    /// Goes to another page after a form was done, so that reloading does not send it again. The path is relative to the host, whatever its
    /// name, and begins with the <see cref="PathBase"/>.
    /// </summary>
    protected void RedirectTo(string path)
    {
        Http.Response.StatusCode = StatusCodes.Status303SeeOther;
        Http.Response.Headers.Location = path;
    }

    /// <summary>As <see cref="RedirectTo"/>, to a page that shows a secret once and reads it with <see cref="FlashCookie.Read"/>.</summary>
    protected void RedirectWithSecret(string path, string what, string secret) => RedirectTo(Flash.Write(Http, what, secret, path));
}
