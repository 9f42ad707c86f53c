using Latchkey.Api.TwoFactor;
using Latchkey.Applications;
using Latchkey.Core;
using Latchkey.Core.Configuration;
using Latchkey.Data;
using Latchkey.Users;
using Latchkey.Users.Locales;
using Latchkey.Users.Passwords;

namespace Latchkey.Operations.UserTransfer;

/// <summary>A row that can be a user, or what is wrong with it.</summary>
/// <param name="Row">Where it stands.</param>
/// <param name="User">As it would be added; its seed is not sealed yet.</param>
/// <param name="Problem">A few words, the field first; null for a good row.</param>
public sealed record CheckedRow(SourceRow Row, User User, string? Problem)
{
    public required RowValues Values { get; init; }

    public HashKind? HashKind { get; init; }

    public byte[]? TotpSeed { get; init; }

    public static CheckedRow Bad(SourceRow row, RowValues values, string problem) => new(row, new User(), problem) { Values = values };
}

/// <summary>Makes users of rows by the same rules as signup, so that nothing comes in by a file that could not be there otherwise.</summary>
public sealed class RowCheck(Application application, ImportOptions options, HashCaps caps, TimeProvider clock)
{
    private const int LongestSubject = 255;
    private const int LongestMetadata = 64 * 1024;
    private const int LongestSeed = 128;
    private static readonly string[] Origins = [UserOrigin.Signup, UserOrigin.Invitation, UserOrigin.Portal, UserOrigin.Import, UserOrigin.Social, UserOrigin.Anonymous];
    private readonly HashSet<string> holdHandle = [.. application.Settings.MetaData.Concat(application.Settings.MetaDataInvite).Where(field => field.HoldsHandle).Select(field => field.Path)];

    public CheckedRow Check(SourceRow row, RowValues values)
    {
        if (values.Problem is { } unread)
        {
            return CheckedRow.Bad(row, values, unread);
        }

        var problems = new Problems();
        var handle = problems.Of(UserField.Handle, OfHandle(values[UserField.Handle]));
        var (hash, kind) = OfHash(values[UserField.PasswordHash], problems);
        var seed = OfSeed(values[UserField.TotpSeed], problems);
        var now = clock.Now();
        var created = OfTime(values, UserField.CreatedAt, problems) ?? now;
        var user = new User
        {
            Id = OfId(values[UserField.Id], problems) ?? Ids.New(clock),
            AppId = application.Id,
            Handle = handle ?? "",
            Anonymous = handle is not null && Handle.Stored(handle).IsAnonymous,
            UserName = values[UserField.UserName] is { } name ? problems.Of(UserField.UserName, UserName.Parse(name) is { Succeeded: true } parsed ? (parsed.Value.Text, null) : (null, "1 to 64 of a-z, 0-9, dot, dash and underscore")) : null,
            Status = OfStatus(values[UserField.Status], problems),
            Origin = OfOrigin(values[UserField.Origin], problems),
            Locale = values[UserField.Locale] is { } locale ? problems.Of(UserField.Locale, LocaleCodes.Choose(application.Settings, locale) is { Succeeded: true } chosen ? (chosen.Value, null) : (null, "the application does not offer it")) ?? "" : LocaleCodes.Default,
            EmailVerified = OfFlag(values, UserField.EmailVerified, options.EmailVerified, problems),
            PasswordHash = hash,
            PasswordPrehashed = hash is not null && OfFlag(values, UserField.PasswordPrehashed, options.Prehashed, problems),
            LoginProvider = OfProvider(values[UserField.LoginProvider], problems),
            ProviderSubject = OfSubject(values, problems),
            Phone = OfPhone(values, UserField.Phone, problems),
            PendingPhone = OfPhone(values, UserField.PendingPhone, problems),
            TwoFactorPhone = OfFlag(values, UserField.TwoFactorPhone, false, problems),
            TwoFactorGoogle = seed is not null,
            Metadata = OfMetadata(values, UserField.MetaData, problems),
            InviteMetadata = OfMetadata(values, UserField.InviteMetaData, problems),
            CreatedAt = created,
            UpdatedAt = OfTime(values, UserField.UpdatedAt, problems) ?? created,
            LastLoginAt = OfTime(values, UserField.LastLogin, problems),
        };
        problems.Unless(!user.TwoFactorPhone || user.Phone is not null, UserField.TwoFactorPhone, "there is no phone");
        return new CheckedRow(row, user, problems.First) { Values = values, HashKind = kind, TotpSeed = seed };
    }

    private static (string?, string?) OfHandle(string? text)
    {
        if (text is null)
        {
            return (null, "is missing");
        }

        if (!Field.IsStorable(text))
        {
            return (null, "holds characters that no text may hold");
        }

        var handle = text.StartsWith("ANON_", StringComparison.Ordinal) ? Handle.Anonymous(text) : Handle.Email(text);
        return handle.Succeeded ? (handle.Value.Text, null) : (null, "neither an e-mail address nor ANON_ and an id");
    }

    private (string? Hash, HashKind? Kind) OfHash(string? text, Problems problems)
    {
        if (text is null)
        {
            return (null, null);
        }

        var (hash, kind, refused) = ForeignHash.Read(text, caps);
        return problems.Of(UserField.PasswordHash, refused is null ? (hash, null) : (null, refused)) is { } stored ? (stored, kind) : (null, null);
    }

    private static byte[]? OfSeed(string? text, Problems problems)
    {
        var seed = text is null ? null : text.Length <= LongestSeed ? Totp.FromBase32(text) : null;
        problems.Unless(text is null || seed is { Length: >= 10 }, UserField.TotpSeed, "not base32 of 10 bytes and more");
        return seed;
    }

    private static string? OfId(string? text, Problems problems)
    {
        problems.Unless(text is null || (Guid.TryParseExact(text, "D", out var id) && id.ToString() == text), UserField.Id, "not a UUID in small letters; --map id= leaves ids out");
        return text;
    }

    private static string OfStatus(string? text, Problems problems)
    {
        var status = text?.ToLowerInvariant() switch
        {
            null or "active" => UserStatus.Active,
            "suspend" or "suspended" => UserStatus.Suspended,
            _ => "",
        };
        problems.Unless(status.Length > 0, UserField.Status, "active or suspend");
        return status;
    }

    private static string OfOrigin(string? text, Problems problems)
    {
        problems.Unless(text is null || Origins.Contains(text, StringComparer.Ordinal), UserField.Origin, $"one of {string.Join(", ", Origins)}");
        return text ?? UserOrigin.Import;
    }

    private static bool OfFlag(RowValues values, UserField field, bool absent, Problems problems)
    {
        bool? flag = values[field]?.ToLowerInvariant() switch
        {
            null => absent,
            "true" or "1" or "yes" or "t" => true,
            "false" or "0" or "no" or "f" => false,
            _ => null,
        };
        problems.Unless(flag is not null, field, "true or false");
        return flag ?? absent;
    }

    private static string OfProvider(string? text, Problems problems)
    {
        var provider = text?.ToLowerInvariant() ?? "";
        problems.Unless(provider is "" or SocialProvider.Apple or SocialProvider.Google, UserField.LoginProvider, "apple, google or empty");
        return provider;
    }

    private static string? OfSubject(RowValues values, Problems problems)
    {
        var subject = values[UserField.ProviderSubject];
        problems.Unless(subject is null || (subject.Length <= LongestSubject && Field.IsStorable(subject)), UserField.ProviderSubject, $"longer than {LongestSubject} characters");
        problems.Unless(subject is null || values[UserField.LoginProvider] is not null, UserField.ProviderSubject, "there is no loginProvider");
        return subject;
    }

    private static string? OfPhone(RowValues values, UserField field, Problems problems)
    {
        var text = values[field]?.Replace(" ", "", StringComparison.Ordinal);
        problems.Unless(text is null || PhoneNumber.Parse(text).Succeeded, field, "not a number such as +4930123456 (E.164)");
        return text;
    }

    private static long? OfTime(RowValues values, UserField field, Problems problems)
    {
        var time = values[field] is { } text ? ImportTime.Read(text) : null;
        problems.Unless(time is not null || values[field] is null, field, "not a time such as 2026-01-31T12:00:00Z or unix milliseconds");
        return time;
    }

    private string OfMetadata(RowValues values, UserField field, Problems problems)
    {
        var texts = values.MetadataOf(field);
        if (texts.Count == 0)
        {
            return "{}";
        }

        problems.Unless(texts.Values.All(Field.IsStorable), field, "holds characters that no text may hold");
        foreach (var path in holdHandle)
        {
            texts.Remove(path);
        }

        var document = problems.First is null ? Metadata.Write(texts) : "{}";
        problems.Unless(document.Length <= LongestMetadata, field, "longer than 64 KiB");
        return document;
    }

    /// <summary>Keeps the first problem of a row.</summary>
    private sealed class Problems
    {
        public string? First { get; private set; }

        public string? Of(UserField field, (string? Value, string? Problem) read)
        {
            Unless(read.Problem is null, field, read.Problem ?? "");
            return read.Value;
        }

        public void Unless(bool good, UserField field, string problem) => First ??= good ? null : $"{UserFields.Name(field)}: {problem}";
    }
}
