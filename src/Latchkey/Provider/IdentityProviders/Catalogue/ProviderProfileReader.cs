using System.Text.Json;
using System.Text.RegularExpressions;
using Latchkey.Core;

namespace Latchkey.Provider.IdentityProviders.Catalogue;

/// <summary>Reads who signed in from the answers of a provider.</summary>
public static partial class ProviderProfileReader
{
    /// <summary>Longer ones are refused (OpenID Connect Core §2).</summary>
    public const int MaxSubjectLength = 255;

    /// <summary>Longer names and addresses of pictures are left out.</summary>
    public const int MaxTextLength = 1_000;

    /// <summary>
    /// The profile; 613 when the answers do not say who it is, or when UserInfo is about somebody other than the ID token (OpenID Connect
    /// Core §5.3.2).
    /// </summary>
    /// <param name="trust">The template's, or what the developer chose where <see cref="ProviderTemplate.LetsChooseTrust"/>.</param>
    public static Result<ProviderProfile> Read(ProviderTemplate template, EmailTrust trust, ProviderAnswers answers)
    {
        var (paths, claims) = (template.Paths, new ProviderClaims(answers.IdToken, answers.UserInfo));
        if (First(claims, paths.Subject) is not { Length: <= MaxSubjectLength } subject)
        {
            return ErrorCodes.InvalidToken.WithCause("the answer does not say who signed in");
        }

        if (
            HasBoth(answers)
            && new[] { answers.IdToken, answers.UserInfo }.Any(one => First(new ProviderClaims(one), paths.Subject) != subject)
        )
        {
            return ErrorCodes.InvalidToken.WithCause("UserInfo is about another person than the ID token");
        }

        var (email, verified) = ReadEmail(template, trust, answers);
        var first = new ProviderClaims(answers.FirstUser);
        var given = ReadLine(claims, paths.GivenName) ?? ReadLine(first, ["name.firstName"]);
        var family = ReadLine(claims, paths.FamilyName) ?? ReadLine(first, ["name.lastName"]);
        return new ProviderProfile
        {
            Subject = subject,
            Email = email,
            EmailVerified = verified,
            Name = ReadLine(claims, paths.Name) ?? Join(given, family),
            GivenName = given,
            FamilyName = family,
            Picture = First(claims, paths.Picture) is { } url && IsPicture(url) ? url : null,
            Locale = First(claims, paths.Locale) is { } locale && LanguageTag().IsMatch(locale) ? locale.Replace('_', '-') : null,
            Claims = claims,
        };
    }

    private static bool HasBoth(ProviderAnswers answers) =>
        answers is { IdToken.ValueKind: JsonValueKind.Object, UserInfo.ValueKind: JsonValueKind.Object };

    /// <summary>The address, and whether it is verified by a word in the same answer as the address.</summary>
    private static (Handle? Email, bool Verified) ReadEmail(ProviderTemplate template, EmailTrust trust, ProviderAnswers answers)
    {
        if (template.Emails is { } shape && FindPrimary(shape, answers.Emails) is { } primary)
        {
            return (primary.Email, trust != EmailTrust.Never && primary.Verified);
        }

        var paths = template.Paths;
        Handle? email = null;
        foreach (var document in new[] { answers.IdToken, answers.UserInfo })
        {
            var claims = new ProviderClaims(document);
            if (First(claims, paths.Email) is not { } raw || !Handle.ParseEmail(raw).Succeeded)
            {
                continue;
            }

            var found = Handle.ParseEmail(raw).Value;
            email ??= found;
            var isVerified = trust switch
            {
                EmailTrust.Always => true,
                EmailTrust.WhenVerifiedClaim => paths.EmailVerified.Count > 0 && paths.EmailVerified.All(claims.IsTrue),
                _ => false,
            };
            if (isVerified && found == email)
            {
                return (email, true);
            }
        }

        return (email, false);
    }

    private static (Handle Email, bool Verified)? FindPrimary(EmailListShape shape, JsonElement answer)
    {
        if (ProviderClaims.Find(answer, shape.Items) is not { ValueKind: JsonValueKind.Array } list)
        {
            return null;
        }

        foreach (var item in list.EnumerateArray())
        {
            var claims = new ProviderClaims(item);
            if (
                claims.IsTrue(shape.Primary)
                && claims.FindText(shape.Email) is { } raw
                && Handle.ParseEmail(raw) is { Succeeded: true } email
            )
            {
                return (email.Value, claims.IsTrue(shape.Verified));
            }
        }

        return null;
    }

    private static string? First(ProviderClaims claims, IReadOnlyList<string> paths) =>
        paths
            .Select(path => path.Contains('{', StringComparison.Ordinal) ? Compose(claims, path) : claims.FindText(path))
            .FirstOrDefault(text => text is not null);

    /// <summary>An address with values of the answer in it; null when one is missing or could lead elsewhere.</summary>
    private static string? Compose(ProviderClaims claims, string pattern)
    {
        var isWhole = true;
        var text = Placeholder()
            .Replace(
                pattern,
                match =>
                {
                    var value = claims.FindText(match.Groups["path"].Value);
                    isWhole &= value is not null;
                    return Uri.EscapeDataString(value ?? "");
                }
            );
        return isWhole ? text : null;
    }

    /// <summary>A name on one line.</summary>
    private static string? ReadLine(ProviderClaims claims, IReadOnlyList<string> paths) =>
        First(claims, paths)?.Trim() is { Length: > 0 and <= MaxTextLength } text && !text.Any(char.IsControl) ? text : null;

    private static string? Join(string? given, string? family) =>
        string.Join(' ', new[] { given, family }.OfType<string>()) is { Length: > 0 and <= MaxTextLength } name ? name : null;

    private static bool IsPicture(string url) =>
        url.Length <= MaxTextLength && Uri.TryCreate(url, UriKind.Absolute, out var uri) && uri.Scheme == Uri.UriSchemeHttps;

    [GeneratedRegex(@"\{(?<path>[^}]+)\}", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Placeholder();

    [GeneratedRegex("^[A-Za-z]{2,8}([-_][A-Za-z0-9]{1,8}){0,3}$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex LanguageTag();
}
