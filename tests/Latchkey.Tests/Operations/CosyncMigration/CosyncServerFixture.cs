using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Latchkey.Cryptography;
using Latchkey.Tests.Users.Passwords;
using Latchkey.Users.Passwords;

namespace Latchkey.Tests.Operations.CosyncMigration;

/// <summary>An application as a CosyncJWT server holds it, and that server's key.</summary>
internal sealed class CosyncServerFixture : IDisposable
{
    private static readonly Lazy<RSAParameters> OldKey = new(() => RsaKeys.Create(3072));
    private static readonly Lazy<RSAParameters> AnotherKey = new(() => RsaKeys.Create(3072));
    private readonly RSA appKey = RsaKeys.Get();
    private readonly string folder = Directory.CreateTempSubdirectory("latchkey-old-").FullName;
    private readonly JwsKey signer = new RsaKey(OldKey.Value, keyId: null);
    private readonly List<Dictionary<string, object>> users = [];

    public CosyncServerFixture()
    {
        AppToken = Sign(
            new()
            {
                ["appId"] = AppId,
                ["scope"] = "app",
                ["iat"] = 1_600_000_000,
            }
        );
        using var rsa = RSA.Create(OldKey.Value);
        File.WriteAllText(PublicKeyFile, rsa.ExportSubjectPublicKeyInfoPem());
    }

    public string AppId { get; } = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));

    public string AppToken { get; }

    public string AppSecret { get; } = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(24));

    public string PublicKeyFile => Path.Combine(folder, "old.pem");

    public string AppPublicKey => appKey.ExportSubjectPublicKeyInfoPem();

    /// <summary>Overrides of the application's fields.</summary>
    public Dictionary<string, object> Settings { get; } = [];

    public List<Dictionary<string, object>> Templates { get; } = [];

    /// <summary>The text with which the server encrypts fields; null where it does not.</summary>
    public string? EncryptionKey { get; init; }

    public string AccessToken(string handle) =>
        Sign(
            new()
            {
                ["handle"] = handle,
                ["appId"] = AppId,
                ["scope"] = "user",
                ["iat"] = 1_600_000_000,
            }
        );

    /// <summary>A token by the old server's key, or by one that it never had.</summary>
    public string Sign(Dictionary<string, object> claims, bool byAnother = false, string? keyId = null, string type = "JWT")
    {
        using var key = new RsaKey(byAnother ? AnotherKey.Value : OldKey.Value, keyId);
        return Jwt.Write(
            key,
            type,
            json =>
            {
                foreach (var (name, value) in claims)
                {
                    json.WritePropertyName(name);
                    JsonSerializer.Serialize(json, value);
                }
            }
        );
    }

    /// <summary>A user with this password, as SDKs send it.</summary>
    public Dictionary<string, object> AddUser(string handle, string password, params (string Name, object Value)[] more)
    {
        var user = new Dictionary<string, object>
        {
            ["_id"] = new Dictionary<string, string> { ["$oid"] = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(12)) },
            ["handle"] = handle,
            ["password"] = BcryptHashes.Hash(RawPassword.Md5(password)),
            ["locale"] = "EN",
            ["appId"] = AppId,
            ["status"] = "active",
            ["twoFactorPhoneVerification"] = false,
            ["twoFactorGoogleVerification"] = false,
            ["createdAt"] = Date("2021-03-04T05:06:07.000Z"),
            ["updatedAt"] = Date("2021-03-04T05:06:07.000Z"),
        };
        foreach (var (name, value) in more)
        {
            user[name] = value;
        }

        users.Add(user);
        return user;
    }

    public static Dictionary<string, string> Date(string iso) => new() { ["$date"] = iso };

    /// <summary>The folder of collections.</summary>
    public string Collections()
    {
        Write("apps.json", [App()]);
        Write("users.json", users);
        Write("emailtemplates.json", Templates);
        return folder;
    }

    /// <summary>The zip of the old portal.</summary>
    public string PortalExport()
    {
        var zip = Path.Combine(folder, "export.zip");
        using var archive = ZipFile.Open(zip, ZipArchiveMode.Create);
        var app = App();
        app.Remove("appId");
        app["handle"] = "developer@example.com";
        app["locales"] = "EN,FR";
        app["createdAt"] = "Sat Nov 21 2020 03:38:37 GMT+0000 (Coordinated Universal Time)";
        AddCsv(archive, "app-collection.csv", [app]);
        AddCsv(
            archive,
            "user-collection.csv",
            [
                .. users.Select(user =>
                    user.Where(field => field.Key is not ("_id" or "userName" or "loginProvider" or "socialUserId"))
                        .ToDictionary(
                            field => field.Key,
                            field =>
                                field.Value switch
                                {
                                    Dictionary<string, string> date when date.ContainsKey("$date") =>
                                        "Thu Mar 04 2021 05:06:07 GMT+0000 (Coordinated Universal Time)",
                                    string or bool => field.Value,
                                    _ => "[object Object]",
                                }
                        )
                ),
            ]
        );
        return zip;
    }

    public string KeyFile()
    {
        var file = Path.Combine(folder, "encryption.key");
        File.WriteAllText(file, EncryptionKey + "\n");
        return file;
    }

    public void Dispose()
    {
        appKey.Dispose();
        signer.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    private Dictionary<string, object> App()
    {
        var app = new Dictionary<string, object>
        {
            ["appId"] = AppId,
            ["name"] = "Old App",
            ["status"] = "active",
            ["type"] = "development",
            ["jwtEnabled"] = true,
            ["userNamesEnabled"] = true,
            ["appPrivateKey"] = Sealed(Base64(appKey.ExportRSAPrivateKeyPem())),
            ["appPublicKey"] = Sealed(Base64(AppPublicKey)),
            ["appToken"] = AppToken,
            ["appSecret"] = Sealed(AppSecret),
            ["invitationEnabled"] = true,
            ["signupEnabled"] = true,
            ["signupFlow"] = "code",
            ["twoFactorVerification"] = "google",
            ["maxUsers"] = 0,
            ["userJWTExpiration"] = 12,
            ["realmAppId"] = "realm-1",
            ["TWILIOToken"] = Sealed("canary-twilio"),
            ["metaData"] = new[]
            {
                new
                {
                    path = "user_data.name",
                    fieldName = "name",
                    canEdit = true,
                    required = true,
                },
                new
                {
                    path = "user_data.hobby",
                    fieldName = "hobby",
                    canEdit = true,
                    required = false,
                },
                new
                {
                    path = "sub.x",
                    fieldName = "x",
                    canEdit = true,
                    required = false,
                },
            },
            ["metaDataInvite"] = new[]
            {
                new
                {
                    path = "invite_data.coupon",
                    fieldName = "coupon",
                    canEdit = true,
                    required = false,
                },
            },
            ["metaDataEmail"] = true,
            ["locales"] = new[] { "EN", "DE" },
            ["createdAt"] = Date("2020-11-21T03:38:37.000Z"),
        };
        foreach (var (name, value) in Settings)
        {
            app[name] = value;
        }

        return app;
    }

    private string Sealed(string text)
    {
        if (EncryptionKey is null)
        {
            return text;
        }

        // AES-256-CTR by the openssl of the system, so that it is not our own code that made what our own code reads.
        var iv = RandomNumberGenerator.GetBytes(16);
        var file = Path.Combine(folder, "clear");
        File.WriteAllText(file, text);
        var key = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(EncryptionKey)));
        ChildProcess
            .Run("openssl", "enc", "-aes-256-ctr", "-K", key, "-iv", Convert.ToHexStringLower(iv), "-in", file, "-out", $"{file}.enc")
            .GetAwaiter()
            .GetResult();
        return Convert.ToBase64String([.. iv, .. File.ReadAllBytes($"{file}.enc")]);
    }

    private void Write(string name, IEnumerable<Dictionary<string, object>> documents) =>
        File.WriteAllLines(Path.Combine(folder, name), documents.Select(document => JsonSerializer.Serialize(document)));

    private static void AddCsv(ZipArchive archive, string name, IReadOnlyList<Dictionary<string, object>> rows)
    {
        var header = rows.SelectMany(row => row.Keys).Distinct().ToList();
        using var text = new StreamWriter(archive.CreateEntry(name).Open());
        text.WriteLine(string.Join(',', header));
        foreach (var row in rows)
        {
            text.WriteLine(
                string.Join(
                    ',',
                    header.Select(column => $"\"{Cell(row.GetValueOrDefault(column)).Replace("\"", "\"\"", StringComparison.Ordinal)}\"")
                )
            );
        }
    }

    private static string Cell(object? value) =>
        value switch
        {
            null => "",
            string text => text,
            bool flag => flag ? "true" : "false",
            int number => $"{number}",
            _ => "[object Object]",
        };

    private static string Base64(string text) => Convert.ToBase64String(Encoding.ASCII.GetBytes(text));
}
