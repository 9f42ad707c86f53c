using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Latchkey.Tests.SdkClients;

/// <summary>How one of the released SDKs talks: what it sends as a body, under which token and path, and how it reads flags.</summary>
public sealed record Sdk(string Name, Func<IReadOnlyDictionary<string, object>, HttpContent> Body)
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false);

    /// <summary>
    /// Forms in which nothing but + is percent-encoded, so that raw JSON stands in them; a doubled slash before the second factor's path.
    /// </summary>
    public static Sdk Swift { get; } =
        new(
            "swift",
            fields =>
                Form(
                    string.Join('&', fields.Select(field => $"{field.Key}={Written(field.Value)}"))
                        .Replace("+", "%2B", StringComparison.Ordinal)
                )
        )
        {
            DoublesSlashes = true,
        };

    /// <summary>JSON, and after a login only the access token.</summary>
    public static Sdk ReactNative { get; } = new("reactnative", fields => JsonContent.Create(fields)) { ForgetsAppToken = true };

    /// <summary>JSON, and flags that must be booleans.</summary>
    public static Sdk Android { get; } = new("android", fields => JsonContent.Create(fields)) { ReadsBooleans = true };

    public bool DoublesSlashes { get; init; }

    public bool ForgetsAppToken { get; init; }

    public bool ReadsBooleans { get; init; }

    public static Sdk Named(string name) => new[] { Swift, ReactNative, Android }.Single(sdk => sdk.Name == name);

    private static ByteArrayContent Form(string text)
    {
        var content = new ByteArrayContent(Utf8.GetBytes(text));
        content.Headers.ContentType = new MediaTypeHeaderValue("application/x-www-form-urlencoded");
        return content;
    }

    private static string Written(object value) =>
        value is bool flag
            ? flag
                ? "true"
                : "false"
            : (string)value;
}

/// <summary>An app built with an SDK: it keeps the tokens it was given, and sends MD5 in place of passwords.</summary>
public sealed class SdkClient(App app, Sdk sdk)
{
    private string? accessToken;
    private string? loginToken;

    /// <summary>The application's description, each flag read as this SDK reads it.</summary>
    public async Task<JsonElement> GetApplication()
    {
        var answer = (await Send(HttpMethod.Get, "getApplication", Named())).ShouldBeOk().Json;
        foreach (
            var flag in new[]
            {
                "signupEnabled",
                "invitationEnabled",
                "userNamesEnabled",
                "anonymousLoginEnabled",
                "appleLoginEnabled",
                "googleLoginEnabled",
                "passwordFilter",
                "jwtEnabled",
                "metaDataEmail",
                "emailExtension",
            }
        )
        {
            var kind = answer.GetProperty(flag).ValueKind;
            (sdk.ReadsBooleans ? kind is JsonValueKind.True or JsonValueKind.False : kind is JsonValueKind.Number).ShouldBeTrue(flag);
        }

        return answer;
    }

    public async Task Signup(string handle, string password, string metaData) =>
        (
            await Send(
                HttpMethod.Post,
                "signup",
                AppToken(),
                ("handle", handle),
                ("password", Md5(password)),
                ("metaData", metaData),
                ("locale", "EN")
            )
        ).ShouldBeTrue();

    public Task CompleteSignup(string handle, string code) => SignedIn("completeSignup", Named(), ("handle", handle), ("code", code));

    public Task Login(string handle, string password) => SignedIn("login", AppToken(), ("handle", handle), ("password", Md5(password)));

    public async Task LoginWithSecondFactor(string handle, string password)
    {
        var answer = (await Send(HttpMethod.Post, "login", AppToken(), ("handle", handle), ("password", Md5(password)))).ShouldBeOk().Json;
        answer.TryGetProperty("jwt", out _).ShouldBeFalse();
        loginToken = answer.GetProperty("login-token").GetString();
    }

    public Task LoginComplete(string code) => SignedIn("loginComplete", Named(), ("loginToken", loginToken!), ("code", code));

    public async Task<bool> CanLogin(string handle, string password) =>
        (await Send(HttpMethod.Post, "login", AppToken(), ("handle", handle), ("password", Md5(password)))).Code is null;

    public async Task<JsonElement> GetUser() => (await Send(HttpMethod.Get, "getUser", AccessToken())).ShouldBeOk().Json;

    public async Task<bool> UserNameAvailable(string userName) =>
        (await Send(HttpMethod.Get, $"userNameAvailable?userName={userName}", AccessToken()))
            .ShouldBeOk()
            .Json.GetProperty("available")
            .GetBoolean();

    public async Task SetUserName(string userName) =>
        (await Send(HttpMethod.Post, "setUserName", AccessToken(), ("userName", userName))).ShouldBeTrue();

    public async Task SetMetadata(string metaData) =>
        (await Send(HttpMethod.Post, "setUserMetadata", AccessToken(), ("metaData", metaData))).ShouldBeTrue();

    public async Task SetLocale(string locale) =>
        (await Send(HttpMethod.Post, "setLocale", AccessToken(), ("locale", locale))).ShouldBeTrue();

    public async Task Invite(string handle, string metaData) =>
        (
            await Send(HttpMethod.Post, "invite", AccessToken(), ("handle", handle), ("senderUserId", "U1"), ("metaData", metaData))
        ).ShouldBeTrue();

    public Task Register(string handle, string password, string code, string metaData) =>
        SignedIn("register", Named(), ("handle", handle), ("password", Md5(password)), ("code", code), ("metaData", metaData));

    public async Task ForgotPassword(string handle) =>
        (await Send(HttpMethod.Post, "forgotPassword", Named(), ("handle", handle))).ShouldBeTrue();

    public async Task ResetPassword(string handle, string password, string code) =>
        (
            await Send(HttpMethod.Post, "resetPassword", Named(), ("handle", handle), ("password", Md5(password)), ("code", code))
        ).ShouldBeTrue();

    public async Task<Authenticator> SetTwoFactorGoogleVerification(bool on)
    {
        var answer = await Send(
            HttpMethod.Post,
            $"{(sdk.DoublesSlashes ? "//api/appuser/" : "")}setTwoFactorGoogleVerification",
            AccessToken(),
            ("twoFactor", on)
        );
        return new Authenticator(on ? answer.ShouldBeOk().Json.GetProperty("googleSecretKey").GetString()! : "");
    }

    public async Task ChangePassword(string password, string newPassword) =>
        (
            await Send(HttpMethod.Post, "changePassword", AccessToken(), ("password", Md5(password)), ("newPassword", Md5(newPassword)))
        ).ShouldBeTrue();

    public async Task DeleteAccount(string handle, string password) =>
        (await Send(HttpMethod.Post, "deleteAccount", AccessToken(), ("handle", handle), ("password", Md5(password)))).ShouldBeTrue();

    private async Task SignedIn(string function, (string Name, string Value) token, params (string Name, object Value)[] fields)
    {
        var answer = (await Send(HttpMethod.Post, function, token, fields)).ShouldBeOk().Json;
        answer.EnumerateObject().Select(p => p.Name).ShouldBe(["jwt", "access-token"]);
        accessToken = answer.GetProperty("access-token").GetString();
    }

    private Task<Reply> Send(
        HttpMethod method,
        string function,
        (string Name, string Value) token,
        params (string Name, object Value)[] fields
    )
    {
        var path = function.StartsWith("//", StringComparison.Ordinal) ? function : $"/api/appuser/{function}";
        var request = new HttpRequestMessage(method, new Uri($"{app.Server.Address.GetLeftPart(UriPartial.Authority)}{path}"));
        request.Headers.Add(token.Name, token.Value);
        request.Content = method == HttpMethod.Get ? null : sdk.Body(fields.ToDictionary(field => field.Name, field => field.Value));
        return app.Server.Send(request);
    }

    private (string Name, string Value) AppToken() => ("app-token", app.Token);

    private (string Name, string Value) AccessToken() => ("access-token", accessToken!);

    /// <summary>The token of functions that only need to know the application.</summary>
    private (string Name, string Value) Named() => sdk.ForgetsAppToken && accessToken is not null ? AccessToken() : AppToken();

#pragma warning disable CA5351 // what the SDKs send
    private static string Md5(string password) => Convert.ToHexStringLower(MD5.HashData(Encoding.UTF8.GetBytes(password)));
#pragma warning restore CA5351
}
