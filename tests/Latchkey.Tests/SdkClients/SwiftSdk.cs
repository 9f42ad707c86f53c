using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Latchkey.Tests.SdkClients;

/// <summary>
/// The Swift SDK. Forms without any percent-encoding, but for a plus in most handles. An application's description before each way to
/// become a user. Answers are dictionaries whose values are cast: text to text, 0, 1 and booleans to flags.
/// </summary>
public sealed class SwiftSdk(App app, SwiftVersion version) : SdkClient(app)
{
    private JsonElement application;

    public string? SignedUserToken { get; private set; }

    public async Task<JsonElement> GetApplication()
    {
        application = Dictionary(await Get("api/appuser/getApplication", AppToken));
        return application;
    }

    public async Task Signup(string handle, string password, string? metaData, string? locale = null)
    {
        await GetApplication();
        (string, string?)[] form =
        [
            ("handle", version.EscapesPlusAtSignup ? EscapePlus(handle) : handle),
            ("password", Md5(password)),
            .. Optional(("metaData", metaData), ("locale", locale)),
        ];
        var reply = await Post("api/appuser/signup", AppToken, form);
        if (Text(application, "signupFlow", reply) == "none")
        {
            ReadTokens(Dictionary(reply), reply);
        }
        else
        {
            ReadTrue(reply);
        }
    }

    public async Task CompleteSignup(string handle, string code)
    {
        await GetApplication();
        ReadRegistration(await Post("api/appuser/completeSignup", AppToken, ("handle", EscapePlus(handle)), ("code", code)));
    }

    public async Task Register(string handle, string password, string? metaData, string code)
    {
        await GetApplication();
        (string, string?)[] form =
        [
            ("handle", EscapePlus(handle)),
            ("password", Md5(password)),
            ("code", code),
            .. Optional(("metaData", metaData)),
        ];
        ReadRegistration(await Post("api/appuser/register", AppToken, form));
    }

    public override async Task Login(string handle, string password)
    {
        await GetApplication();
        if (!handle.Contains('@', StringComparison.Ordinal) && Flag(application, "userNamesEnabled") != true)
        {
            throw new SdkException(606, "");
        }

        var reply = await Post("api/appuser/login", AppToken, ("handle", EscapePlus(handle)), ("password", Md5(password)));
        var json = Dictionary(reply);
        if (json.TryGetProperty("login-token", out _))
        {
            LoginToken = Text(json, "login-token", reply);
        }
        else
        {
            ReadTokens(json, reply);
        }
    }

    public async Task LoginComplete(string code)
    {
        var reply = await Post("api/appuser/loginComplete", AppToken, ("loginToken", LoginToken), ("code", code));
        ReadTokens(Dictionary(reply), reply);
    }

    public async Task LoginAnonymous(string handle)
    {
        await GetApplication();
        Flag(application, "anonymousLoginEnabled").ShouldBe(true);
        var reply = await Post("api/appuser/loginAnonymous", AppToken, ("handle", handle));
        ReadTokens(Dictionary(reply), reply);
    }

    public async Task SocialSignup(string token, string email, string provider, string? metaData = null)
    {
        await GetApplication();
        (string, string?)[] form = [("token", token), ("provider", provider), ("handle", email), .. Optional(("metaData", metaData))];
        var reply = await Post("api/appuser/socialSignup", AppToken, form);
        ReadTokens(Dictionary(reply), reply);
    }

    public async Task SocialLogin(string token, string provider)
    {
        await GetApplication();
        var reply = await Post("api/appuser/socialLogin", AppToken, ("token", token), ("provider", provider));
        ReadTokens(Dictionary(reply), reply);
    }

    public async Task<JsonElement> GetUser() => Dictionary(await Get("api/appuser/getUser", Access));

    public override async Task<string?> HandleOfUser() => (await GetUser()).GetProperty("handle").GetString();

    public async Task SetPhone(string phone) => ReadTrue(await Post("api/appuser/setPhone", Access, ("phone", phone)));

    public async Task VerifyPhone(string code) => ReadTrue(await Post("api/appuser/verifyPhone", Access, ("code", code)));

    public async Task SetTwoFactorPhoneVerification(bool on) =>
        ReadTrue(await Post("/api/appuser/setTwoFactorPhoneVerification", Access, ("twoFactor", on ? "true" : "false")));

    /// <summary>The secret when it is switched on.</summary>
    public async Task<string?> SetTwoFactorGoogleVerification(bool on)
    {
        var reply = await Post("/api/appuser/setTwoFactorGoogleVerification", Access, ("twoFactor", on ? "true" : "false"));
        if (!on)
        {
            ReadTrue(reply);
            return null;
        }

        Text(Dictionary(reply), "QRDataImage", reply).ShouldStartWith("data:image/png;base64,");
        return Text(Dictionary(reply), "googleSecretKey", reply);
    }

    public override async Task ForgotPassword(string handle) =>
        ReadTrue(await Post("api/appuser/forgotPassword", AppToken, ("handle", EscapePlus(handle))));

    public override async Task ResetPassword(string handle, string password, string code) =>
        ReadTrue(
            await Post("api/appuser/resetPassword", AppToken, ("handle", EscapePlus(handle)), ("password", Md5(password)), ("code", code))
        );

    public override async Task ChangePassword(string password, string newPassword) =>
        ReadTrue(await Post("api/appuser/changePassword", Access, ("newPassword", Md5(newPassword)), ("password", Md5(password))));

    public async Task Invite(string handle, string? metaData, string senderUserId)
    {
        (string, string?)[] form = [("handle", EscapePlus(handle)), .. Optional(("metaData", metaData)), ("senderUserId", senderUserId)];
        ReadTrue(await Post("api/appuser/invite", Access, form));
    }

    public async Task SetUserMetadata(string metaData) =>
        ReadTrue(await Post("api/appuser/setUserMetadata", Access, ("metaData", metaData)));

    public async Task SetUserName(string userName) => ReadTrue(await Post("api/appuser/setUserName", Access, ("userName", userName)));

    public async Task<bool> UserNameAvailable(string userName) =>
        Flag(Dictionary(await Get($"api/appuser/userNameAvailable?userName={userName}", Access)), "available") == true;

    public async Task SetLocale(string locale) => ReadTrue(await Post("api/appuser/setLocale", Access, ("locale", locale)));

    public async Task DeleteAccount(string handle, string password) =>
        ReadTrue(await Post("api/appuser/deleteAccount", Access, ("handle", EscapePlus(handle)), ("password", Md5(password))));

    public async Task DeleteSocialAccount(string token, string provider) =>
        ReadTrue(await Post("api/appuser/deleteAccount", Access, ("token", token), ("provider", provider)));

    /// <summary>
    /// The SDK's own check of the user JWT, with the key that was compiled into the app: base64 of a PEM text, whose last characters are
    /// its footer.
    /// </summary>
    public bool IsValidJwt(string rawPublicKey)
    {
        const string header = "-----BEGIN PUBLIC KEY-----";
        const string footer = "-----END PUBLIC KEY-----";
        if (DecodeBase64(rawPublicKey) is not { } decoded)
        {
            return false;
        }

        var text = Encoding.UTF8.GetString(decoded);
        text = text.StartsWith(header, StringComparison.Ordinal) ? text[header.Length..] : text;
        text = text.EndsWith(footer, StringComparison.Ordinal) ? text[..^footer.Length] : text;
        text = string.Concat(text.Where(c => !" \n\t\r".Contains(c, StringComparison.Ordinal)));
        if (DecodeBase64(text) is not { } key)
        {
            return false;
        }

        using var rsa = RSA.Create();
        rsa.ImportSubjectPublicKeyInfo(key, out _);
        var parts = Jwt!.Split('.');
        return rsa.VerifyData(
            Encoding.ASCII.GetBytes($"{parts[0]}.{parts[1]}"),
            System.Buffers.Text.Base64Url.DecodeFromChars(parts[2]),
            HashAlgorithmName.SHA256,
            RSASignaturePadding.Pkcs1
        );
    }

    /// <summary>Nothing but the alphabet and its padding; null for anything else.</summary>
    private static byte[]? DecodeBase64(string text) =>
        System.Buffers.Text.Base64.IsValid(text) && !text.Any(char.IsWhiteSpace) ? Convert.FromBase64String(text) : null;

    /// <summary>A flag as a cast to Bool reads it; null for anything that is none.</summary>
    public static bool? Flag(JsonElement json, string name) =>
        !json.TryGetProperty(name, out var value) ? null
        : value.ValueKind is JsonValueKind.True or JsonValueKind.False ? value.GetBoolean()
        : value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) && number is 0 or 1 ? number == 1
        : null;

    private (string Name, string Value) AppToken => ("app-token", App.Token);

    private (string Name, string Value) Access => ("access-token", AccessToken!);

    private void ReadRegistration(Reply reply)
    {
        var json = Dictionary(reply);
        ReadTokens(json, reply);
        SignedUserToken = version.DemandsSignedUserToken ? Text(json, "signed-user-token", reply) : null;
    }

    private void ReadTokens(JsonElement json, Reply reply) =>
        (Jwt, AccessToken) = (Text(json, "jwt", reply), Text(json, "access-token", reply));

    private static void ReadTrue(Reply reply)
    {
        Check(reply);
        if (reply.Text != "true")
        {
            throw new SdkException(null, reply.Text);
        }
    }

    private static JsonElement Dictionary(Reply reply)
    {
        Check(reply);
        return reply.Json.ValueKind == JsonValueKind.Object ? reply.Json : throw new SdkException(null, reply.Text);
    }

    /// <summary>200, or 400 with one of the codes that it knows; all else is an internal server error.</summary>
    private static void Check(Reply reply)
    {
        if (reply.Status != HttpStatusCode.OK)
        {
            var isKnown = reply.Status == HttpStatusCode.BadRequest && reply.Code is (>= 400 and <= 416) or (>= 600 and <= 613);
            throw new SdkException(isKnown ? reply.Code : null, reply.Text);
        }
    }

    private Task<Reply> Get(string path, (string Name, string Value) token) => Send(Request(HttpMethod.Get, $"/{path}", token));

    private Task<Reply> Post(string path, (string Name, string Value) token, params (string Name, string? Value)[] form)
    {
        var request = Request(HttpMethod.Post, $"/{path}", token);
        request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(string.Join('&', form.Select(item => $"{item.Name}={item.Value}"))));
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/x-www-form-urlencoded");
        return Send(request);
    }

    private static string EscapePlus(string handle) => handle.Replace("+", "%2B", StringComparison.Ordinal);

    private static IEnumerable<(string, string?)> Optional(params (string Name, string? Value)[] items) =>
        items.Where(item => item.Value is not null);
}
