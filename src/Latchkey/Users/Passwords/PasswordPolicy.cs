using System.Text;
using Latchkey.Applications.Settings;
using Latchkey.Core;

namespace Latchkey.Users.Passwords;

/// <summary>Rules for new passwords. They do not apply at login.</summary>
public static class PasswordPolicy
{
    private const int MaxLength = 256;
    private const int MinLengthWithoutFilter = 8;
    private const string EveryoneUsesIt = "a password that everyone uses";

    /// <summary>
    /// 602 for the wrong format and for a common password that is pre-hashed, since the SDKs that send it do not know 702; 702 for a plain
    /// password that is common or does not meet the policy.
    /// </summary>
    public static Result<PasswordInput> Validate(ApplicationSettings settings, RawPassword raw)
    {
        var isHashed = settings.PasswordFormat switch
        {
            PasswordFormat.Plain => false,
            PasswordFormat.Md5 => true,
            _ => raw.LooksHashed,
        };
        if (isHashed && !raw.LooksHashed)
        {
            return ErrorCodes.InvalidData.WithCause("the password is not 32 lower-case hex digits");
        }

        if (!isHashed && CheckComplexity(settings, raw.Normalised) is { } why)
        {
            return ErrorCodes.PasswordPolicy.WithCause(why);
        }

        if (IsBlocked(settings, isHashed ? raw.Text : RawPassword.Md5(raw.Normalised)))
        {
            return (isHashed ? ErrorCodes.InvalidData : ErrorCodes.PasswordPolicy).WithCause(EveryoneUsesIt);
        }

        return raw.ToInput(prehashed: settings.PasswordFormat != PasswordFormat.Plain);
    }

    /// <summary>
    /// A typed password in the form that the application's clients send; 702 when it is common or does not meet the policy.
    /// </summary>
    public static Result<RawPassword> FromTyped(ApplicationSettings settings, RawPassword typed)
    {
        if (settings.PasswordFormat != PasswordFormat.Md5 || typed.LooksHashed)
        {
            return typed;
        }

        var md5 = RawPassword.Md5(typed.Normalised);
        var why = CheckComplexity(settings, typed.Normalised) ?? (IsBlocked(settings, md5) ? EveryoneUsesIt : null);
        return why is null ? new RawPassword(md5) : ErrorCodes.PasswordPolicy.WithCause(why);
    }

    private static bool IsBlocked(ApplicationSettings settings, string md5) =>
        settings.BlockCommonPasswords && CommonPasswords.Contains(md5);

    /// <summary>As <see cref="FromTyped"/>, and <see cref="Validate"/> accepts the result.</summary>
    public static Result<RawPassword> ParseTyped(ApplicationSettings settings, RawPassword typed) =>
        FromTyped(settings, typed).Failed(out var password, out var refused) ? refused
        : Validate(settings, password).Error is { } tooWeak ? tooWeak
        : password;

    /// <summary>Why a plain password does not meet the policy; null when it does. Length is counted in code points.</summary>
    private static string? CheckComplexity(ApplicationSettings settings, string password)
    {
        Rune[] characters = [.. password.EnumerateRunes()];
        if (characters.Length > MaxLength)
        {
            return $"longer than {MaxLength} characters";
        }

        if (!settings.PasswordFilter)
        {
            return characters.Length < MinLengthWithoutFilter ? $"shorter than {MinLengthWithoutFilter} characters" : null;
        }

        (string What, int Has, int Needs)[] counts =
        [
            ("characters", characters.Length, settings.PasswordMinLength),
            ("upper-case letters", characters.Count(Rune.IsUpper), settings.PasswordMinUpper),
            ("lower-case letters", characters.Count(Rune.IsLower), settings.PasswordMinLower),
            ("digits", characters.Count(Rune.IsDigit), settings.PasswordMinDigit),
            (
                "special characters",
                characters.Count(c => !Rune.IsLetter(c) && !Rune.IsDigit(c) && c.Value != ' '),
                settings.PasswordMinSpecial
            ),
        ];
        return counts.Where(count => count.Has < count.Needs).Select(count => $"fewer than {count.Needs} {count.What}").FirstOrDefault();
    }
}
