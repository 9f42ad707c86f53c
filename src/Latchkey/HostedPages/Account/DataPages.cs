using Latchkey.Core;
using Latchkey.Operations.PersonalData;
using static Latchkey.HostedPages.Account.AccountView;
using static Latchkey.HostedPages.PageRequest;

namespace Latchkey.HostedPages.Account;

/// <summary>Downloads all that is kept about the user, as one file.</summary>
public static class DataPages
{
    public static void MapDataPages(this RouteGroupBuilder account)
    {
        var page = AccountRoute.Map(account, AccountPaths.Data, needsProof: true);
        page.MapGet("", Show);
        page.MapPost("", Allow);
        AccountRoute.Map(account, AccountPaths.DataFile, needsProof: true).MapGet("", Download);
    }

    private static IResult Show(HttpContext context, AccountView view)
    {
        var request = AccountApi.RequestOf(context);
        var text = request.Text;
        return view.Show(
            request,
            text.DataHeading,
            _ =>
                Card(
                    null,
                    $"<p>{Fill(text.DataText, ("APP_NAME", request.Application.Name))}</p>" + view.Form(request, Button(text.DataButton))
                )
        );
    }

    private static async Task<IResult> Allow(HttpContext context, AccountNotes notes, AccountSteps steps, PersonalDataExport export)
    {
        var request = AccountApi.RequestOf(context);
        if ((await export.Allow(request.Caller)).Error is { } refused)
        {
            return await notes.Refuse(request, PersonalDataExport.Action, refused);
        }

        steps.Write(request, new AccountStep { IsDataAllowed = true });
        return AccountApi.Go(request, AccountPaths.DataFile);
    }

    /// <summary>Once for each time that the form was sent.</summary>
    private static IResult Download(HttpContext context, AccountSteps steps, PersonalDataExport export)
    {
        var request = AccountApi.RequestOf(context);
        if (steps.Read(request) is not { IsDataAllowed: true })
        {
            return AccountApi.Go(request, AccountPaths.Data);
        }

        steps.Delete(request);
        return Results.Stream(
            stream => export.Write(request.Caller, stream, context.RequestAborted),
            "application/json; charset=utf-8",
            "account.json"
        );
    }
}
