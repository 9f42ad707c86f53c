namespace Latchkey.Provider.IdentityProviders.Catalogue;

public enum ProviderFieldKind
{
    /// <summary>Visible ASCII characters without blanks.</summary>
    Text,

    /// <summary>An https address without query and fragment.</summary>
    Address,

    /// <summary>A host name, such as <c>example.eu.auth0.com</c>; <c>https://</c> before it and a slash behind it are taken off.</summary>
    Host,

    /// <summary>A part of a path or a host name: letters, digits, full stops, hyphens and underscores.</summary>
    Name,

    /// <summary>A private key for ES256 in PEM (PKCS #8).</summary>
    PrivateKey,
}
