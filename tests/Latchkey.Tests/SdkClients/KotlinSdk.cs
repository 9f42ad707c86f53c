using System.Net.Http.Json;
using System.Text.Json;

namespace Latchkey.Tests.SdkClients;

/// <summary>
/// The Kotlin SDK: JSON, read by Gson into classes. A flag is a boolean, and a number in its place throws. Any answer but 200 is
/// "something went wrong".
/// </summary>
public sealed class KotlinSdk(App app) : SdkClient(app)
{
    public async Task<IReadOnlyDictionary<string, object?>> GetApplication() =>
        Read(
            await Get("getApplication", AppToken),
            strings: ["name", "signupFlow", "twoFactorVerification"],
            booleans: ["anonymousLoginEnabled", "userNamesEnabled", "passwordFilter"],
            numbers: ["passwordMinLength", "passwordMinUpper", "passwordMinLower", "passwordMinDigit", "passwordMinSpecial"],
            objects: ["appData"]
        );

    public override async Task Login(string handle, string password) =>
        ReadAuthentication(await Post("login", AppToken, new { handle, password = Md5(password) }));

    public async Task LoginComplete(string code) =>
        ReadAuthentication(await Post("loginComplete", AppToken, new { loginToken = LoginToken, code }));

    public async Task LoginAnonymous(string handle) => ReadAuthentication(await Post("loginAnonymous", AppToken, new { handle }));

    public override async Task ForgotPassword(string handle) => ReadTrue(await Post("forgotPassword", AppToken, new { handle }));

    /// <summary>Its App Token stands in the header access-token.</summary>
    public override async Task ResetPassword(string handle, string password, string code) =>
        ReadTrue(
            await Post(
                "resetPassword",
                ("access-token", App.Token),
                new
                {
                    handle,
                    password = Md5(password),
                    code,
                }
            )
        );

    public async Task<IReadOnlyDictionary<string, object?>> GetUser() =>
        Read(
            await Get("getUser", Access),
            strings: ["handle", "userName", "appId", "phone", "lastLogin"],
            booleans: ["twoFactorPhoneVerification", "twoFactorGoogleVerification", "phoneVerified"],
            numbers: [],
            objects: ["metaData"]
        );

    public override async Task ChangePassword(string password, string newPassword) =>
        ReadTrue(await Post("changePassword", Access, new { newPassword = Md5(newPassword), password = Md5(password) }));

    public override async Task<string?> HandleOfUser() => (string?)(await GetUser())["handle"];

    public async Task SetPhone(string phone) => ReadTrue(await Post("setPhone", Access, new { phone }));

    public async Task VerifyPhone(string code) => ReadTrue(await Post("verifyPhone", Access, new { code }));

    public async Task SetTwoFactorPhoneVerification(bool on) =>
        ReadTrue(await Post("setTwoFactorPhoneVerification", Access, new { twoFactor = on ? "true" : "false" }));

    public async Task SetTwoFactorGoogleVerification(bool on) =>
        ReadTrue(await Post("setTwoFactorGoogleVerification", Access, new { twoFactor = on ? "true" : "false" }));

    private (string Name, string Value) AppToken => ("app-token", App.Token);

    private (string Name, string Value) Access => ("access-token", AccessToken!);

    private void ReadAuthentication(Reply reply)
    {
        var read = Read(reply, strings: ["jwt", "access-token", "login-token"], booleans: [], numbers: [], objects: []);
        (Jwt, AccessToken, LoginToken) = ((string?)read["jwt"], (string?)read["access-token"], (string?)read["login-token"]);
    }

    /// <summary>A class whose fields may all be absent; one that is there must have its type.</summary>
    private static Dictionary<string, object?> Read(Reply reply, string[] strings, string[] booleans, string[] numbers, string[] objects)
    {
        Check(reply);
        return strings
            .Select(name => (name, Of(name, IsScalar, value => value.ToString())))
            .Concat(booleans.Select(name => (name, Of(name, IsBoolean, value => bool.Parse(value.ToString())))))
            .Concat(numbers.Select(name => (name, Of(name, value => value.ValueKind == JsonValueKind.Number, value => value.GetInt32()))))
            .Concat(objects.Select(name => (name, Of(name, value => value.ValueKind == JsonValueKind.Object, value => value))))
            .ToDictionary(field => field.name, field => field.Item2, StringComparer.Ordinal);

        object? Of(string name, Func<JsonElement, bool> isOfType, Func<JsonElement, object> read) =>
            !reply.Json.TryGetProperty(name, out var value) ? null
            : isOfType(value) ? read(value)
            : throw new SdkException(null, $"{name}: {reply.Text}");
    }

    private static bool IsScalar(JsonElement value) => value.ValueKind is not (JsonValueKind.Object or JsonValueKind.Array);

    private static bool IsBoolean(JsonElement value) => value.ValueKind is JsonValueKind.True or JsonValueKind.False;

    /// <summary>A text, for which Gson also takes a boolean.</summary>
    private static void ReadTrue(Reply reply)
    {
        Check(reply);
        if (!IsScalar(reply.Json) || reply.Json.ToString() is not ("true" or "True"))
        {
            throw new SdkException(null, reply.Text);
        }
    }

    private static void Check(Reply reply)
    {
        if (!((int)reply.Status is >= 200 and < 300))
        {
            throw new SdkException(reply.Code, reply.Text);
        }
    }

    private Task<Reply> Get(string function, (string Name, string Value) token) =>
        Send(Request(HttpMethod.Get, $"/api/appuser/{function}", token));

    private Task<Reply> Post(string function, (string Name, string Value) token, object body)
    {
        var request = Request(HttpMethod.Post, $"/api/appuser/{function}", token);
        request.Content = JsonContent.Create(body);
        return Send(request);
    }
}
