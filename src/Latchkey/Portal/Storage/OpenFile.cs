using Latchkey.Core;
using Latchkey.Storage;

namespace Latchkey.Portal.Storage;

/// <summary>
/// Leads to one of a user's files in the bucket, by a signed link that is made when somebody follows it. The pages themselves load nothing
/// from buckets: their content policy stays as it is, and nobody sees what strangers uploaded without asking for it.
/// </summary>
public static class OpenFile
{
    public static void MapOpenFile(this IEndpointRouteBuilder routes) =>
        routes
            .MapGet($"{PortalServices.Path}/applications/{{appId}}/users/{{userId}}/files/{{assetId}}", Open)
            .RequireAuthorization(PortalAccessRequirement.Policy)
            .ExcludeFromDescription();

    /// <param name="part">The name of a cut, or original.</param>
    private static async Task<IResult> Open(string appId, string userId, string assetId, string? part, StorageOverview storage)
    {
        var names = new[] { appId, userId, assetId, part ?? AssetCut.Original };
        return names.All(Field.IsStorable) && await storage.Open(appId, userId, assetId, names[3]) is { } link
            ? TypedResults.Redirect(link)
            : TypedResults.NotFound();
    }
}
