using System.Globalization;
using Latchkey.Applications.IdentityProviders;
using Latchkey.Core;
using Latchkey.Provider.IdentityProviders.Catalogue;

namespace Latchkey.Provider.IdentityProviders;

/// <summary>The texts that a provider is made and changed with: these, and the fields of its <see cref="ProviderTemplate"/>.</summary>
public static class IdentityProviderFields
{
    /// <summary>Only when it is made; it is in addresses and in users' identities.</summary>
    public const string Alias = "alias";
    public const string Name = "name";
    public const string Enabled = "enabled";
    public const string Scopes = "scopes";
    public const string Claims = "claims";
    public const string Position = "position";
    public const string EmailTrust = "emailTrust";
    public const string SignupAllowed = "signupAllowed";

    /// <summary>Those that all providers have, with a sentence for people.</summary>
    public static IReadOnlyList<(string Name, string Meaning)> All { get; } =
    [
        (Name, "The name on the button."),
        (Enabled, "Users can sign in with it: 1 or 0."),
        (SignupAllowed, "People whom the application does not know become its users: 1 or 0."),
        (Scopes, "The scopes that it is asked for, with blanks between them; empty for those of the catalogue."),
        (
            Claims,
            "Which of its claims become metadata: lines of claim=path, such as given_name=user_data.first. At sign-up only; with :always "
                + "behind the path at each sign-in, and with :overwrite also over what the user edited."
        ),
        (EmailTrust, "When its addresses count as verified: never, whenverifiedclaim, always; empty for what the catalogue says."),
        (Position, "The place of the button; the smallest number is the first."),
    ];

    /// <summary>The current text; empty for a secret.</summary>
    public static string Read(IdentityProvider provider, string name) =>
        name switch
        {
            Alias => provider.Alias,
            Name => provider.Name,
            Enabled => provider.Enabled ? "1" : "0",
            Scopes => provider.Scopes,
            Claims => provider.Claims,
            Position => provider.Position.ToString(CultureInfo.InvariantCulture),
            EmailTrust => provider.EmailTrust,
            SignupAllowed => provider.SignupAllowed ? "1" : "0",
            ProviderField.ClientId => provider.ClientId,
            _ => provider.FieldValues.GetValueOrDefault(name, ""),
        };

    /// <summary>The provider with a text that all providers have; null for a name that is none of theirs.</summary>
    public static Result<IdentityProvider>? Set(IdentityProvider provider, string name, string text) =>
        name switch
        {
            Alias => text.Trim() == provider.Alias || text.Trim().Length == 0
                ? provider
                : Invalid("An alias never changes, because it is in users' identities. Add another provider."),
            Name => provider with { Name = text.Trim() },
            Enabled => ReadSwitch(name, text).Failed(out var on, out var error) ? error : provider with { Enabled = on },
            SignupAllowed => ReadSwitch(name, text).Failed(out var on, out var error) ? error : provider with { SignupAllowed = on },
            Scopes => provider with { Scopes = string.Join(' ', Words(text)) },
            Claims => provider with { Claims = NameValueLines.Write(NameValueLines.Parse(text)) },
            Position => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var place)
                ? provider with
                {
                    Position = place,
                }
                : Invalid("position is a whole number, such as 1."),
            EmailTrust => text.Trim().Length == 0 ? provider with { EmailTrust = "" }
            : EnumNames.TryParse<EmailTrust>(text.Trim(), out var trust) ? provider with { EmailTrust = trust.ToName() }
            : Invalid($"emailTrust must be one of {string.Join(", ", EnumNames.All<EmailTrust>())}, or empty."),
            _ => null,
        };

    private static Result<bool> ReadSwitch(string name, string text) =>
        text.Trim().ToLowerInvariant() switch
        {
            "1" or "true" or "on" => true,
            "0" or "false" or "off" => false,
            _ => Invalid($"{name} is 1 or 0."),
        };

    private static IEnumerable<string> Words(string text) =>
        text.Split([' ', '\n', '\r', '\t'], StringSplitOptions.RemoveEmptyEntries).Distinct(StringComparer.Ordinal);

    private static Error Invalid(string sentence) => ErrorCodes.InvalidData with { Message = sentence };
}
