using System.Net;

namespace Latchkey.BrowserTests;

public sealed class FormTests(BrowserFixture installation)
{
    [Fact]
    public async Task every_form_without_its_token_or_from_another_site_is_refused_and_changes_nothing()
    {
        var (app, forms) = await AllForms();
        forms.Count.ShouldBeGreaterThan(12);
        var before = await installation.Api(app.AppToken, "getApplication");
        foreach (var form in forms)
        {
            await ShouldBeRefused(form.Without(PortalForm.TokenField));
            await ShouldBeRefused(form.With(PortalForm.TokenField, "djEu"));
            await ShouldBeRefused(form with { Cookies = installation.SessionCookie });
            foreach (
                var origin in new[]
                {
                    "https://evil.example",
                    "null",
                    installation.Server.Url + "0",
                    installation.Server.Url.Replace("http:", "https:", StringComparison.Ordinal),
                }
            )
            {
                await ShouldBeRefused(form, origin);
            }
        }

        (await installation.Api(app.AppToken, "getApplication")).ShouldBe(before);
        using var still = await installation.Get("/portal");
        still.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task a_form_from_this_site_is_taken()
    {
        var page = await installation.SignedIn();
        var app = await page.CreateApplication("Taken");
        var form = (await PortalForm.On(installation, $"{app.Path}/settings/general"))
            .Single(one => one.Fields.GetValueOrDefault("_handler") == "name")
            .With("name", "Taken well");
        using var response = await form.Send(installation, installation.Server.Url);
        response.StatusCode.ShouldBe(HttpStatusCode.SeeOther);
        (await installation.Api(app.AppToken, "getApplication")).ShouldContain("Taken well");
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task a_form_of_someone_who_is_not_signed_in_leads_to_the_sign_in_page()
    {
        var page = await installation.SignedIn();
        var app = await page.CreateApplication("Nobody's");
        var form = (await PortalForm.On(installation, $"{app.Path}/settings/general"))
            .Single(one => one.Fields.GetValueOrDefault("_handler") == "name")
            .With("name", "Changed");
        using var response = await (
            form with
            {
                Cookies = form.Cookies.Replace(installation.SessionCookie, "", StringComparison.Ordinal),
            }
        ).Send(installation);
        response.StatusCode.ShouldBe(HttpStatusCode.Found);
        response.Headers.Location!.OriginalString.ShouldStartWith("/portal/sign-in");
        (await installation.Api(app.AppToken, "getApplication")).ShouldNotContain("Changed");
        await page.Context.CloseAsync();
    }

    private async Task ShouldBeRefused(PortalForm form, string? origin = null)
    {
        using var response = await form.Send(installation, origin);
        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest, $"{form.Action} {form.Fields.GetValueOrDefault("_handler")} {origin}");
    }

    private async Task<(CreatedApplication App, IReadOnlyList<PortalForm> Forms)> AllForms()
    {
        var page = await installation.SignedIn();
        var app = await page.CreateApplication("Forms");
        await page.AddField(app, "user_data.name");
        await page.Context.CloseAsync();
        var forms = new List<PortalForm>();
        foreach (var path in PageList.Of(app))
        {
            forms.AddRange(await PortalForm.On(installation, path));
        }

        forms.AddRange(await PortalForm.On(installation, "/portal/sign-in", ""));
        return (app, [.. forms.DistinctBy(form => (form.Action, form.Fields.GetValueOrDefault("_handler")))]);
    }
}
