using System.Globalization;
using Latchkey.Core;
using Latchkey.Users.Sessions;
using static Latchkey.HostedPages.PageRequest;

namespace Latchkey.HostedPages.Account;

/// <summary>What all account pages look like: the note, the page's own, and the way back.</summary>
public sealed class AccountView(FormGuard guard, AccountNotes notes)
{
    /// <param name="request">The request.</param>
    /// <param name="heading">Plain text.</param>
    /// <param name="body">HTML, made with what the last form left to be shown again.</param>
    /// <param name="back">The page that the link at the end leads to; null for a section, which the navigation has.</param>
    /// <param name="scripts">The paths of scripts that the page runs; null for none.</param>
    public IResult Show(
        AccountRequest request,
        string heading,
        Func<AccountNote, string> body,
        string? back = null,
        IReadOnlyList<string>? scripts = null
    )
    {
        var taken = notes.Take(request);
        var note = taken ?? new AccountNote();
        return request.Page.Show(
            heading,
            $"""
            <div class="account">
            {AccountSections.Nav(request)}
            <div class="content">
            {NoteHtml(request, note)}
            {body(note)}
            {Back(request, back)}
            </div>
            </div>
            """,
            StatusOf(note),
            formTarget: "",
            scripts
        );
    }

    /// <summary>One matter of a page.</summary>
    /// <param name="heading">HTML; null for the page's own.</param>
    /// <param name="html">What is in it.</param>
    public static string Card(string? heading, string html) =>
        $"<section class=\"card\">{(heading is null ? "" : $"<h2>{heading}</h2>")}\n{html}\n</section>\n";

    /// <summary>A form of the page, which is for this session.</summary>
    public string Form(AccountRequest request, string fields) =>
        $"""
            <form method="post">
            {guard.Input(request.Http, request.Application, AccountRequest.FormOf(request.Path, request.Session))}
            {fields}
            </form>
            """;

    /// <param name="attributes">More of the element, as HTML.</param>
    public static string Field(string name, string label, string value, string attributes) =>
        $"""
            <label for="{E(name)}">{E(label)}</label>
            <input id="{E(name)}" name="{E(name)}" value="{E(value)}" {attributes}>
            """;

    public static string Button(string label, string? action = null, string? style = null) =>
        $"<button type=\"submit\"{(action is null ? "" : $" name=\"action\" value=\"{E(action)}\"")}{(
            style is null ? "" : $" class=\"{style}\""
        )}>{E(label)}</button>";

    public static string Link(AccountRequest request, string path, string label, string query = "") =>
        $"<a href=\"{E(request.Address(path, query))}\">{E(label)}</a>";

    /// <summary>The way to the account pages from one that is none; empty where the application offers none.</summary>
    public static string EntryLink(PageRequest page) =>
        page.Caller.Application.Settings.AccountPages
            ? $"<p class=\"links\"><a href=\"{E($"{page.Caller.Issuer}/{AccountPaths.Overview}")}\">{E(
                AccountText.In(page.Language).AccountLink
            )}</a></p>"
            : "";

    /// <summary>A time as everyone can read it, whatever the browser's zone is.</summary>
    public static string Time(long milliseconds)
    {
        var shown = DateTimeOffset.FromUnixTimeMilliseconds(milliseconds).ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);
        return $"<time datetime=\"{WireDate.Format(milliseconds)}\" dir=\"ltr\">{shown} UTC</time>";
    }

    /// <summary>A list of terms and what stands for them, as HTML; terms with nothing are left out.</summary>
    public static string Terms(params IEnumerable<(string Term, string Html)> lines)
    {
        var shown = lines.Where(line => line.Html.Length > 0).Select(line => $"<dt>{E(line.Term)}</dt><dd>{line.Html}</dd>");
        return $"<dl>{string.Concat(shown)}</dl>";
    }

    /// <summary>What a session's device is called: by its app, or the browser's known name.</summary>
    public static string DeviceOf(AccountRequest request, Session session) =>
        session.DeviceName.Length > 0 ? session.DeviceName : BrowserName.Find(session.UserAgent) ?? request.Page.Text.DeviceUnknown;

    private static string Back(AccountRequest request, string? back) =>
        back is null ? "" : $"<p class=\"links\">{Link(request, back, request.Text.Back)}</p>";

    private static string NoteHtml(AccountRequest request, AccountNote note) =>
        note.Done is { } done
            ? $"<p class=\"notice\" role=\"status\">{E(request.Text.Done.GetValueOrDefault(done, request.Text.Done["saved"]))}</p>"
        : note.Code != 0 ? $"<p class=\"refused\" role=\"alert\" id=\"problem\">{E(AccountProblems.Of(request, note))}</p>"
        : "";

    private static int StatusOf(AccountNote note) =>
        note switch
        {
            { Code: 0 } => StatusCodes.Status200OK,
            { WaitSeconds: > 0 } => StatusCodes.Status429TooManyRequests,
            _ => StatusCodes.Status400BadRequest,
        };
}
