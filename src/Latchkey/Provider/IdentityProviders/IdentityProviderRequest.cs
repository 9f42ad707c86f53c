using System.Globalization;
using Latchkey.Core;
using Latchkey.Provider.IdentityProviders.Catalogue;

namespace Latchkey.Provider.IdentityProviders;

/// <summary>
/// What servers send to add or change a provider: a member for each of <see cref="IdentityProviderFields"/>, and for each field that a
/// template of the catalogue can have. What is absent stays.
/// </summary>
/// <param name="Template">A key of the catalogue; of a new provider only.</param>
/// <param name="Alias">Of a new provider only.</param>
/// <param name="Claims">Lines such as <c>given_name=user_data.first</c>.</param>
public sealed record IdentityProviderRequest(
    string? Template,
    string? Alias,
    string? Name,
    bool? Enabled,
    bool? SignupAllowed,
    long? Position,
    IReadOnlyList<string>? Scopes,
    IReadOnlyList<string>? Claims,
    string? EmailTrust,
    string? ClientId,
    string? ClientSecret,
    string? Issuer,
    string? Tenant,
    string? Domain,
    string? TeamId,
    string? KeyId,
    string? PrivateKey
) : IRequest<IdentityProviderRequest>
{
    public static IdentityProviderRequest Read(FieldReader fields) =>
        new(
            fields.Optional("template"),
            fields.Optional("alias"),
            fields.OptionalText("name"),
            fields.OptionalFlag("enabled"),
            fields.OptionalFlag("signupAllowed"),
            fields.OptionalNumber("position"),
            fields.OptionalList("scopes"),
            fields.OptionalList("claims"),
            fields.OptionalText("emailTrust"),
            fields.OptionalText("clientId"),
            fields.OptionalText("clientSecret"),
            fields.OptionalText("issuer"),
            fields.OptionalText("tenant"),
            fields.OptionalText("domain"),
            fields.OptionalText("teamId"),
            fields.OptionalText("keyId"),
            fields.OptionalText("privateKey")
        );

    /// <summary>What was sent, as texts by their names.</summary>
    internal Dictionary<string, string> ToChanges() =>
        new (string Name, string? Text)[]
        {
            (IdentityProviderFields.Alias, Alias),
            (IdentityProviderFields.Name, Name),
            (IdentityProviderFields.Enabled, FromSwitch(Enabled)),
            (IdentityProviderFields.SignupAllowed, FromSwitch(SignupAllowed)),
            (IdentityProviderFields.Position, Position?.ToString(CultureInfo.InvariantCulture)),
            (IdentityProviderFields.Scopes, Scopes is null ? null : string.Join(' ', Scopes)),
            (IdentityProviderFields.Claims, Claims is null ? null : string.Join('\n', Claims)),
            (IdentityProviderFields.EmailTrust, EmailTrust),
            (ProviderField.ClientId, ClientId),
            (ProviderField.ClientSecret, ClientSecret),
            (ProviderField.Issuer, Issuer),
            (ProviderField.Tenant, Tenant),
            (ProviderField.Domain, Domain),
            (ProviderField.TeamId, TeamId),
            (ProviderField.KeyId, KeyId),
            (ProviderField.PrivateKey, PrivateKey),
        }
            .Where(change => change.Text is not null)
            .ToDictionary(change => change.Name, change => change.Text ?? "", StringComparer.Ordinal);

    private static string? FromSwitch(bool? value) => value is { } isOn ? (isOn ? "1" : "0") : null;
}
