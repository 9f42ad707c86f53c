using Latchkey.Api.Profile;
using Latchkey.Core;
using Latchkey.Provider.Pages;
using Latchkey.Provider.Sessions;
using static Latchkey.HostedPages.Account.AccountView;
using static Latchkey.HostedPages.PageRequest;

namespace Latchkey.HostedPages.Account;

/// <summary>Deletes the account, after the user has typed whose it is. The rules are those of deleteAccount.</summary>
public static class DeletionPages
{
    private const string HandleField = "handle";

    public static void MapDeletionPages(this RouteGroupBuilder account)
    {
        var page = AccountRoute.Map(account, AccountPaths.Delete, needsProof: true);
        page.MapGet("", Show);
        page.MapPost("", Delete);
    }

    private static IResult Show(HttpContext context, AccountView view)
    {
        var request = AccountApi.RequestOf(context);
        var text = request.Text;
        return view.Show(
            request,
            text.DeleteHeading,
            note =>
                $"""
                <section class="card bad">
                <p>{Fill(text.DeleteText, ("APP_NAME", request.Application.Name))}</p>
                <p><strong>{E(text.DeleteForever)}</strong> {Link(request, AccountPaths.Data, text.DataHeading)}</p>
                <p>{Fill(text.DeleteType, ("HANDLE", request.User.Handle))}</p>
                {view.Form(
                    request,
                    Field(
                        HandleField,
                        text.Email,
                        note.Fields.GetValueOrDefault(HandleField, ""),
                        "type=\"text\" autocomplete=\"off\" autocapitalize=\"none\" spellcheck=\"false\" dir=\"ltr\" required"
                    ) + Button(text.DeleteButton, style: "danger")
                )}
                </section>
                """
        );
    }

    private static async Task<IResult> Delete(
        HttpContext context,
        AccountNotes notes,
        AccountSteps steps,
        DeleteAccount rules,
        BrowserSessions sessions
    )
    {
        var request = AccountApi.RequestOf(context);
        if ((await rules.DeleteProved(request.Caller, request.Form[HandleField] ?? "")).Error is { } refused)
        {
            return await notes.Refuse(request, "deleteAccount", refused);
        }

        sessions.Forget(context, request.Application);
        steps.Delete(request);
        return AccountApi.Go(request, AccountPaths.Deleted);
    }

    /// <summary>For whoever comes: it says nothing of anybody.</summary>
    public static async Task<IResult> ShowDeleted(HttpContext context, PageRequests requests)
    {
        var page = await requests.OpenAlone(context, LoginPages.CallerOf(context));
        var text = AccountText.In(page.Language);
        return page.User is not null
            ? ProviderPages.SeeOther($"{page.Caller.Issuer}/{AccountPaths.Overview}")
            : page.Show(text.DeletedHeading, $"<p>{E(text.DeletedText)}</p>", formTarget: "");
    }
}
