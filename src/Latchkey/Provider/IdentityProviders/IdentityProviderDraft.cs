using System.Text.RegularExpressions;
using Latchkey.Applications.IdentityProviders;
using Latchkey.Applications.Settings;
using Latchkey.Core;
using Latchkey.Cryptography;
using Latchkey.Provider.IdentityProviders.Catalogue;

namespace Latchkey.Provider.IdentityProviders;

/// <summary>Reads what a developer entered for a provider, and says all that is wrong with it.</summary>
public sealed partial class IdentityProviderDraft(KeyRing ring)
{
    private const int MaxNameLength = 60;
    private const int MaxScopesLength = 1000;
    private const int MaxClaims = 64;
    private const int MaxPosition = 9999;

    /// <summary>The provider with all texts that can be read, and what is wrong with it and with the others.</summary>
    /// <param name="before">As it is stored, or a new one.</param>
    /// <param name="changes">Texts by name. A secret that is empty stays as it is.</param>
    /// <param name="settings">The application's.</param>
    public (IdentityProvider After, IReadOnlyList<IdentityProviderProblem> Problems) Apply(
        IdentityProvider before,
        ProviderTemplate template,
        IReadOnlyDictionary<string, string> changes,
        ApplicationSettings settings
    )
    {
        var (after, problems) = (before, new List<IdentityProviderProblem>());
        foreach (var (name, text) in changes)
        {
            if (Set(after, template, name, text).Failed(out var next, out var error))
            {
                problems.Add(new(name, error.Message));
            }
            else
            {
                after = next;
            }
        }

        return (
            after,
            [.. problems, .. FindProblems(after, template, settings).Where(one => problems.TrueForAll(known => known.Field != one.Field))]
        );
    }

    /// <summary>Whether an alias can stand in an address.</summary>
    public static bool IsAlias(string text) => AliasForm().IsMatch(text);

    private Result<IdentityProvider> Set(IdentityProvider provider, ProviderTemplate template, string name, string text)
    {
        if (template.Fields.FirstOrDefault(field => field.Name == name) is { } field)
        {
            return Set(provider, field, text.Trim());
        }

        return IdentityProviderFields.Set(provider, name, text)
            ?? Invalid(
                $"A provider of this kind has no {name}. It has: "
                    + string.Join(", ", template.Fields.Select(one => one.Name).Concat(IdentityProviderFields.All.Select(one => one.Name)))
                    + "."
            );
    }

    private Result<IdentityProvider> Set(IdentityProvider provider, ProviderField field, string text)
    {
        if (text.Length == 0 && field.IsSecret)
        {
            return provider;
        }

        if (text.Length > 0)
        {
            if (ProviderFieldText.Read(field, text).Failed(out var value, out var wrong))
            {
                return wrong;
            }

            text = value;
        }

        return field switch
        {
            { IsSecret: true } => provider with { SecretSealed = ring.Encrypt(IdentityProvider.SecretPurpose(provider.Id), text) },
            { Name: ProviderField.ClientId } => provider with { ClientId = text },
            _ => provider with
            {
                Fields = NameValueLines.Write(
                    provider.FieldValues.Where(one => one.Key != field.Name).Append(KeyValuePair.Create(field.Name, text))
                ),
            },
        };
    }

    private static IEnumerable<IdentityProviderProblem> FindProblems(
        IdentityProvider provider,
        ProviderTemplate template,
        ApplicationSettings settings
    )
    {
        if (DisplayName.ParseApplication(provider.Name, MaxNameLength) is null)
        {
            yield return new(
                IdentityProviderFields.Name,
                $"A name must have 1 to {MaxNameLength} characters on one line, without a link or an e-mail address."
            );
        }

        foreach (var field in template.Fields.Where(field => !field.IsOptional && IsMissing(provider, field)))
        {
            yield return new(field.Name, $"{field.Label} is missing. {field.WhereToFind}");
        }

        if (provider.Scopes.Length > MaxScopesLength || provider.Scopes.Any(c => c is < ' ' or > '~' or '"' or '\\'))
        {
            yield return new(
                IdentityProviderFields.Scopes,
                $"Scopes have letters of ASCII, without quotes and backslashes, and {MaxScopesLength} characters in all at most."
            );
        }

        if (provider.EmailTrust.Length > 0 && !template.LetsChooseTrust)
        {
            yield return new(IdentityProviderFields.EmailTrust, $"This cannot be chosen for {template.Name}. {template.EmailNote}");
        }

        if (provider.Position > MaxPosition)
        {
            yield return new(IdentityProviderFields.Position, $"position is {MaxPosition} at most.");
        }

        if (FindClaimProblem(provider, settings) is { } problem)
        {
            yield return new(IdentityProviderFields.Claims, problem);
        }
    }

    private static bool IsMissing(IdentityProvider provider, ProviderField field) =>
        field.IsSecret ? provider.SecretSealed.Length == 0
        : field.Name == ProviderField.ClientId ? provider.ClientId.Length == 0
        : !provider.FieldValues.ContainsKey(field.Name);

    private static string? FindClaimProblem(IdentityProvider provider, ApplicationSettings settings)
    {
        var paths = provider.ClaimPaths;
        return paths.Count > MaxClaims ? $"At most {MaxClaims} claims can become metadata."
            : paths.FirstOrDefault(pair => !Field.IsStorable(pair.Key) || pair.Key.Length > 200).Key is { } claim
                ? $"{Strings.Truncate(claim, 200)} is no name of a claim."
            : ClaimMetadata.FindProblem(provider, settings);
    }

    private static Error Invalid(string sentence) => ErrorCodes.InvalidData with { Message = sentence };

    [GeneratedRegex(@"^[a-z0-9][a-z0-9-]{0,39}\z", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex AliasForm();
}
