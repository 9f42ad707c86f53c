using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Latchkey.Tests.SdkClients;

/// <summary>
/// An app in a store, built with one of the released SDKs: it sends what that SDK sends, and reads answers as strictly as it does. The
/// contract says both.
/// </summary>
public abstract class SdkClient(App app)
{
    protected App App { get; } = app;

    public string? Jwt { get; protected set; }

    public string? AccessToken { get; protected set; }

    public string? LoginToken { get; protected set; }

    public static SdkClient Create(string sdk, App app) =>
        sdk switch
        {
            "swift" => new SwiftSdk(app, SwiftVersion.All[0]),
            "kotlin" => new KotlinSdk(app),
            "reactnative" => new ReactNativeSdk(app),
            _ => throw new ArgumentOutOfRangeException(nameof(sdk), sdk, null),
        };

    public abstract Task Login(string handle, string password);

    public abstract Task ForgotPassword(string handle);

    public abstract Task ResetPassword(string handle, string password, string code);

    public abstract Task ChangePassword(string password, string newPassword);

    /// <summary>The handle that getUser tells.</summary>
    public abstract Task<string?> HandleOfUser();

    /// <summary>What the SDKs send for a password.</summary>
    public static string Md5(string password)
    {
#pragma warning disable CA5351 // the contract's
        return Convert.ToHexStringLower(MD5.HashData(Encoding.UTF8.GetBytes(password)));
#pragma warning restore CA5351
    }

    protected HttpRequestMessage Request(HttpMethod method, string path, params (string Name, string Value)[] headers) =>
        App.Server.Request(method, path, headers);

    protected Task<Reply> Send(HttpRequestMessage request) => App.Server.Send(request, App.ClientAddress);

    /// <summary>A field that must be text.</summary>
    protected static string Text(JsonElement json, string name, Reply reply) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()!
            : throw new SdkException(null, reply.Text);
}
