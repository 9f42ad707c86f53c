using System.Buffers.Text;
using Latchkey.Applications;
using Latchkey.Applications.Settings;
using Latchkey.Core;
using Latchkey.Cryptography;
using Latchkey.Data;

namespace Latchkey.Operations.CosyncMigration;

/// <summary>Reads applications of a CosyncJWT server.</summary>
public sealed class CosyncApplicationReader(SigningKeys keys, CosyncSettings settings, TimeProvider clock)
{
    private const int MaxNameLength = 100;

    /// <summary>The application, or a sentence that says why it cannot be imported.</summary>
    public (CosyncApplication? Application, string? Refused) Read(
        CosyncRecord app,
        CosyncEncryption encryption,
        JwsKey? oldKey,
        Action<string> note
    )
    {
        var name = Strings.Truncate(new string([.. (app["name"] ?? "").Where(c => !char.IsControl(c))]).Trim(), MaxNameLength);
        if (AppIdOf(app) is not { } id)
        {
            return (null, $"{name}: there is no App Id of 32 letters and digits");
        }

        var now = clock.Now();
        var (key, badKey) = CosyncKey.Read(
            keys,
            encryption.DecryptField(app["appPrivateKey"]),
            encryption.DecryptField(app["appPublicKey"]),
            Ids.New(clock),
            id,
            now
        );
        if (key is null)
        {
            return (null, $"{name}: {badKey}");
        }

        if (oldKey is not null && app["appToken"] is { } token && Jwt.Verify(token, header => header.KeyId is null ? oldKey : null) is null)
        {
            return (null, $"{name}: its App Token was not signed by the old server's key that was given");
        }

        var read = settings.Read(id, app, encryption, note);
        var row = new ApplicationRow
        {
            Id = id,
            Name = name.Length > 0 ? name : id,
            Type = app["type"] == ApplicationType.Commercial ? ApplicationType.Commercial : ApplicationType.Development,
            Status =
                app["status"] is { } status && ApplicationStatus.All.Contains(status, StringComparer.Ordinal)
                    ? status
                    : ApplicationStatus.Active,
            Settings = SettingsDocument.Write(read),
            Revision = 1,
            CreatedAt = app.Time("createdAt") ?? now,
            UpdatedAt = now,
        };
        return (new CosyncApplication(row, read, key, app["appToken"], encryption.DecryptField(app["appSecret"])), null);
    }

    /// <summary>The App Id of an application; in the portal's export, only the App Token contains it.</summary>
    public static string? AppIdOf(CosyncRecord app) =>
        (app["appId"] ?? AppIdFromToken(app["appToken"])) is { Length: 32 } id && id.All(char.IsAsciiLetterOrDigit) ? id : null;

    private static string? AppIdFromToken(string? token)
    {
        if (token?.Split('.') is not [_, var payload, _] || !Base64Url.IsValid(payload))
        {
            return null;
        }

        using var claims = Jwt.Claims(Base64Url.DecodeFromChars(payload));
        return claims?.RootElement.GetStringOrNull("appId");
    }
}
