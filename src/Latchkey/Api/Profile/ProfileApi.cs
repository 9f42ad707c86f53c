using System.Text.Json.Serialization;
using Latchkey.Api.Authentication;
using Latchkey.Core;
using Latchkey.Users.Passwords;

namespace Latchkey.Api.Profile;

/// <summary>What a logged-in user does with its own account.</summary>
public static class ProfileApi
{
    public static void MapProfile(this RouteGroupBuilder api)
    {
        var user = api.MapGroup("").Takes(TokenKind.Access);
        user.MapGet("getUser", GetUser).WithSummary("The user's own data.");
        user.MapGet("userNameAvailable", UserNameAvailable).Needs(s => s.UserNamesEnabled, ErrorCodes.UserNamesOff).Produces<Availability>().WithSummary("Whether a user name is free.");
        user.MapPost("setUserName", SetUserName).Needs(s => s.UserNamesEnabled, ErrorCodes.UserNamesOff).WithSummary("Choose a user name, once.");
        user.MapPost("setLocale", SetLocale).WithSummary("Choose the language of mails.");
        user.MapPost("setUserMetadata", SetUserMetadata).WithSummary("Replace the metadata fields that users may edit.");
        user.MapPost("changePassword", Change).WithSummary("Change the password; all other sessions end.");
        user.MapPost("deleteAccount", Delete).Asks<DeleteAccountRequest>((user, request) => DeleteAccount.Missing(user, request.Handle, request.Password, request.Token)).WithSummary("Delete the account.");
    }

    private static IResult GetUser(UserCaller caller) => Answers.Bytes(UserDescription.Write(caller.Application, caller.User));

    private static async Task<IResult> UserNameAvailable(Asked<UserNameRequest> asked, UserCaller caller, ProfileRules rules) =>
        Answers.Object(new Availability(await rules.IsUserNameAvailable(caller, asked.Value.UserName)), ProfileJson.Default.Availability);

    private static async Task<IResult> SetUserName(Asked<UserNameRequest> asked, UserCaller caller, ProfileRules rules) =>
        Answers.Of(await rules.SetUserName(caller, asked.Value.UserName));

    private static async Task<IResult> SetLocale(Asked<LocaleRequest> asked, UserCaller caller, ProfileRules rules) =>
        Answers.Of(await rules.SetLocale(caller, asked.Value.Locale));

    private static async Task<IResult> SetUserMetadata(Asked<MetadataRequest> asked, UserCaller caller, ProfileRules rules) =>
        Answers.Of(await rules.SetMetadata(caller, asked.Value.MetaData));

    private static async Task<IResult> Change(Asked<ChangePasswordRequest> asked, UserCaller caller, ChangePassword rules) =>
        Answers.Of(await rules.Change(caller, new RawPassword(asked.Value.Password), new RawPassword(asked.Value.NewPassword)));

    private static async Task<IResult> Delete(Asked<DeleteAccountRequest> asked, UserCaller caller, DeleteAccount rules, CancellationToken stop) =>
        Answers.Of(await rules.Delete(caller, asked.Value.Handle, asked.Value.Password is { } password ? new RawPassword(password) : null, asked.Value.Token, stop));

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

    /// <param name="Password">The current one.</param>
    /// <param name="NewPassword">The one to come.</param>
    public sealed record ChangePasswordRequest(string Password, string NewPassword) : IRequest<ChangePasswordRequest>
    {
        public static ChangePasswordRequest Read(FieldReader fields) => new(fields.Required("password"), fields.Required("newPassword"));
    }

    /// <param name="Handle">The user's own e-mail address or user name, or an anonymous user's handle.</param>
    /// <param name="Password">The password or its MD5 hex; not for anonymous or social users.</param>
    /// <param name="Token">For social users, a fresh ID token of their own account.</param>
    public sealed record DeleteAccountRequest(string? Handle, string? Password, string? Token) : IRequest<DeleteAccountRequest>
    {
        public static DeleteAccountRequest Read(FieldReader fields) => new(fields.Optional("handle"), fields.Optional("password"), fields.Optional("token"));
    }
}

public sealed record Availability(bool Available);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(Availability))]
public sealed partial class ProfileJson : JsonSerializerContext;
