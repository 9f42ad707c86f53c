namespace Latchkey.Provider.Clients;

/// <summary>What a new client of a type begins with.</summary>
public static class ClientDefaults
{
    private static readonly IReadOnlyList<string> UserScopes = ["openid", "profile", "email", "phone", "address", "offline_access"];

    public static ClientSettings Of(ClientType type) =>
        type switch
        {
            ClientType.Web => new()
            {
                Authentication = ClientAuthenticationMethod.Secret,
                GrantTypes = [GrantType.AuthorizationCode, GrantType.RefreshToken],
                Scopes = UserScopes,
            },
            ClientType.Native or ClientType.Browser => new()
            {
                GrantTypes = [GrantType.AuthorizationCode, GrantType.RefreshToken],
                Scopes = UserScopes,
            },
            ClientType.Service => new() { Authentication = ClientAuthenticationMethod.Secret, GrantTypes = [GrantType.ClientCredentials] },
            ClientType.Device => new() { GrantTypes = [GrantType.DeviceCode, GrantType.RefreshToken], Scopes = UserScopes },
            _ => throw new ArgumentOutOfRangeException(nameof(type)),
        };
}
