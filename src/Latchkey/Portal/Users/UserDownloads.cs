using System.Globalization;
using Latchkey.Applications;
using Latchkey.Core;
using Latchkey.Operations.UserTransfer;
using Latchkey.Users.Administration;
using Latchkey.Users.Batches;
using Latchkey.Users.Search;

namespace Latchkey.Portal.Users;

/// <summary>
/// The selected users as a file that <c>latchkey user import</c> reads, without password hashes and secrets, and a line in the log for each
/// that is taken. It is written page by page, so a file of a million users takes no memory.
/// </summary>
public static class UserDownloads
{
    public static void MapUserDownloads(this IEndpointRouteBuilder routes) =>
        routes
            .MapGet($"{PortalServices.Path}/applications/{{appId}}/users/export", Export)
            .RequireAuthorization(PortalAccessRequirement.Policy)
            .WithMetadata(new RequiresRoleAttribute(Role.Editor, Role.Editor))
            .ExcludeFromDescription();

    private static async Task<IResult> Export(
        string appId,
        ApplicationRules applications,
        ApplicationCache cache,
        UserList users,
        UserBatches batches,
        UserExport export,
        TimeProvider clock,
        HttpContext context
    )
    {
        if (!Field.IsStorable(appId) || await applications.Find(appId) is not { } app)
        {
            return TypedResults.NotFound();
        }

        var selection = UserSelection.Read(context.Request);
        if (selection.Problem is not null)
        {
            // The page of many users says so.
            return TypedResults.Redirect($"{context.Request.PathBase}{PortalServices.Path}/applications/{appId}/users/bulk");
        }

        var text = UserUrls.Reader(FormValues.Query(context.Request, "list"))(UserUrls.Search);
        var scope = UserSearchScope.Of(ApplicationRules.SettingsOf(app), (await cache.Find(appId))?.IdentityProviders ?? []);
        if (users.Read(scope, text, "").Failed(out var query, out var refused))
        {
            return TypedResults.Text(refused.Message, statusCode: StatusCodes.Status400BadRequest);
        }

        var pages = selection.IsAll ? batches.Ids(appId, query, context.RequestAborted) : new[] { selection.Ids }.ToAsyncEnumerable();
        var what = selection.IsAll
            ? (query.IsFiltered ? "all who match a filter" : "all users")
            : BatchAction.FormatUsers(selection.Ids.Count);
        var options = new ExportOptions(PortalPage.ActorOf(context), WithHashes: false, WithSecrets: false);
        var isJson = FormValues.Query(context.Request, "format") == "json";
        return TypedResults.Stream(
            file =>
                export.RunSelected(
                    appId,
                    pages,
                    buffer => isJson ? new JsonUserWriter(buffer, options) : new CsvUserWriter(buffer, options),
                    file,
                    options.Actor,
                    what
                ),
            isJson ? "application/x-ndjson" : Csv.ContentType,
            $"users-{appId}-{clock.GetUtcNow().ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)}.{(isJson ? "jsonl" : "csv")}"
        );
    }
}
