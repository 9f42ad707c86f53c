namespace Latchkey.Provider.Clients;

/// <summary>A new secret of a client. <paramref name="Text"/> is shown only once; only its hash is stored.</summary>
public sealed record CreatedClientSecret(string Text, ClientSecret Secret);
