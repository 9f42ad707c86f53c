namespace Latchkey.Provider.Clients;

/// <summary>A new client.</summary>
/// <param name="Client">As stored.</param>
/// <param name="Secret">Its first secret, shown only once; null for a client without one.</param>
public sealed record CreatedClient(Client Client, string? Secret);
