using Latchkey.Api.Authentication;
using Latchkey.Api.Passkeys;
using Latchkey.Api.TwoFactor;
using Latchkey.Core;
using Latchkey.Core.Configuration;
using Latchkey.HostedPages.Account;
using Latchkey.Users;
using Latchkey.Users.Passkeys;
using Latchkey.Users.Sessions;
using static Latchkey.HostedPages.PageRequest;

namespace Latchkey.HostedPages;

/// <summary>
/// The forms in which the browser asks for a passkey. They are hidden until a script finds that it can; the script sends the form with what
/// the passkey signed, so the page fetches nothing.
/// </summary>
public sealed class PasskeyParts(
    PasskeyLogin login,
    PasskeyFactor factor,
    PasskeyRegistration registration,
    InstallationSettings installation,
    FormGuard guard,
    PageCookies cookies
)
{
    public const string TokenField = "requestToken";
    public const string CredentialField = "credential";

    /// <summary>A field that the script fills where the browser can make a passkey.</summary>
    public const string CanField = "passkeys";

    public static IReadOnlyList<string> Scripts { get; } = ["js/passkey-json.js", "js/page-passkeys.js"];

    /// <summary>Whether passkeys work on the application's pages: not at an origin that its settings do not name.</summary>
    public bool AreUsable(PageRequest page) =>
        page.Caller.Application is { Settings.PasskeysEnabled: true } application
        && RelyingParty.Of(application, installation).Origins.Contains(OriginOf(page), StringComparer.Ordinal);

    /// <summary>Whether a user who has just signed in is offered one.</summary>
    public bool IsOffered(PageRequest page, User user, Session session) =>
        AreUsable(page)
        && Users.Sessions.SignIn.OffersPasskey(page.Caller.Application, user, session)
        && !cookies.RefusesPasskeys(page.Http, page.Caller.Application);

    /// <summary>For the sign-in page, by the button or in the field of the handle; empty where passkeys do not work.</summary>
    public async Task<string> SignIn(PageRequest page) =>
        AreUsable(page) && (await login.Ask(page.App, loginToken: null)).Value is { } options
            ? Form(
                page,
                options,
                new Part(LoginPages.LoginPath, "get", "passkey", page.Text.SignInByPasskey, "second") { IsAutofill = true }
            )
            : "";

    /// <summary>For the second factor of a sign-in; empty where passkeys do not work.</summary>
    public async Task<string> Factor(PageRequest page, string loginToken, string moreFields) =>
        AreUsable(page) && (await login.Ask(page.App, loginToken)).Value is { } options
            ? Form(page, options, new Part(LoginPages.FactorPath, "get", "passkey", page.Text.UsePasskey, "") { Fields = moreFields })
            : "";

    /// <summary>For a passkey that is set up as second factor; empty where that does not work.</summary>
    public async Task<string> Enrollment(PageRequest page, string loginToken, string moreFields) =>
        AreUsable(page) && (await factor.AskForEnrollment(page.Caller.Application, loginToken)).Value is { } options
            ? Form(page, options, new Part(LoginPages.FactorPath, "create", "passkey", page.Text.AddPasskey, "") { Fields = moreFields })
            : "";

    /// <summary>For a user who has just signed in; empty where that does not work.</summary>
    public async Task<string> Offer(PageRequest page, SessionUser user) =>
        AreUsable(page) && (await registration.Ask(page.CallerOf(user))).Value is { } options
            ? Form(page, options, new Part(PasskeyOfferPages.FormOf(user), "create", "add", page.Text.AddPasskey, ""))
            : "";

    /// <summary>For a page of the account, where the proof is asked for or a passkey is made.</summary>
    /// <param name="ceremony">The function of the browser: get or create.</param>
    public string OnAccount(AccountRequest request, PasskeyOptions options, string ceremony, string label) =>
        Form(
            request.Page,
            options,
            new Part(AccountRequest.FormOf(request.Path, request.Session), ceremony, "", label, "")
            {
                Failed = request.Text.Problems["passkeyRefused"],
            }
        ) + Without(request.Text.PasskeyScript);

    /// <summary>What a page says in place of a form that stays hidden. The script removes it where the form is shown.</summary>
    public static string Missing(PageRequest page) => Without(page.Text.NoPasskeys);

    private static string Without(string text) => $"<p data-without-passkeys>{E(text)}</p>";

    private string Form(PageRequest page, PasskeyOptions options, Part part) =>
        $"""
            <form method="post" hidden data-passkey="{part.Ceremony}" data-origin="{E(OriginOf(page))}"{(
                part.IsAutofill ? " data-autofill" : ""
            )} data-options="{E(options.Options.GetRawText())}">
            {guard.Input(page.Http, page.Caller.Application, part.What)}
            {(part.Action.Length > 0 ? $"<input type=\"hidden\" name=\"action\" value=\"{part.Action}\">" : "")}
            <input type="hidden" name="{TokenField}" value="{E(options.RequestToken)}">
            <input type="hidden" name="{CredentialField}" value="">
            {part.Fields}
            <button type="submit"{(part.Style.Length > 0 ? $" class=\"{part.Style}\"" : "")}>{E(part.Label)}</button>
            <p class="refused" role="alert" hidden>{E(part.Failed ?? page.Text.PasskeyFailed)}</p>
            </form>
            """;

    /// <summary>As browsers name the place of the page.</summary>
    private static string OriginOf(PageRequest page) => new Uri(page.Caller.Issuer).GetLeftPart(UriPartial.Authority);

    /// <param name="What">What the form does (<see cref="FormGuard"/>).</param>
    /// <param name="Ceremony">The function of the browser: get or create.</param>
    /// <param name="Action">What the server does with the answer; empty where the page does one thing.</param>
    /// <param name="Label">Of the button.</param>
    /// <param name="Style">The button's class.</param>
    private sealed record Part(string What, string Ceremony, string Action, string Label, string Style)
    {
        /// <summary>The field of the handle offers the passkey too.</summary>
        public bool IsAutofill { get; init; }

        /// <summary>What is said when no passkey was used; null for what sign-in pages say.</summary>
        public string? Failed { get; init; }

        /// <summary>Further fields.</summary>
        public string Fields { get; init; } = "";
    }
}
