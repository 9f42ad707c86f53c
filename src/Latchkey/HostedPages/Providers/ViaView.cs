using Latchkey.Applications.Settings;
using Latchkey.Provider.IdentityProviders.Flow;
using Latchkey.Users;
using static Latchkey.HostedPages.PageRequest;

namespace Latchkey.HostedPages.Providers;

/// <summary>What the pages of another provider look like.</summary>
public sealed class ViaView(FormGuard guard, PageCookies cookies)
{
    /// <summary>One button: whoever was sent here by another site goes no further without having wanted it.</summary>
    /// <param name="hidden">More fields of the form, as HTML.</param>
    /// <param name="form">What the form is for.</param>
    /// <param name="path">As in <see cref="ProviderButtons.Button"/>.</param>
    public IResult Begin(ViaRequest via, string hidden = "", string? form = null, string? path = null)
    {
        var (page, name) = (via.Page, via.Provider.Name);
        var note = cookies.TakeNote(page.Http, page.Caller.Application, via.Path(ViaPaths.Begin));
        return page.Show(
            Plain(page.Text.ViaHeading, "PROVIDER", name),
            $"""
            {LoginView.Client(page)}
            {NoteText.Html(page.Text, note)}
            <p>{Fill(page.Text.ViaText, ("PROVIDER", name))}</p>
            <div class="providers">
            {ProviderButtons.Button(page, guard, via.Provider, hidden, form, path)}
            </div>
            {(hidden.Length > 0 ? "" : StartAgain(page))}
            """,
            NoteText.Status(note)
        );
    }

    /// <summary>
    /// The way out. Browsers hold every redirect after a form to the page's form-action, and where a provider leads nobody knows; a page in
    /// between ends that, and needs no script.
    /// </summary>
    public static IResult Leave(ViaRequest via, string url)
    {
        via.Http.Response.Headers["Refresh"] = $"0; url={url}";
        var text = via.Page.Text;
        return via.Page.Show(
            Plain(text.ViaLeave, "PROVIDER", via.Provider.Name),
            $"""
            <p><a class="button" href="{E(url)}" rel="noreferrer">{E(text.Continue)}</a></p>
            """
        );
    }

    /// <summary>What the provider did not say: an address, and fields that the application needs.</summary>
    public IResult SignUp(ViaRequest via, PendingIdentity identity)
    {
        var (page, path) = (via.Page, via.Path(ViaPaths.SignUp));
        var note = cookies.TakeNote(page.Http, page.Caller.Application, path);
        var email = note?.Handle is { Length: > 0 } typed ? typed : identity.TypedEmail ?? identity.KnownEmail ?? "";
        return page.Show(
            page.Text.ViaSignUpHeading,
            $"""
            {LoginView.Client(page)}
            {NoteText.Html(page.Text, note)}
            <p>{Fill(page.Text.ViaSignUpText, ("PROVIDER", via.Provider.Name))}</p>
            <form method="post">
            {guard.Input(page.Http, page.Caller.Application, path)}
            {(identity.VerifiedEmail is null ? AddressField(page.Text.Handle, email) : "")}
            {MetadataInputs.Html(MissingFields(page.Caller.Application.Settings, identity), note)}
            <button type="submit">{E(page.Text.Continue)}</button>
            </form>
            {StartAgain(page)}
            """,
            NoteText.Status(note)
        );
    }

    /// <summary>The code that proves the address.</summary>
    public IResult Code(ViaRequest via, PendingIdentity identity)
    {
        var (page, path) = (via.Page, via.Path(ViaPaths.Code));
        var note = cookies.TakeNote(page.Http, page.Caller.Application, path);
        return page.Show(
            page.Text.CodeHeading,
            $"""
            <p>{Fill(page.Text.ViaCodeText, ("HANDLE", identity.TypedEmail ?? ""))}</p>
            {NoteText.Html(page.Text, note)}
            <form method="post">
            {guard.Input(page.Http, page.Caller.Application, path)}
            {LoginView.CodeField(page.Text.Code)}
            <button type="submit">{E(page.Text.Continue)}</button>
            </form>
            <p class="links"><a href="{E(via.Address(ViaPaths.SignUp))}">{E(page.Text.StartAgain)}</a></p>
            """,
            NoteText.Status(note)
        );
    }

    /// <summary>The address is somebody's already. Only who signs in as before can link.</summary>
    /// <param name="appAddress">Where the app waits; null for none.</param>
    public static IResult Exists(ViaRequest via, PendingIdentity identity, string? appAddress)
    {
        var (page, text) = (via.Page, via.Page.Text);
        var email = identity.TypedEmail ?? identity.VerifiedEmail ?? "";
        var canLink = page.Caller.Application.Settings.LinkingEnabled && identity.OwnerId is not null && appAddress is null;
        return page.Show(
            text.ViaExistsHeading,
            $"""
            <p>{Fill(text.ViaExistsText, ("HANDLE", email))}
            {(canLink ? Fill(text.ViaExistsLink, ("PROVIDER", via.Provider.Name)) : "")}</p>
            <p><a class="button" href="{E(appAddress ?? page.Address(LoginPages.LoginPath))}">{E(
                appAddress is null ? text.SignIn : text.ViaBackToApp
            )}</a></p>
            """
        );
    }

    /// <summary>Both sides are proved; the user decides.</summary>
    public IResult Link(ViaRequest via, User user)
    {
        var (page, text, name) = (via.Page, via.Page.Text, via.Provider.Name);
        return page.Show(
            Plain(text.ViaLinkHeading, "PROVIDER", name),
            $"""
            <p>{Fill(text.ViaLinkText, ("HANDLE", user.Handle), ("PROVIDER", name))}</p>
            <form method="post">
            {guard.Input(page.Http, page.Caller.Application, LinkForm(via, user))}
            <button type="submit" name="action" value="link">{E(text.ViaLink)}</button>
            {LoginView.Button("later", text.NotNow, "plain")}
            </form>
            """
        );
    }

    /// <summary>The form is for this user.</summary>
    public static string LinkForm(ViaRequest via, User user) => $"{via.Path(ViaPaths.Link)} {user.Id}";

    /// <summary>The settings with those required fields only that the provider did not fill.</summary>
    public static ApplicationSettings MissingFields(ApplicationSettings settings, PendingIdentity identity) =>
        settings with
        {
            MetaData = [.. settings.MetaData.Where(field => !identity.Metadata.ContainsKey(field.Path))],
        };

    private static string StartAgain(PageRequest page) =>
        $"<p class=\"links\"><a href=\"{E(page.Address(LoginPages.LoginPath))}\">{E(page.Text.StartAgain)}</a></p>";

    private static string AddressField(string label, string email) =>
        $"""
            <label for="email">{E(label)}</label>
            <input id="email" name="email" type="email" value="{E(email)}" autocomplete="email" dir="ltr" required>
            """;
}
