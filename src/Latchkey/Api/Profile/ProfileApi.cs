using Latchkey.Api.Authentication;
using Latchkey.Core;
using Latchkey.Users.Passwords;

namespace Latchkey.Api.Profile;

/// <summary>Calls of a logged-in user for its own account.</summary>
public static class ProfileApi
{
    public static void MapProfile(this RouteGroupBuilder api)
    {
        var user = api.MapGroup("").RequiresToken(TokenKind.Access);
        user.MapGet("getUser", GetUser).WithSummary("Get the logged-in user.");
        user.MapGet("userNameAvailable", UserNameAvailable)
            .RequiresFeature(s => s.UserNamesEnabled, ErrorCodes.UserNamesDisabled)
            .Produces<UserNameAvailability>()
            .WithSummary("Check whether a user name is available.");
        user.MapPost("setUserName", SetUserName)
            .RequiresFeature(s => s.UserNamesEnabled, ErrorCodes.UserNamesDisabled)
            .WithSummary("Set the user name. It cannot be changed later.");
        user.MapPost("setLocale", SetLocale).WithSummary("Set the language of the user's mails.");
        user.MapPost("setUserMetadata", SetUserMetadata).WithSummary("Replace the metadata fields that users can edit.");
        user.MapPost("changePassword", Change)
            .Requires<ChangePasswordRequest>((user, request) => ChangePassword.FindMissingParameter(user, request.Password))
            .WithSummary("Change the password, or set the first one. All other sessions end.");
        user.MapPost("deleteAccount", Delete)
            .Requires<DeleteAccountRequest>(
                (user, request) => DeleteAccount.FindMissingParameter(user, request.Handle, request.Password, request.Token)
            )
            .WithSummary("Delete the user's own account.");
    }

    private static IResult GetUser(UserCaller caller) => ApiResults.RawJson(UserDescription.Write(caller.Application, caller.User));

    private static async Task<IResult> UserNameAvailable(BoundRequest<UserNameRequest> bound, UserCaller caller, ProfileRules rules) =>
        ApiResults.Json(
            new UserNameAvailability(await rules.IsUserNameAvailable(caller, bound.Value.UserName)),
            ProfileJson.Default.UserNameAvailability
        );

    private static async Task<IResult> SetUserName(BoundRequest<UserNameRequest> bound, UserCaller caller, ProfileRules rules) =>
        ApiResults.From(await rules.SetUserName(caller, bound.Value.UserName));

    private static async Task<IResult> SetLocale(BoundRequest<LocaleRequest> bound, UserCaller caller, ProfileRules rules) =>
        ApiResults.From(await rules.SetLocale(caller, bound.Value.Locale));

    private static async Task<IResult> SetUserMetadata(BoundRequest<MetadataRequest> bound, UserCaller caller, ProfileRules rules) =>
        ApiResults.From(await rules.SetMetadata(caller, bound.Value.MetaData));

    private static async Task<IResult> Change(BoundRequest<ChangePasswordRequest> bound, UserCaller caller, ChangePassword rules) =>
        ApiResults.From(
            await rules.Change(
                caller,
                bound.Value.Password is { } current ? new RawPassword(current) : null,
                new RawPassword(bound.Value.NewPassword)
            )
        );

    private static async Task<IResult> Delete(
        BoundRequest<DeleteAccountRequest> bound,
        UserCaller caller,
        DeleteAccount rules,
        CancellationToken stop
    ) =>
        ApiResults.From(
            await rules.Delete(
                caller,
                bound.Value.Handle,
                bound.Value.Password is { } password ? new RawPassword(password) : null,
                bound.Value.Token,
                bound.Value.Nonce,
                stop
            )
        );

    public sealed record UserNameRequest(string UserName) : IRequest<UserNameRequest>
    {
        public static UserNameRequest Read(FieldReader fields) => new(fields.Required("userName"));
    }

    public sealed record LocaleRequest(string Locale) : IRequest<LocaleRequest>
    {
        public static LocaleRequest Read(FieldReader fields) => new(fields.Required("locale"));
    }

    /// <param name="MetaData">A JSON document as a string.</param>
    public sealed record MetadataRequest(string MetaData) : IRequest<MetadataRequest>
    {
        public static MetadataRequest Read(FieldReader fields) => new(fields.Required("metaData"));
    }

    /// <param name="Password">The current one; not for a user who has none.</param>
    /// <param name="NewPassword">The one to come.</param>
    public sealed record ChangePasswordRequest(string? Password, string NewPassword) : IRequest<ChangePasswordRequest>
    {
        public static ChangePasswordRequest Read(FieldReader fields)
        {
            var request = new ChangePasswordRequest(fields.Optional("password"), fields.Required("newPassword"));
            fields.RequireIfWrong("password");
            return request;
        }
    }

    /// <param name="Handle">The user's own e-mail address or user name, or an anonymous user's handle.</param>
    /// <param name="Password">The password or its MD5 hex; not for users who have none.</param>
    /// <param name="Token">For social users, a fresh ID token of their own account.</param>
    /// <param name="Nonce">The nonce that the app gave to the provider, if it did.</param>
    public sealed record DeleteAccountRequest(string? Handle, string? Password, string? Token, string? Nonce)
        : IRequest<DeleteAccountRequest>
    {
        public static DeleteAccountRequest Read(FieldReader fields) =>
            new(fields.Optional("handle"), fields.Optional("password"), fields.Optional("token"), fields.Optional("nonce"));
    }
}
