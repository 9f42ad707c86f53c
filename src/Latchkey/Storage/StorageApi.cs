using Latchkey.Api.Authentication;
using Latchkey.Core;

namespace Latchkey.Storage;

/// <summary>Calls of a logged-in user for its own files. The bytes go straight to the bucket and come from there.</summary>
public static class StorageApi
{
    public static void MapStorage(this RouteGroupBuilder api)
    {
        var user = api.MapGroup("").RequiresToken(TokenKind.Access);
        user.MapPost("createAsset", Create).WithSummary("Announce a file. The answer has URLs to PUT it to, bound to its size and type.");
        user.MapPost("completeAsset", Complete).WithSummary("Say that a file is uploaded. The answer has URLs to read it.");
        user.MapGet("assets", List)
            .WithSummary("List the user's files, newest first, with URLs to read them. cursor is the previous page's next.");
        user.MapGet("asset", Read).WithSummary("Get a file with URLs to read it.");
        user.MapPost("refreshAsset", Refresh).WithSummary("Get new URLs to read a file.");
        user.MapPost("removeAsset", Remove).WithSummary("Remove a file.");
    }

    private static async Task<IResult> Create(BoundRequest<CreateRequest> bound, UserCaller caller, AssetRules rules) =>
        ApiResults.From(await rules.Create(caller, bound.Value.ToNewAsset()), StorageJson.Default.CreatedAsset);

    private static async Task<IResult> Complete(
        BoundRequest<AssetRequest> bound,
        UserCaller caller,
        AssetRules rules,
        CancellationToken stop
    ) => ApiResults.From(await rules.Complete(caller, bound.Value.AssetId, stop), StorageJson.Default.AssetDescription);

    private static async Task<IResult> List(BoundRequest<ListRequest> bound, UserCaller caller, AssetRules rules) =>
        ApiResults.From(await rules.List(caller, bound.Value.Cursor, bound.Value.PageSize()), StorageJson.Default.AssetPage);

    private static async Task<IResult> Read(BoundRequest<AssetRequest> bound, UserCaller caller, AssetRules rules) =>
        ApiResults.From(await rules.Read(caller, bound.Value.AssetId), StorageJson.Default.AssetDescription);

    private static async Task<IResult> Refresh(BoundRequest<AssetRequest> bound, UserCaller caller, AssetRules rules) =>
        ApiResults.From(await rules.Read(caller, bound.Value.AssetId), StorageJson.Default.AssetDescription);

    private static async Task<IResult> Remove(BoundRequest<AssetRequest> bound, UserCaller caller, AssetRules rules) =>
        ApiResults.From(await rules.Remove(caller, bound.Value.AssetId));

    /// <param name="Path">The file's name for people, with / between folders.</param>
    /// <param name="ContentType">The media type of the original and of all cuts.</param>
    /// <param name="Size">The bytes of the original.</param>
    /// <param name="Cuts">A JSON list of names and sizes, as a string.</param>
    /// <param name="ExpirationHours">How long URLs for reading are valid, at most 168; 0 for unsigned ones.</param>
    /// <param name="Caption">A text of the app.</param>
    /// <param name="Extra">A JSON document of the app, as a string.</param>
    public sealed record CreateRequest(
        string Path,
        string ContentType,
        long Size,
        string? Cuts,
        long? ExpirationHours,
        string? Caption,
        string? Extra
    ) : IRequest<CreateRequest>
    {
        public static CreateRequest Read(FieldReader fields) =>
            new(
                fields.Required("path"),
                fields.Required("contentType"),
                fields.RequiredNumber("size"),
                fields.Optional("cuts"),
                fields.OptionalNumber("expirationHours"),
                fields.Optional("caption"),
                fields.Optional("extra")
            );

        internal NewAsset ToNewAsset() => new(Path, ContentType, Size, Cuts, ExpirationHours, Caption, Extra);
    }

    public sealed record AssetRequest(string AssetId) : IRequest<AssetRequest>
    {
        public static AssetRequest Read(FieldReader fields) => new(fields.Required("assetId"));
    }

    /// <param name="Cursor">The next of the page before.</param>
    /// <param name="Limit">Files a page, 50 at most; 50 by default.</param>
    public sealed record ListRequest(string? Cursor, long? Limit) : IRequest<ListRequest>
    {
        public static ListRequest Read(FieldReader fields) => new(fields.Optional("cursor"), fields.OptionalNumber("limit"));

        internal int PageSize() => Limit is > 0 and < AssetRules.MaxPageSize ? (int)Limit.Value : AssetRules.MaxPageSize;
    }
}
