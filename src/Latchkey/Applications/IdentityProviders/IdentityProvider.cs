using Latchkey.Cryptography;

namespace Latchkey.Applications.IdentityProviders;

/// <summary>A provider that users of an application can sign in with on its pages.</summary>
public sealed record IdentityProvider
{
    /// <summary>The one of <see cref="FieldValues"/> that names a key and nobody's people.</summary>
    public const string KeyIdField = "keyId";

    public string AppId { get; init; } = "";

    public string Id { get; init; } = "";

    /// <summary>In addresses, and the provider of its users' identities. It never changes.</summary>
    public string Alias { get; init; } = "";

    /// <summary>A key of the catalogue; <c>oidc</c> for one that it does not know by name. It never changes.</summary>
    public string Template { get; init; } = "";

    /// <summary>As people see it.</summary>
    public string Name { get; init; } = "";

    /// <summary>What else the catalogue asks for, such as the issuer or a tenant, as lines of <c>name=value</c>.</summary>
    public string Fields { get; init; } = "";

    public string ClientId { get; init; } = "";

    /// <summary>The client secret, or the key that one is made with; encrypted for <see cref="SecretPurpose"/>; empty for none.</summary>
    public string SecretSealed { get; init; } = "";

    /// <summary>With spaces between them; empty for those of the catalogue.</summary>
    public string Scopes { get; init; } = "";

    /// <summary>Which claims become metadata, as lines of <c>claim=path</c>, or <c>claim=path:always</c> for each sign-in.</summary>
    public string Claims { get; init; } = "";

    /// <summary>The order of the buttons, the smallest first.</summary>
    public int Position { get; init; }

    public bool Enabled { get; init; }

    /// <summary>When an address of the provider counts as verified; empty for what the catalogue says.</summary>
    public string EmailTrust { get; init; } = "";

    /// <summary>People whom the application does not know become its users.</summary>
    public bool SignupAllowed { get; init; }

    public long CreatedAt { get; init; }

    public long UpdatedAt { get; init; }

    /// <summary><see cref="Fields"/> by their names.</summary>
    public IReadOnlyDictionary<string, string> FieldValues => NameValueLines.Parse(Fields);

    /// <summary>
    /// Names whose people the provider's ids (<c>sub</c>) mean: with another issuer, domain or tenant they mean others. What was begun in
    /// one scope ends in no other.
    /// </summary>
    public string IdentityScope =>
        Secrets.Hash(
            string.Join(
                '\n',
                FieldValues
                    .Where(one => one.Key != KeyIdField)
                    .OrderBy(one => one.Key, StringComparer.Ordinal)
                    .Select(one => $"{one.Key}={one.Value}")
                    .Prepend(Id)
            )
        );

    /// <summary>The metadata paths of <see cref="Claims"/>, with what stands behind them, by the names of the claims.</summary>
    public IReadOnlyDictionary<string, string> ClaimPaths => NameValueLines.Parse(Claims);

    /// <summary>The encryption purpose of <see cref="SecretSealed"/>.</summary>
    public static string SecretPurpose(string id) => $"identity_providers/{id}";
}
