namespace Latchkey.Applications.Credentials;

/// <summary>A new App Secret. <paramref name="Text"/> is shown only once; only its hash is stored.</summary>
public sealed record CreatedSecret(string Text, AppSecretRow Row);
