using Latchkey.Applications.Settings;
using Latchkey.Applications.Status;
using Latchkey.Core;
using Latchkey.Core.Configuration;
using Latchkey.Cryptography;

namespace Latchkey.Applications;

/// <summary>Applies changes to an application's row: validates values and encrypts secrets. Does not store the row.</summary>
public sealed class ApplicationEditor(KeyRing ring, InstallationSettings installation)
{
    public const string Status = "status";
    private const int MaxNameLength = 100;
    private const int MaxSecretLength = 4000; // access tokens of mail servers are long

    /// <summary>The encryption purpose of an application's own provider secrets.</summary>
    public static string SecretPurpose(string appId, string setting) => $"applications/{appId}/{setting}";

    /// <summary>The row with all changes applied. If one is invalid, none is applied.</summary>
    /// <param name="row">The current row.</param>
    /// <param name="changes">Settings of <see cref="SettingCatalog"/>, and name, type and status.</param>
    /// <param name="by">The role of the caller.</param>
    public Result<ApplicationRow> Apply(ApplicationRow row, IReadOnlyDictionary<string, string> changes, Role by)
    {
        var settings = ApplicationRules.SettingsOf(row);
        foreach (var (name, text) in changes)
        {
            Error? refused;
            switch (name)
            {
                case "name":
                    (row, refused) = Rename(row, text);
                    break;
                case "type":
                    (row, refused) = ChangeType(row, text, by);
                    break;
                case Status:
                    refused = ApplicationStatusRules.Validate(row.Status, text, by) is { } why ? Setting.Invalid(why) : null;
                    row = row with { Status = text };
                    break;
                default:
                    (settings, refused) = Set(row.Id, settings, name, text);
                    break;
            }

            if (refused is not null)
            {
                return refused;
            }
        }

        settings = PasskeySettings.FillIn(
            SettingCatalog.ClearDependentSecrets(ApplicationRules.SettingsOf(row), settings, changes.Keys),
            new Uri(installation.PublicUrl)
        );
        return SettingCatalog.Validate(settings) is { } conflict ? conflict : row with { Settings = SettingsDocument.Write(settings) };
    }

    private static (ApplicationRow Row, Error? Refused) Rename(ApplicationRow row, string text)
    {
        return DisplayName.ParseApplication(text, MaxNameLength) is { } name
            ? (row with { Name = name }, null)
            : (row, Setting.Invalid($"A name must have 1 to {MaxNameLength} characters on one line, without a link or an e-mail address."));
    }

    private static (ApplicationRow Row, Error? Refused) ChangeType(ApplicationRow row, string text, Role by) =>
        text switch
        {
            ApplicationType.Commercial when row.Type != text && by < Role.Owner => (
                row,
                Setting.Invalid("Only an owner can make the application commercial.")
            ),
            ApplicationType.Commercial => (row with { Type = text }, null),
            ApplicationType.Development when row.Type == text => (row, null),
            ApplicationType.Development => (
                row,
                Setting.Invalid("A commercial application cannot become a development application again.")
            ),
            _ => (row, Setting.Invalid("type must be development or commercial.")),
        };

    private (ApplicationSettings Settings, Error? Refused) Set(string appId, ApplicationSettings settings, string name, string text)
    {
        if (SettingCatalog.Find(name) is not { } setting)
        {
            return (
                settings,
                Setting.Invalid(
                    $"There is no setting {name}. The settings are: name, type, status, "
                        + $"{string.Join(", ", SettingCatalog.All.Select(s => s.Name))}."
                )
            );
        }

        if (setting.Kind == SettingKind.Secret && (text.Length > MaxSecretLength || text.Any(char.IsControl) || !Field.IsStorable(text)))
        {
            return (settings, Setting.Invalid($"{name} can have at most {MaxSecretLength} characters on one line."));
        }

        var value = setting.Kind == SettingKind.Secret && text.Length > 0 ? ring.Encrypt(SecretPurpose(appId, name), text) : text;
        var (next, refused) = setting.Set(settings, value);
        return (next ?? settings, refused);
    }
}
