namespace Latchkey.Provider.Clients;

/// <summary>How a client proves itself at the token endpoint (OpenID Connect Core §9).</summary>
public enum ClientAuthenticationMethod
{
    /// <summary>Public: it does not.</summary>
    None,

    /// <summary>By a secret, in the header Authorization or in the form.</summary>
    Secret,

    /// <summary>By a secret in the header Authorization only: client_secret_basic.</summary>
    SecretBasic,

    /// <summary>By a secret in the form only: client_secret_post.</summary>
    SecretPost,

    /// <summary>By an assertion that it signs with its own key: private_key_jwt (RFC 7523).</summary>
    PrivateKey,
}
