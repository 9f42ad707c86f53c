namespace Latchkey.Provider.Clients;

/// <summary>What a request says of its client, not verified yet.</summary>
/// <param name="Method">How it came: SecretBasic, SecretPost or PrivateKey; None for a client that only named itself.</param>
/// <param name="ClientId">Null when the request names none; an assertion does so itself.</param>
/// <param name="Proof">The secret or the assertion; empty for None.</param>
public sealed record ClientCredential(ClientAuthenticationMethod Method, string? ClientId, string Proof)
{
    /// <summary>Whether a client that is set to a method may prove itself like this.</summary>
    public bool IsAllowedBy(ClientAuthenticationMethod set) =>
        set == Method
        || (
            set == ClientAuthenticationMethod.Secret
            && Method is ClientAuthenticationMethod.SecretBasic or ClientAuthenticationMethod.SecretPost
        );

    /// <summary>Does not print the secret.</summary>
    public override string ToString() => $"{Method} of {ClientId}";
}
