using Latchkey.Core.Configuration;
using Microsoft.AspNetCore.Components;

namespace Latchkey.Portal.Billing;

/// <summary>Base of the pages of billing. While billing is off they respond with 404.</summary>
public abstract class BillingPageBase : PortalPage
{
    [Inject]
    public required InstallationSettings Installation { get; set; }

    protected override async Task OnInitializedAsync()
    {
        if (Installation.Billing is null)
        {
            Navigation.NotFound();
            return;
        }

        await OnBillingAsync();
    }

    /// <summary>Loads the page; only called while billing is on.</summary>
    protected abstract Task OnBillingAsync();
}
