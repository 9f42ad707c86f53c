using Latchkey.Applications;
using Latchkey.Applications.IdentityProviders;
using Latchkey.Core;
using Latchkey.Core.Configuration;
using Latchkey.Provider.IdentityProviders;
using Latchkey.Provider.IdentityProviders.Catalogue;

namespace Latchkey.Portal.IdentityProviders;

/// <summary>What developers read of providers.</summary>
internal static class IdentityProviderTexts
{
    public static IReadOnlyList<Choice> Trust { get; } =
    [
        new("", "As the catalogue says", "The safe choice."),
        new(EmailTrust.Never.ToName(), "Never", "Users prove each address by a code that we send there."),
        new(EmailTrust.WhenVerifiedClaim.ToName(), "When it says so", "An address counts as verified when the answer has email_verified."),
        new(
            EmailTrust.Always.ToName(),
            "Always",
            "Each address counts as verified.",
            "whoever can enter an address at this provider can take over the account of its owner. Choose it for a server of your own "
                + "that verifies all addresses."
        ),
    ];

    /// <summary>What an address of the provider is worth, in a few words.</summary>
    public static string TrustOf(EmailTrust trust) =>
        trust switch
        {
            EmailTrust.Always => "verified",
            EmailTrust.WhenVerifiedClaim => "verified when the provider says so",
            _ => "not verified",
        };

    /// <summary>The trust that holds for a provider.</summary>
    public static EmailTrust TrustOf(IdentityProvider provider, ProviderTemplate template) =>
        template.LetsChooseTrust && EnumNames.TryParse<EmailTrust>(provider.EmailTrust, out var chosen) ? chosen : template.EmailTrust;

    /// <summary>Where a value stands at the provider, and what it looks like.</summary>
    public static string HintOf(ProviderField field) =>
        string.Concat(
            field.WhereToFind,
            field is { Example.Length: > 0, Kind: not ProviderFieldKind.PrivateKey } ? $" It looks like {field.Example}." : "",
            field.IsOptional ? $" Without it: {field.Default}." : ""
        );

    /// <summary>The templates whose name, key or address has all words.</summary>
    public static IEnumerable<ProviderTemplate> Search(string words) =>
        ProviderCatalogue.All.Where(template =>
            words
                .Split(' ', StringSplitOptions.RemoveEmptyEntries)
                .All(word => $"{template.Key} {template.Name} {template.Issuer}".Contains(word, StringComparison.OrdinalIgnoreCase))
        );

    /// <summary>Where the provider sends users back to.</summary>
    public static string CallbackOf(ApplicationRow app, InstallationSettings installation, string alias) =>
        ProviderCallback.Of(installation, ApplicationRules.SettingsOf(app), app.Id, alias);

    /// <summary>A metadata field that could take a claim, for the example of a mapping.</summary>
    public static string ExampleOf(string? path) => $"given_name={path ?? "user_data.name.first"}";

    /// <summary>The form's texts that a rule can read: the fields of the template and those that all providers have.</summary>
    public static Dictionary<string, string> Read(FormValues form, IEnumerable<string> names) =>
        names.ToDictionary(name => name, name => form[name], StringComparer.Ordinal);

    public static IReadOnlyList<string> SignInNames { get; } =
    [
        IdentityProviderFields.Name,
        IdentityProviderFields.Enabled,
        IdentityProviderFields.SignupAllowed,
        IdentityProviderFields.Position,
        IdentityProviderFields.Scopes,
    ];
}
