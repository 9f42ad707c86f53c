using Latchkey.Core;
using Latchkey.Data;
using Latchkey.Users.Administration;
using Latchkey.Users.Sessions;
using static Latchkey.HostedPages.Account.AccountView;
using static Latchkey.HostedPages.PageRequest;

namespace Latchkey.HostedPages.Account;

/// <summary>Where the user is signed in, and where sessions ended and why. The rules are those of sessions and endSession.</summary>
public static class SessionPages
{
    private const string SessionField = "session";

    public static void MapSessionPage(this RouteGroupBuilder account)
    {
        var page = AccountRoute.Map(account, AccountPaths.Sessions);
        page.MapGet("", Show);
        page.MapPost("", End);
    }

    private static async Task<IResult> Show(HttpContext context, AccountView view, UserSessions sessions, TimeProvider clock)
    {
        var request = AccountApi.RequestOf(context);
        var (live, ended) = await sessions.ListAll(request.User);
        var (text, now) = (request.Text, clock.Now());
        return view.Show(
            request,
            text.SessionsHeading,
            _ =>
                $"""
                    <p class="lead">{E(text.SessionsText)}</p>
                    {string.Concat(live.Select(session => Live(view, request, session)))}
                    {(live.Count > 1 ? Card(null, view.Form(request, Button(text.SignOutOthers, "others"))) : "")}
                    {(ended.Count > 0 ? $"<h2>{E(text.EndedHeading)}</h2>" : "")}
                    {string.Concat(ended.Select(session => Ended(request, session, now)))}
                    """
        );
    }

    private static async Task<IResult> End(HttpContext context, AccountNotes notes, UserSessions sessions)
    {
        var request = AccountApi.RequestOf(context);
        if (request.Form["action"] == "others")
        {
            var others = await sessions.EndOthers(request.User, request.Session, request.Actor);
            return await notes.Answer(request, "endSession", others, AccountPaths.Sessions, "signedOutOthers");
        }

        var id = request.Form[SessionField] ?? "";
        var reason = id == request.Session.PublicId ? SessionEndReason.SignedOut : SessionEndReason.SignedOutElsewhere;
        var ended = await sessions.End(request.User, id, reason, request.Actor);
        return await notes.Answer(request, "endSession", ended, AccountPaths.Sessions, "signedOut");
    }

    private static string Live(AccountView view, AccountRequest request, Session session)
    {
        var text = request.Text;
        var mark = session.PublicId == request.Session.PublicId ? $" <span class=\"badge\">{E(text.ThisDevice)}</span>" : "";
        return $"""
            <section class="card"><h2><bdi>{E(DeviceOf(request, session))}</bdi>{mark}</h2>
            {Terms(
                [
                    .. Facts(request, session),
                    (text.LastUsed, Time(session.LastUsedAt ?? session.CreatedAt)),
                ]
            )}
            {view.Form(
                request,
                $"<input type=\"hidden\" name=\"{SessionField}\" value=\"{E(session.PublicId)}\">"
                    + Button(request.Page.Text.SignOut, "end", "second")
            )}
            </section>

            """;
    }

    private static string Ended(AccountRequest request, Session session, long now)
    {
        var text = request.Text;
        return session.EndAt(now) is not { } end
            ? ""
            : $"""
                <section class="card"><h3><bdi>{E(DeviceOf(request, session))}</bdi></h3>
                {Terms([.. Facts(request, session), (text.EndedAt, Time(end.At)), (text.EndedWhy, Why(request, end))])}
                </section>

                """;
    }

    private static string Why(AccountRequest request, SessionEnd end) =>
        E(request.Text.Ends.GetValueOrDefault(end.ReasonName, end.ReasonName))
        + (end.Client.Length > 0 ? $" (<bdi dir=\"ltr\">{E(end.Client)}</bdi>)" : "");

    private static IEnumerable<(string Term, string Html)> Facts(AccountRequest request, Session session)
    {
        var text = request.Text;
        var methods = AuthenticationMethods
            .Read(session.Methods)
            .Where(method => method != AuthenticationMethods.Multiple)
            .Select(method => text.Methods.GetValueOrDefault(method, method));
        yield return (text.Address, session.Client.Length > 0 ? $"<bdi dir=\"ltr\">{E(session.Client)}</bdi>" : "");
        yield return (text.SignedInAt, Time(session.CreatedAt));
        yield return (text.SignedInBy, E(string.Join(", ", methods)));
    }
}
