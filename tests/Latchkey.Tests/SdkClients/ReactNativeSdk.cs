using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;

namespace Latchkey.Tests.SdkClients;

/// <summary>
/// The React Native SDK: JSON, and the same two headers on GET and POST. Once it has an access token it sends nothing else, in every
/// function, until the app logs out; that is local, and the server does not hear of it. Answers are read whatever their status: a
/// <c>code</c> is an error.
/// </summary>
public sealed class ReactNativeSdk(App app) : SdkClient(app)
{
    public async Task<JsonElement> GetApplication() => Resolve(await Fetch("getApplication"));

    /// <param name="handle">The address.</param>
    /// <param name="password">As the app gives it; some releases do not hash it here.</param>
    /// <param name="metaData">Any object.</param>
    public async Task Signup(string handle, string password, object? metaData = null)
    {
        var result = Resolve(
            await Post(
                "signup",
                new
                {
                    handle,
                    password,
                    metaData = Stringify(metaData),
                }
            )
        );
        Jwt = result.ValueKind == JsonValueKind.True ? null : result.GetProperty("jwt").GetString();
    }

    /// <summary>Gives the tokens to the app, and keeps none.</summary>
    public async Task<JsonElement> CompleteSignup(string handle, string code)
    {
        var result = Resolve(await Post("completeSignup", new { handle, code }));
        Jwt = result.GetProperty("jwt").GetString();
        return result;
    }

    public override async Task Login(string handle, string password) =>
        Keep(Resolve(await Post("login", new { handle, password = Md5(password) })));

    public async Task LoginComplete(string code) => Keep(Resolve(await Post("loginComplete", new { loginToken = LoginToken, code })));

    public async Task LoginAnonymous(string handle) => Keep(Resolve(await Post("loginAnonymous", new { handle })));

    public async Task SocialLogin(string token, string provider) => Keep(Resolve(await Post("socialLogin", new { token, provider })));

    public async Task SocialSignup(string token, string handle, string provider, object? metaData = null) =>
        Keep(
            Resolve(
                await Post(
                    "socialSignup",
                    new
                    {
                        token,
                        handle,
                        provider,
                        metaData = Stringify(metaData),
                    }
                )
            )
        );

    public async Task Register(string handle, string password, string code, object? metaData = null) =>
        Keep(
            Resolve(
                await Post(
                    "register",
                    new
                    {
                        handle,
                        password = Md5(password),
                        code,
                        metaData = Stringify(metaData),
                    }
                )
            )
        );

    public async Task<JsonElement> GetUser() => Resolve(await Fetch("getUser"));

    public async Task Invite(string handle, object? metaData, string senderUserId) =>
        ReadTrue(
            await Post(
                "invite",
                new
                {
                    handle,
                    senderUserId,
                    metaData = Stringify(metaData),
                }
            )
        );

    public override async Task<string?> HandleOfUser() => (await GetUser()).GetProperty("handle").GetString();

    public async Task SetPhone(string phone) => ReadTrue(await Post("setPhone", new { phone }));

    public async Task VerifyPhone(string code) => ReadTrue(await Post("verifyPhone", new { code }));

    public async Task SetTwoFactorPhoneVerification(bool twoFactor) =>
        ReadTrue(await Post("setTwoFactorPhoneVerification", new { twoFactor }));

    /// <summary>The secret when it is switched on.</summary>
    public async Task<string?> SetTwoFactorGoogleVerification(bool twoFactor)
    {
        var result = Resolve(await Post("setTwoFactorGoogleVerification", new { twoFactor }));
        return result.ValueKind == JsonValueKind.True ? null : result.GetProperty("googleSecretKey").GetString();
    }

    public override async Task ChangePassword(string password, string newPassword) =>
        ReadTrue(await Post("changePassword", new { password = Md5(password), newPassword = Md5(newPassword) }));

    public override async Task ForgotPassword(string handle) => ReadTrue(await Post("forgotPassword", new { handle }));

    public override async Task ResetPassword(string handle, string password, string code) =>
        ReadTrue(
            await Post(
                "resetPassword",
                new
                {
                    handle,
                    password = Md5(password),
                    code,
                }
            )
        );

    public async Task SetUserName(string userName) => ReadTrue(await Post("setUserName", new { userName }));

    public async Task<bool> UserNameAvailable(string userName) =>
        Resolve(await Fetch($"userNameAvailable?userName={userName}")).GetProperty("available").GetBoolean();

    public async Task SetUserMetadata(object metaData) => ReadTrue(await Post("setUserMetadata", new { metaData = Stringify(metaData) }));

    public async Task SetLocale(string locale) => ReadTrue(await Post("setLocale", new { locale }));

    public async Task DeleteAccount(string handle, string? password) =>
        ReadTrue(await Post("deleteAccount", new { handle, password = password is null ? null : Md5(password) }));

    /// <summary>Forgets the access token; the session on the server stays.</summary>
    public void Logout() => AccessToken = null;

    private void Keep(JsonElement result)
    {
        if (result.TryGetProperty("login-token", out var loginToken))
        {
            LoginToken = loginToken.GetString();
            return;
        }

        (Jwt, AccessToken) = (result.GetProperty("jwt").GetString(), result.GetProperty("access-token").GetString());
    }

    /// <summary>The body as JSON; one with a code rejects the promise.</summary>
    private static JsonElement Resolve(Reply reply)
    {
        var json = reply.Json;
        return json.ValueKind == JsonValueKind.Object && json.TryGetProperty("code", out var code)
            ? throw new SdkException(code.GetInt32(), reply.Text)
            : json;
    }

    private static void ReadTrue(Reply reply)
    {
        if (Resolve(reply).ValueKind != JsonValueKind.True)
        {
            throw new SdkException(null, reply.Text);
        }
    }

    private Task<Reply> Fetch(string function)
    {
        var request = Request(HttpMethod.Get, $"/api/appuser/{function}", Token, ("Accept", "application/json"));
        request.Content = new ByteArrayContent([]);
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        return Send(request);
    }

    private Task<Reply> Post(string function, object body)
    {
        var request = Request(HttpMethod.Post, $"/api/appuser/{function}", Token, ("Accept", "application/json"));
        request.Content = JsonContent.Create(body, options: WithoutUndefined);
        return Send(request);
    }

    private static readonly JsonSerializerOptions WithoutUndefined = new()
    {
        DefaultIgnoreCondition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull,
    };

    private (string Name, string Value) Token => AccessToken is null ? ("app-token", App.Token) : ("access-token", AccessToken);

    private static string? Stringify(object? value) => value is null ? null : JsonSerializer.Serialize(value);
}
