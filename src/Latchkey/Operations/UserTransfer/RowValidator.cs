using Latchkey.Api.TwoFactor;
using Latchkey.Applications;
using Latchkey.Core;
using Latchkey.Core.Configuration;
using Latchkey.Data;
using Latchkey.Users;
using Latchkey.Users.Administration;
using Latchkey.Users.Locales;
using Latchkey.Users.Passwords;

namespace Latchkey.Operations.UserTransfer;

/// <summary>Converts rows to users by the rules of signup, so that an import cannot create a user that signup would not allow.</summary>
public sealed class RowValidator(Application application, ImportOptions options, HashCostLimits caps, TimeProvider clock)
{
    private const int MaxSubjectLength = 255;
    private const int MaxSeedLength = 128;
    private const string UnknownProvider = "the application has no such provider";
    private const string PhoneMarks = " -./()\u00A0";
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
        var (hash, kind) = ParseHash(values, problems);
        var seed = ParseTotpSeed(values, problems);
        var now = clock.Now();
        var created = ParseTime(values, UserField.CreatedAt, problems) ?? now;
        var user = new User
        {
            Id = ParseId(values) ?? Ids.New(clock),
            AppId = application.Id,
            Handle = handle ?? "",
            Anonymous = handle is not null && Handle.FromStored(handle).IsAnonymous,
            UserName = ParseUserName(values),
            Status = ParseStatus(values[UserField.Status], problems),
            Origin = ParseOrigin(values[UserField.Origin], problems),
            Locale = ParseLocale(values),
            EmailVerified = ParseFlag(values, UserField.EmailVerified, options.EmailVerified, problems),
            PasswordHash = hash,
            PasswordPrehashed = hash is not null && ParseFlag(values, UserField.PasswordPrehashed, options.Prehashed, problems),
            LoginProvider = ParseProvider(values),
            Phone = ParsePhone(values, UserField.Phone),
            PendingPhone = ParsePhone(values, UserField.PendingPhone),
            TwoFactorPhone = ParseFlag(values, UserField.TwoFactorPhone, false, problems),
            TwoFactorGoogle = seed is not null,
            Metadata = ParseMetadata(values, UserField.MetaData, problems),
            InviteMetadata = ParseMetadata(values, UserField.InviteMetaData, problems),
            CreatedAt = created,
            UpdatedAt = ParseTime(values, UserField.UpdatedAt, problems) ?? created,
            LastLoginAt = ParseTime(values, UserField.LastLogin, problems),
        };
        var accounts = ParseAccounts(values, user.LoginProvider, problems);
        problems.Require(!user.TwoFactorPhone || user.Phone is not null, UserField.TwoFactorPhone, "there is no phone");
        return new ValidatedRow(row, user, problems.First)
        {
            Values = values,
            Accounts = accounts,
            HashKind = kind,
            TotpSeed = seed,
        };
    }

    private static (string?, string?) ParseHandle(string? text)
    {
        if (text is null)
        {
            return (null, "is missing: the user has no e-mail address");
        }

        if (!Field.IsStorable(text))
        {
            return (null, "holds characters that no text may hold");
        }

        var handle = text.StartsWith("ANON_", StringComparison.Ordinal) ? Handle.ParseAnonymous(text) : Handle.ParseEmail(text);
        return handle.Succeeded ? (handle.Value.Text, null) : (null, "neither an e-mail address nor ANON_ and an id");
    }

    /// <summary>
    /// A hash above the maximum cost makes the row invalid, because the operator can raise the maximum. A hash of an unknown kind is
    /// omitted: no setting makes it usable.
    /// </summary>
    private (string? Hash, HashKind? Kind) ParseHash(RowValues values, Problems problems)
    {
        if (values[UserField.PasswordHash] is not { } text || text[0] is '!' or '*') // marks of Django and Unix for no password
        {
            values[UserField.PasswordHash] = null;
            return (null, null);
        }

        var (hash, kind, refused) = ImportedHash.Parse(text, caps);
        if (refused is not null && kind is null)
        {
            Omit(values, UserField.PasswordHash, $"{refused}. These users must reset their password");
            return (null, null);
        }

        return
            problems.ValueOf(
                UserField.PasswordHash,
                refused is null ? (hash, null) : (null, $"{refused}. Raise it, or import without hashes: map their column to nothing")
            )
                is { } stored
            ? (stored, kind)
            : (null, null);
    }

    private static string? ParseUserName(RowValues values) =>
        values[UserField.UserName] is not { } text ? null
        : UserName.Parse(text) is { Succeeded: true } name ? name.Value.Text
        : Omit(values, UserField.UserName, "it is not 1 to 64 of a-z, 0-9, dot, dash and underscore");

    /// <summary>An invalid seed of another system is omitted, so that it does not cost the user.</summary>
    private static byte[]? ParseTotpSeed(RowValues values, Problems problems)
    {
        if (values[UserField.TotpSeed] is not { } text)
        {
            return null;
        }

        var seed = text.Length <= MaxSeedLength ? Totp.FromBase32(text) : null;
        if (seed is { Length: >= 10 })
        {
            return seed;
        }

        if (values.IsForeign(UserField.TotpSeed))
        {
            Omit(values, UserField.TotpSeed, "it is not base32 of 10 bytes or more. These users log in without a second factor");
        }

        problems.Require(values[UserField.TotpSeed] is null, UserField.TotpSeed, "not base32 of 10 bytes and more");
        return null;
    }

    private static string? ParseId(RowValues values)
    {
        var text = values[UserField.Id];
        return text is null ? null
            : Guid.TryParseExact(text, "D", out var id) ? id.ToString()
            : Omit(values, UserField.Id, "it is not a UUID. These users get a new id; map the column to metaData.PATH to keep the old one");
    }

    private string ParseLocale(RowValues values)
    {
        var text = values[UserField.Locale];
        return (text is null ? null : FindOffered(text) ?? Omit(values, UserField.Locale, "the application does not offer it"))
            ?? LocaleCodes.Default;
    }

    /// <summary>The locale, or a less specific one: DE for de_AT.UTF-8; null when the application offers none.</summary>
    private string? FindOffered(string text)
    {
        if (LocaleCodes.Resolve(application.Settings, text) is { Succeeded: true } exactly)
        {
            return exactly.Value;
        }

        for (var tag = text.Split('.', '@')[0].Replace('_', '-'); tag.Length > 0; tag = tag[..Math.Max(tag.LastIndexOf('-'), 0)])
        {
            if (LocaleCodes.Resolve(application.Settings, tag) is { Succeeded: true } offered)
            {
                return offered.Value;
            }
        }

        return null;
    }

    private static string ParseStatus(string? text, Problems problems)
    {
        var status = text is null ? UserStatus.Active : StatusWords.Read(text);
        problems.Require(
            status is UserStatus.Active or UserStatus.Suspended,
            UserField.Status,
            "neither active nor suspended. Users who have not completed their signup cannot be imported"
        );
        return status ?? "";
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

    /// <summary>A flag, or the time when it was set.</summary>
    private static bool ParseFlag(RowValues values, UserField field, bool absent, Problems problems)
    {
        var flag = values[field] is { } text ? ImportText.FlagOrTime(text) : absent;
        problems.Require(flag is not null, field, "true or false");
        return flag ?? absent;
    }

    private string ParseProvider(RowValues values)
    {
        var text = values[UserField.LoginProvider] ?? "";
        var provider = LinkedAccounts.ParseProvider(text) ?? (HasProvider(text) ? text : null);
        if (provider is null)
        {
            Omit(values, UserField.LoginProvider, UnknownProvider);
        }

        if (provider is null or "")
        {
            values[UserField.LoginProvider] = null;
        }

        return provider ?? "";
    }

    /// <summary>Whether it is Apple or Google, or the alias of a provider of the application.</summary>
    private bool HasProvider(string alias) =>
        SocialProvider.All.Contains(alias, StringComparer.Ordinal)
        || application.IdentityProviders.Any(provider => provider.Alias == alias);

    private ProviderAccount[] ParseAccounts(RowValues values, string provider, Problems problems)
    {
        if (values.Linked.RemoveAll(account => !HasProvider(account.Provider)) > 0)
        {
            values.Note($"{UserFields.Name(UserField.LinkedIdentities)}: {UnknownProvider}, so these are omitted");
        }

        var subject = values[UserField.ProviderSubject];
        problems.Require(subject is null || IsSubject(subject), UserField.ProviderSubject, $"longer than {MaxSubjectLength} characters");
        if (subject is not null && provider.Length == 0)
        {
            subject = Omit(values, UserField.ProviderSubject, "there is no loginProvider");
        }

        problems.Require(
            values.Linked.TrueForAll(account => IsSubject(account.Subject)) && values.Linked.Count < UserIdentities.MaxOfUser,
            UserField.LinkedIdentities,
            $"a subject longer than {MaxSubjectLength} characters, or more than {UserIdentities.MaxOfUser} accounts"
        );
        return
        [
            .. values.Linked.Prepend(subject is null ? null : new ProviderAccount(provider, subject)).OfType<ProviderAccount>().Distinct(),
        ];
    }

    private static bool IsSubject(string text) => text.Length <= MaxSubjectLength && Field.IsStorable(text);

    /// <summary>Also accepts 00 in place of the plus, and spaces, dashes, dots, slashes and brackets.</summary>
    private static string? ParsePhone(RowValues values, UserField field)
    {
        if (values[field] is not { } text)
        {
            return null;
        }

        if (!PhoneNumber.Parse(text).Failed(out var plain, out _))
        {
            return plain.Text;
        }

        var digits = string.Concat(text.Replace("(0)", "", StringComparison.Ordinal).Where(c => !PhoneMarks.Contains(c)));
        digits = digits.StartsWith("00", StringComparison.Ordinal) ? digits[2..] : digits;
        return !PhoneNumber.Parse(digits).Failed(out var number, out _)
            ? number.Text
            : Omit(values, field, "it is not a number with its country code, such as +4930123456 (E.164)");
    }

    private static long? ParseTime(RowValues values, UserField field, Problems problems)
    {
        if (values[field] is not { } text || ImportTime.IsNever(text))
        {
            values[field] = null;
            return null;
        }

        var time = ImportTime.Read(text);
        if (time is null && values.IsForeign(field))
        {
            Omit(values, field, "it is not a time, or one of which day and month are unclear");
            return null;
        }

        problems.Require(time is not null, field, "not a time such as 2026-01-31T12:00:00Z or unix milliseconds");
        return time;
    }

    private string ParseMetadata(RowValues values, UserField field, Problems problems)
    {
        var texts = values.MetadataOf(field);
        if (texts.Count == 0)
        {
            return "{}";
        }

        foreach (var path in texts.Keys.Where(path => !Field.IsStorable(texts[path])).ToList())
        {
            values.Note($"{UserFields.Name(field)}.{path} is omitted: it has invalid characters");
            texts.Remove(path);
        }

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

    /// <summary>Omits a value, and notes why. Returns null.</summary>
    private static string? Omit(RowValues values, UserField field, string because)
    {
        values.Note($"{UserFields.Name(field)} is omitted: {because}");
        values[field] = null;
        return null;
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
