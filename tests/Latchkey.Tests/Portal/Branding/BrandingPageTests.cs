using System.Net;
using System.Net.Http.Headers;
using Latchkey.Tests.Applications.Branding;
using SkiaSharp;

namespace Latchkey.Tests.Portal.Branding;

/// <summary>The tab Branding of the portal: a draft, its preview, and published versions.</summary>
public sealed class BrandingPageTests(ServerFixture servers)
{
    [Fact]
    public async Task An_editor_saves_previews_publishes_and_goes_back()
    {
        var (app, editor, page) = await Open();
        using var editing = editor;
        var saved = await editor.SubmitAndFollow(page, "brand", ("name", "Harbour Walks"), ("color", "#0b57d0"), ("scheme", "auto"));
        saved.Text(".notice").ShouldContain("Saved in the draft");
        saved.Text(".facts").ShouldContain("draft");
        (await editor.Get($"{page}/preview")).Text("h1").ShouldContain("Harbour Walks");
        (await Login(app)).ShouldNotContain("Harbour Walks");
        (await editor.SubmitAndFollow(page, "publish")).Text(".notice").ShouldContain("Published");
        (await Login(app)).ShouldContain("Harbour Walks");
        await editor.SubmitAndFollow(page, "brand", ("name", "Other"));
        (await editor.SubmitAndFollow(page, "discard")).Text(".notice").ShouldContain("The draft is dropped");
        await editor.SubmitAndFollow(page, "brand", ("name", "Other"));
        var published = await editor.SubmitAndFollow(page, "publish");
        published.Text("#history .hint").ShouldContain("If there is a draft, it is dropped");
        var back = await editor.SubmitAndFollow(page, "roll-back", ("version", "1"));
        back.Text("#history tbody").ShouldContain("as version 1");
        (await Login(app)).ShouldContain("Harbour Walks");
    }

    [Fact]
    public async Task A_preview_of_what_is_typed_stores_nothing_and_nobody_can_sign_in_with_it()
    {
        var (app, editor, page) = await Open();
        using var editing = editor;
        var form = await editor.Open(page, "brand");
        var preview = await editor.Send(
            $"{page}/preview",
            form,
            ("name", "Typed"),
            ("color", "#ffd400"),
            ("show", "dark"),
            ("termsUrl", "javascript:x")
        );
        preview.Status.ShouldBe(HttpStatusCode.OK);
        preview.Text("h1").ShouldContain("Typed");
        preview.Html.ShouldNotContain("javascript:");
        preview.Html.ShouldNotContain("form-key");
        var style = preview.Document.QuerySelectorAll("link[rel=stylesheet]")[1].GetAttribute("href")!;
        style.ShouldContain("scheme=dark");
        (await editor.Get(style)).Html.ShouldContain("color-scheme: dark");
        (await editor.Get(page)).Text(".facts").ShouldNotContain("draft");
        using var answer = await editor.Answer($"{page}/preview");
        answer.Headers.GetValues("X-Frame-Options").ShouldBe(["SAMEORIGIN"]);
        answer.Headers.Contains("Set-Cookie").ShouldBeFalse();
        answer
            .Headers.GetValues("Content-Security-Policy")
            .ShouldBe([
                "sandbox allow-same-origin; default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'none'; base-uri 'none'; "
                    + "frame-ancestors 'self'",
            ]);
    }

    [Theory]
    [InlineData("?color=red&radius=1&scheme=auto")]
    [InlineData("?color=%230b57d0%7Dbody%7Bdisplay:none%7D&radius=1&scheme=auto")]
    [InlineData("?color=%230b57d0&radius=99&scheme=auto")]
    [InlineData("")]
    public async Task The_stylesheet_of_a_preview_takes_valid_values_alone(string query)
    {
        var (_, editor, page) = await Open();
        using var editing = editor;
        (await editor.Get($"{page}/preview/style.css{query}")).Status.ShouldBe(HttpStatusCode.NotFound);
        (await editor.Get($"{page}/preview/style.css?color=%230b57d0&radius=1&scheme=dark")).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_logo_is_uploaded_shown_and_removed()
    {
        var (_, editor, page) = await Open();
        using var editing = editor;
        (await Upload(editor, page, "logo.png", "<svg/>"u8.ToArray())).Text(".notice").ShouldContain("SVG");
        (await Upload(editor, page, "", [])).Text(".notice").ShouldContain("Choose a file");
        (await Upload(editor, page, "../../logo.exe", LogoEncoderTests.Picture(SKEncodedImageFormat.Png, 100, 50))).Status.ShouldBe(
            HttpStatusCode.SeeOther
        );
        (await editor.Get(page)).Document.QuerySelector("#logo img").ShouldNotBeNull();
        (await editor.Get($"{page}/preview")).Document.QuerySelector("img.logo").ShouldNotBeNull();
        (await editor.Get($"{page}/preview/logo.png")).Status.ShouldBe(HttpStatusCode.OK);
        await editor.SubmitAndFollow(page, "remove-logo");
        (await editor.Get($"{page}/preview/logo.png")).Status.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_viewer_looks_and_changes_nothing()
    {
        var (app, editor, page) = await Open();
        using var editing = editor;
        using var viewer = await PortalVisitor.Member(app, "viewer");
        var seen = await viewer.Get(page);
        seen.Status.ShouldBe(HttpStatusCode.OK);
        seen.Document.QuerySelectorAll("main form").ShouldBeEmpty();
        (await viewer.Get($"{page}/preview")).Status.ShouldBe(HttpStatusCode.OK);
        var form = await editor.Open(page, "brand");
        var token = seen.Document.QuerySelector("input[name=__RequestVerificationToken]")!.GetAttribute("value")!;
        (await viewer.Send(page, form, ("name", "Mine"), ("__RequestVerificationToken", token))).Status.ShouldBe(HttpStatusCode.Forbidden);
        (await editor.Get(page)).Document.QuerySelector("#field-name")!.GetAttribute("value").ShouldBe("");
    }

    [Theory]
    [InlineData("")]
    [InlineData("/preview")]
    [InlineData("/preview/logo.png")]
    [InlineData("/preview/style.css?color=%230b57d0&radius=1&scheme=dark")]
    public async Task Members_of_other_applications_and_strangers_see_no_draft(string path)
    {
        var (_, editor, page) = await Open();
        using var editing = editor;
        await Upload(editor, page, "logo.png", LogoEncoderTests.Picture(SKEncodedImageFormat.Png, 100, 50));
        (await editor.Get($"{page}{path}")).Status.ShouldBe(HttpStatusCode.OK);
        using var other = await PortalVisitor.Member(await servers.Main.CreateApp(), "owner");
        (await other.Get($"{page}{path}")).Status.ShouldBe(HttpStatusCode.NotFound);
        using var stranger = PortalVisitor.Anonymous(servers.Main);
        (await stranger.Get($"{page}{path}")).Status.ShouldBe(HttpStatusCode.Redirect);
    }

    private async Task<(App App, PortalVisitor Editor, string Page)> Open()
    {
        var app = await servers.Main.CreateApp();
        return (app, await PortalVisitor.Member(app, "editor"), $"/portal/applications/{app.Id}/branding");
    }

    private static async Task<PortalResponse> Upload(PortalVisitor editor, string page, string name, byte[] file)
    {
        using var content = new MultipartFormDataContent();
        foreach (var (field, value) in await editor.Open(page, "logo"))
        {
            if (field != "logo")
            {
                content.Add(new StringContent(value), field);
            }
        }

        using var picture = new ByteArrayContent(file);
        picture.Headers.ContentType = new MediaTypeHeaderValue("image/png");
        content.Add(picture, "logo", name.Length > 0 ? name : "empty");
        return await editor.Post(page, content);
    }

    private static async Task<string> Login(App app)
    {
        using var http = new HttpClient();
        return await http.GetStringAsync(new Uri(app.Server.Address, $"/apps/{app.Id}/login"));
    }
}
