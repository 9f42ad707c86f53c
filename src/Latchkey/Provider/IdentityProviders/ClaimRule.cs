using Latchkey.Applications.IdentityProviders;
using Latchkey.Core;

namespace Latchkey.Provider.IdentityProviders;

/// <summary>Which claim of a provider becomes which metadata, and when.</summary>
/// <param name="Claim">
/// <c>name</c>, <c>given_name</c>, <c>family_name</c>, <c>picture</c>, <c>locale</c> or <c>email</c> at every provider, or the path of a
/// value in its answers, such as <c>data.username</c>.
/// </param>
/// <param name="Path">The path of a metadata field of users.</param>
public sealed record ClaimRule(string Claim, string Path, ClaimTiming Timing)
{
    private const char Separator = ':';

    /// <summary>Those of a provider. In its lines the timing stands behind a colon: <c>picture=user_data.picture:always</c>.</summary>
    public static IReadOnlyList<ClaimRule> Of(IdentityProvider provider) =>
        [.. provider.ClaimPaths.Select(line => Read(line.Key, line.Value))];

    /// <summary>The timing of a line; null for a word that is none.</summary>
    public static ClaimTiming? TimingOf(string value) =>
        !value.Contains(Separator, StringComparison.Ordinal) ? ClaimTiming.SignUp
        : EnumNames.TryParse<ClaimTiming>(value[(value.IndexOf(Separator, StringComparison.Ordinal) + 1)..].Trim(), out var timing) ? timing
        : null;

    /// <summary>As a line of the provider's claims.</summary>
    public string Write() => Timing == ClaimTiming.SignUp ? $"{Claim}={Path}" : $"{Claim}={Path}{Separator}{Timing.ToName()}";

    private static ClaimRule Read(string claim, string value) =>
        new(claim, value.Split(Separator)[0].Trim(), TimingOf(value) ?? ClaimTiming.SignUp);
}
