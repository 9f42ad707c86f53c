using Latchkey.Api.TwoFactor;
using Latchkey.Applications;
using Latchkey.Core;
using Latchkey.Core.Configuration;
using Latchkey.Data;
using Latchkey.Users;
using Latchkey.Users.Locales;
using Latchkey.Users.Passwords;

namespace Latchkey.Operations.UserTransfer;

/// <summary>Converts rows to users by the rules of signup, so that an import cannot create a user that signup would not allow.</summary>
public sealed class RowValidator(Application application, ImportOptions options, HashCostLimits caps, TimeProvider clock)
{
    private const int MaxSubjectLength = 255;
    private const int MaxSeedLength = 128;
    private static readonly string[] Origins =
    [
        UserOrigin.Signup,
        UserOrigin.Invitation,
        UserOrigin.Portal,
        UserOrigin.Server,
        UserOrigin.CommandLine,
        UserOrigin.Import,
        UserOrigin.Social,
        UserOrigin.Anonymous,
    ];
    private readonly HashSet<string> holdHandle =
    [
        .. application
            .Settings.MetaData.Concat(application.Settings.MetaDataInvite)
            .Where(field => field.HoldsHandle)
            .Select(field => field.Path),
    ];

    public ValidatedRow Validate(SourceRow row, RowValues values)
    {
        if (values.Problem is { } unread)
        {
            return ValidatedRow.Invalid(row, values, unread);
        }

        var problems = new Problems();
        var handle = problems.ValueOf(UserField.Handle, ParseHandle(values[UserField.Handle]));
        var (hash, kind) = ParseHash(values[UserField.PasswordHash], problems);
        var seed = ParseTotpSeed(values[UserField.TotpSeed], problems);
        var now = clock.Now();
        var created = ParseTime(values, UserField.CreatedAt, problems) ?? now;
        var user = new User
        {
            Id = ParseId(values[UserField.Id], problems) ?? Ids.New(clock),
            AppId = application.Id,
            Handle = handle ?? "",
            Anonymous = handle is not null && Handle.FromStored(handle).IsAnonymous,
            UserName = values[UserField.UserName] is { } name
                ? problems.ValueOf(
                    UserField.UserName,
                    UserName.Parse(name) is { Succeeded: true } parsed
                        ? (parsed.Value.Text, null)
                        : (null, "1 to 64 of a-z, 0-9, dot, dash and underscore")
                )
                : null,
            Status = ParseStatus(values[UserField.Status], problems),
            Origin = ParseOrigin(values[UserField.Origin], problems),
            Locale = values[UserField.Locale] is { } locale
                ? problems.ValueOf(
                    UserField.Locale,
                    LocaleCodes.Resolve(application.Settings, locale) is { Succeeded: true } chosen
                        ? (chosen.Value, null)
                        : (null, "the application does not offer it")
                ) ?? ""
                : LocaleCodes.Default,
            EmailVerified = ParseFlag(values, UserField.EmailVerified, options.EmailVerified, problems),
            PasswordHash = hash,
            PasswordPrehashed = hash is not null && ParseFlag(values, UserField.PasswordPrehashed, options.Prehashed, problems),
            LoginProvider = ParseProvider(values[UserField.LoginProvider], problems),
            ProviderSubject = ParseSubject(values, problems),
            Phone = ParsePhone(values, UserField.Phone, problems),
            PendingPhone = ParsePhone(values, UserField.PendingPhone, problems),
            TwoFactorPhone = ParseFlag(values, UserField.TwoFactorPhone, false, problems),
            TwoFactorGoogle = seed is not null,
            Metadata = ParseMetadata(values, UserField.MetaData, problems),
            InviteMetadata = ParseMetadata(values, UserField.InviteMetaData, problems),
            CreatedAt = created,
            UpdatedAt = ParseTime(values, UserField.UpdatedAt, problems) ?? created,
            LastLoginAt = ParseTime(values, UserField.LastLogin, problems),
        };
        problems.Require(!user.TwoFactorPhone || user.Phone is not null, UserField.TwoFactorPhone, "there is no phone");
        return new ValidatedRow(row, user, problems.First)
        {
            Values = values,
            HashKind = kind,
            TotpSeed = seed,
        };
    }

    private static (string?, string?) ParseHandle(string? text)
    {
        if (text is null)
        {
            return (null, "is missing");
        }

        if (!Field.IsStorable(text))
        {
            return (null, "holds characters that no text may hold");
        }

        var handle = text.StartsWith("ANON_", StringComparison.Ordinal) ? Handle.ParseAnonymous(text) : Handle.ParseEmail(text);
        return handle.Succeeded ? (handle.Value.Text, null) : (null, "neither an e-mail address nor ANON_ and an id");
    }

    private (string? Hash, HashKind? Kind) ParseHash(string? text, Problems problems)
    {
        if (text is null)
        {
            return (null, null);
        }

        var (hash, kind, refused) = ImportedHash.Parse(text, caps);
        return problems.ValueOf(UserField.PasswordHash, refused is null ? (hash, null) : (null, refused)) is { } stored
            ? (stored, kind)
            : (null, null);
    }

    private static byte[]? ParseTotpSeed(string? text, Problems problems)
    {
        var seed =
            text is null ? null
            : text.Length <= MaxSeedLength ? Totp.FromBase32(text)
            : null;
        problems.Require(text is null || seed is { Length: >= 10 }, UserField.TotpSeed, "not base32 of 10 bytes and more");
        return seed;
    }

    private static string? ParseId(string? text, Problems problems)
    {
        problems.Require(
            text is null || (Guid.TryParseExact(text, "D", out var id) && id.ToString() == text),
            UserField.Id,
            "not a UUID in small letters; --map id= leaves ids out"
        );
        return text;
    }

    private static string ParseStatus(string? text, Problems problems)
    {
        var status = text?.ToLowerInvariant() switch
        {
            null or "active" => UserStatus.Active,
            "suspend" or "suspended" => UserStatus.Suspended,
            _ => "",
        };
        problems.Require(status.Length > 0, UserField.Status, "active or suspend");
        return status;
    }

    private static string ParseOrigin(string? text, Problems problems)
    {
        problems.Require(
            text is null || Origins.Contains(text, StringComparer.Ordinal),
            UserField.Origin,
            $"one of {string.Join(", ", Origins)}"
        );
        return text ?? UserOrigin.Import;
    }

    private static bool ParseFlag(RowValues values, UserField field, bool absent, Problems problems)
    {
        bool? flag = values[field]?.ToLowerInvariant() switch
        {
            null => absent,
            "true" or "1" or "yes" or "t" => true,
            "false" or "0" or "no" or "f" => false,
            _ => null,
        };
        problems.Require(flag is not null, field, "true or false");
        return flag ?? absent;
    }

    private static string ParseProvider(string? text, Problems problems)
    {
        var provider = text?.ToLowerInvariant() ?? "";
        problems.Require(
            provider is "" or SocialProvider.Apple or SocialProvider.Google,
            UserField.LoginProvider,
            "apple, google or empty"
        );
        return provider;
    }

    private static string? ParseSubject(RowValues values, Problems problems)
    {
        var subject = values[UserField.ProviderSubject];
        problems.Require(
            subject is null || (subject.Length <= MaxSubjectLength && Field.IsStorable(subject)),
            UserField.ProviderSubject,
            $"longer than {MaxSubjectLength} characters"
        );
        problems.Require(
            subject is null || values[UserField.LoginProvider] is not null,
            UserField.ProviderSubject,
            "there is no loginProvider"
        );
        return subject;
    }

    private static string? ParsePhone(RowValues values, UserField field, Problems problems)
    {
        if (values[field]?.Replace(" ", "", StringComparison.Ordinal) is not { } text)
        {
            return null;
        }

        var isNumber = !PhoneNumber.Parse(text).Failed(out var number, out _);
        problems.Require(isNumber, field, "not a number such as +4930123456 (E.164)");
        return isNumber ? number.Text : null;
    }

    private static long? ParseTime(RowValues values, UserField field, Problems problems)
    {
        var time = values[field] is { } text ? ImportTime.Read(text) : null;
        problems.Require(time is not null || values[field] is null, field, "not a time such as 2026-01-31T12:00:00Z or unix milliseconds");
        return time;
    }

    private string ParseMetadata(RowValues values, UserField field, Problems problems)
    {
        var texts = values.MetadataOf(field);
        if (texts.Count == 0)
        {
            return "{}";
        }

        problems.Require(texts.Values.All(Field.IsStorable), field, "holds characters that no text may hold");
        foreach (var path in holdHandle)
        {
            texts.Remove(path);
        }

        if (problems.First is not null)
        {
            return "{}";
        }

        var excess = Metadata.FindExcess(texts);
        problems.Require(excess is null, field, excess ?? "");
        return Metadata.Write(texts);
    }

    /// <summary>Keeps the first problem of a row.</summary>
    private sealed class Problems
    {
        public string? First { get; private set; }

        public string? ValueOf(UserField field, (string? Value, string? Problem) read)
        {
            Require(read.Problem is null, field, read.Problem ?? "");
            return read.Value;
        }

        public void Require(bool good, UserField field, string problem) => First ??= good ? null : $"{UserFields.Name(field)}: {problem}";
    }
}
