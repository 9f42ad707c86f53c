using Latchkey.Api.TwoFactor;
using Latchkey.Applications.Settings;
using Latchkey.Core;
using Latchkey.Operations.UserTransfer;
using Latchkey.Users;
using Latchkey.Users.Locales;

namespace Latchkey.Operations.CosyncMigration;

/// <summary>
/// The users of an application. CosyncJWT allowed two users to share a handle, user name or phone number: the last to log in keeps it.
/// Unsupported values (user names, numbers, locales) are omitted and noted; the user is imported.
/// </summary>
public sealed class CosyncUsers(CosyncFiles files, string appId, ApplicationSettings settings) : IUserSource
{
    private readonly Dictionary<string, Owner> owners = new(StringComparer.Ordinal);

    public long Length { get; } = files.Find(CosyncCollection.Users) is { } path ? new FileInfo(path).Length : 0;

    public SourceColumns Columns { get; } = new(FieldMap.None);

    /// <summary>The first pass over all users: resolves conflicts and notes what is lost.</summary>
    public void ResolveConflicts(Action<string> note)
    {
        foreach (var (row, user) in Users())
        {
            foreach (var key in Keys(user))
            {
                if (!owners.TryGetValue(key, out var owner) || owner.LastLogin < (user.Time("lastLogin") ?? 0))
                {
                    owners[key] = new Owner(row.Line, user.Time("lastLogin") ?? 0);
                }
            }
        }

        foreach (var (row, user) in Users())
        {
            if (HandleKey(user) is { } key && !IsOwner(row, key))
            {
                note($"user at line {row.Line}: left out; another user with this handle (line {owners[key].Line}) logged in later");
            }
            else
            {
                Map(row, user, text => note($"user at line {row.Line}: {text}"));
            }
        }
    }

    public IEnumerable<SourceRow> Rows() => Users().Where(one => IsOwner(one.Row, HandleKey(one.User))).Select(one => one.Row);

    public RowValues Parse(SourceRow row) =>
        files.Read(CosyncCollection.Users, row) is { } user
            ? Map(row, user, _ => { })
            : throw new InvalidOperationException($"line {row.Line} held a user before");

    private IEnumerable<(SourceRow Row, CosyncRecord User)> Users()
    {
        foreach (var row in files.Rows(CosyncCollection.Users))
        {
            if (files.Read(CosyncCollection.Users, row) is { } user && user["appId"] == appId)
            {
                yield return (row, user);
            }
        }
    }

    private RowValues Map(SourceRow row, CosyncRecord user, Action<string> note)
    {
        var values = new RowValues { Problem = user["status"] == "pending" ? "the old server never completed this user" : null };
        var provider = user["loginProvider"] is SocialProvider.Apple or SocialProvider.Google ? user["loginProvider"] : null;
        values[UserField.Handle] = user["handle"];
        values[UserField.Status] = user["status"] is UserStatus.Suspended ? UserStatus.Suspended : UserStatus.Active;
        values[UserField.UserName] = KeepIfValid(
            row,
            NameKey(user),
            user["userName"],
            name => UserName.Parse(name).Succeeded,
            "user name",
            note
        );
        values[UserField.Locale] = KeepIfValid(
            row,
            null,
            user["locale"],
            locale => LocaleCodes.Resolve(settings, locale).Succeeded,
            "locale",
            note
        );
        values[UserField.PasswordHash] = user["password"];
        values[UserField.PasswordPrehashed] = "true";
        values[UserField.LoginProvider] = provider;
        values[UserField.ProviderSubject] = provider is null
            ? null
            : KeepIfValid(row, SubjectKey(user), user["socialUserId"], _ => true, "social id", note);
        values[UserField.EmailVerified] = provider is not null || settings.SignupFlow != SignupFlow.None ? "true" : "false";
        values[UserField.Origin] =
            user["handle"]?.StartsWith("ANON_", StringComparison.Ordinal) == true ? UserOrigin.Anonymous : UserOrigin.Import;
        values[UserField.CreatedAt] = Time(user, "createdAt");
        values[UserField.UpdatedAt] = Time(user, "updatedAt");
        values[UserField.LastLogin] = Time(user, "lastLogin");
        MapSecondFactors(row, user, values, note);
        MapMetadata(user, values, note);
        return values;
    }

    private void MapSecondFactors(SourceRow row, CosyncRecord user, RowValues values, Action<string> note)
    {
        var phone = KeepIfValid(row, PhoneKey(user), ReadPhone(user), number => PhoneNumber.Parse(number).Succeeded, "phone", note);
        var verified = user.Flag("phoneVerified");
        values[verified ? UserField.Phone : UserField.PendingPhone] = phone;
        values[UserField.TwoFactorPhone] = verified && phone is not null && user.Flag("twoFactorPhoneVerification") ? "true" : null;
        if (user.Flag("twoFactorGoogleVerification"))
        {
            values[UserField.TotpSeed] = KeepIfValid(
                row,
                null,
                user["googleSecretKey"],
                seed => Totp.FromBase32(seed) is { Length: >= 10 },
                "authenticator secret",
                note
            );
        }
    }

    private void MapMetadata(CosyncRecord user, RowValues values, Action<string> note)
    {
        if (user["metaData"] is null)
        {
            return;
        }

        var read = new RowValues();
        if (user.Json("metaData") is { } json)
        {
            MetadataReader.Read(read, new FieldTarget(UserField.MetaData), json);
        }

        foreach (var leftOut in read.Notes)
        {
            note(leftOut);
        }

        if (user.IsLostInExport("metaData") || read.Problem is not null)
        {
            note("metadata cannot be read and is left out");
            return;
        }

        foreach (var ofInvitation in read.Metadata.GroupBy(value => settings.MetaDataInvite.Any(field => field.Path == value.Key)))
        {
            var target = values.MetadataOf(ofInvitation.Key ? UserField.InviteMetaData : UserField.MetaData);
            var fitting = Metadata.Fitting(ofInvitation);
            foreach (var (path, text) in ofInvitation)
            {
                if (fitting.ContainsKey(path))
                {
                    target[path] = text;
                }
                else
                {
                    note($"{path} is left out: it is too long for tokens");
                }
            }
        }
    }

    /// <summary>The text, unless it is invalid or belongs to another user.</summary>
    private string? KeepIfValid(SourceRow row, string? key, string? text, Func<string, bool> isGood, string what, Action<string> note)
    {
        if (text is null)
        {
            return null;
        }

        if (!Field.IsStorable(text) || !isGood(text))
        {
            note($"its {what} is not one that can be kept");
            return null;
        }

        if (key is not null && !IsOwner(row, key))
        {
            note($"its {what} stays with another user, who logged in later");
            return null;
        }

        return text;
    }

    private bool IsOwner(SourceRow row, string? key) => key is null || (owners.TryGetValue(key, out var owner) && owner.Line == row.Line);

    private static IEnumerable<string> Keys(CosyncRecord user) =>
        new[] { HandleKey(user), NameKey(user), PhoneKey(user), SubjectKey(user) }.OfType<string>();

    private static string? HandleKey(CosyncRecord user) =>
        user["handle"] is { } handle && Field.IsStorable(handle)
            ? $"h|{(Handle.FromStored(handle).IsAnonymous ? handle : Handle.KeyOf(Handle.Normalise(handle)))}"
            : null;

    private static string? NameKey(CosyncRecord user) => user["userName"] is { } name ? $"n|{name.ToLowerInvariant()}" : null;

    private static string? PhoneKey(CosyncRecord user) => user.Flag("phoneVerified") && ReadPhone(user) is { } phone ? $"p|{phone}" : null;

    /// <summary>The number in E.164 where it is one, else as it stands.</summary>
    private static string? ReadPhone(CosyncRecord user) =>
        user["phone"]?.Replace(" ", "", StringComparison.Ordinal) is not { } text ? null
        : PhoneNumber.Parse(text).Failed(out var number, out _) ? text
        : number.Text;

    private static string? SubjectKey(CosyncRecord user) =>
        user["socialUserId"] is { } subject ? $"s|{user["loginProvider"]}|{subject}" : null;

    private static string? Time(CosyncRecord user, string name) =>
        user.Time(name)?.ToString(System.Globalization.CultureInfo.InvariantCulture);

    private sealed record Owner(long Line, long LastLogin);
}
