using Latchkey.Applications.Branding;
using Latchkey.Applications.IdentityProviders;
using Latchkey.Provider.IdentityProviders.Flow;
using Latchkey.Provider.Pages;
using static Latchkey.HostedPages.PageRequest;

namespace Latchkey.HostedPages.Providers;

/// <summary>The buttons of the application's other providers, for the pages on which people sign in and up.</summary>
public static class ProviderButtons
{
    /// <summary>What the form of a button is for (<see cref="FormGuard"/>).</summary>
    public static string FormOf(string alias) => ViaPaths.Of(ViaPaths.Begin, alias);

    /// <summary>Below another form: a line that says "or", and a button for each provider that is on. Empty for none.</summary>
    public static string Html(PageRequest page, FormGuard guard)
    {
        var providers = page.Caller.Application.IdentityProviders.Where(provider => provider.Enabled).ToList();
        return providers.Count == 0
            ? ""
            : $"""
                <p class="or"><span>{E(page.Text.ViaOr)}</span></p>
                <div class="providers">
                {string.Concat(providers.Select(provider => Button(page, guard, provider)))}
                </div>
                """;
    }

    /// <summary>The buttons by which somebody who is signed in proves it again. Empty for none.</summary>
    /// <param name="isAlone">There is no other way above them.</param>
    public static string Proofs(PageRequest page, FormGuard guard, IReadOnlyList<IdentityProvider> providers, bool isAlone)
    {
        var buttons = providers.Select(one =>
            Button(page, guard, one, ViaPages.FieldOf(SignInPurpose.Proof), ViaPages.FormOf(page, one.Alias, SignInPurpose.Proof))
        );
        return providers.Count == 0
            ? ""
            : $"""
                {(isAlone ? "" : $"<p class=\"or\"><span>{E(page.Text.ViaOr)}</span></p>")}
                <div class="providers">
                {string.Concat(buttons)}
                </div>
                """;
    }

    /// <summary>The form of one provider's button.</summary>
    /// <param name="hidden">More fields, as HTML.</param>
    /// <param name="form">What the form is for, if it is not <see cref="FormOf"/> the provider.</param>
    /// <param name="path">Where the form goes, below the issuer; null for the beginning of a sign-in on the pages.</param>
    public static string Button(
        PageRequest page,
        FormGuard guard,
        IdentityProvider provider,
        string hidden = "",
        string? form = null,
        string? path = null
    ) =>
        $"""
            <form method="post" action="{E(page.Address(path ?? FormOf(provider.Alias)))}">
            {guard.Input(page.Http, page.Caller.Application, form ?? FormOf(provider.Alias))}{hidden}
            <button type="submit" class="provider">{Logo(provider)}<span>{Fill(
                page.Text.Via,
                ("PROVIDER", provider.Name)
            )}</span></button>
            </form>

            """;

    /// <summary>The way to link an account of a provider to whoever is signed in.</summary>
    /// <param name="label">A text with a place for the provider's name.</param>
    public static string LinkOffer(PageRequest page, IdentityProvider provider, string label)
    {
        var address = $"{page.Caller.Issuer}/{FormOf(provider.Alias)}?{ViaPages.QueryOf(SignInPurpose.Link)}";
        return $"""
            <p><a class="button second provider" href="{E(address)}">{Logo(provider)}<span>{Fill(
                label,
                ("PROVIDER", provider.Name)
            )}</span></a></p>

            """;
    }

    /// <summary>The logo of the catalogue's provider; the first letter of the name where there is none.</summary>
    public static string Logo(IdentityProvider provider) =>
        typeof(ProviderButtons).Assembly.GetManifestResourceInfo($"wwwroot/img/providers/{provider.Template}.svg") is not null
            ? $"<img src=\"~/img/providers/{E(provider.Template)}.svg\" alt=\"\" width=\"20\" height=\"20\">"
            : $"<span class=\"letter\" aria-hidden=\"true\">{E(BrandFrame.Letter(provider.Name))}</span>";
}
