using System.Security.Cryptography;
using System.Text;
using Latchkey.Core;
using Latchkey.Cryptography;
using Latchkey.Data;

namespace Latchkey.Provider.Clients;

/// <summary>
/// Clients prove who they are at the endpoints for programs (RFC 6749 §2.3). An unknown client and a wrong secret cost the same work and
/// get the same answer.
/// </summary>
public sealed class ClientAuthentication(Database database, ClientStore store, TimeProvider clock)
{
    /// <summary>What an unknown client's secret is compared with.</summary>
    private static readonly ClientSecret[] NoSecrets = [new("", Secrets.Hash(""), "", 0)];

    /// <summary>
    /// The client; one without a secret has only named itself. invalid_client for one that is unknown or fails, also by a method that it
    /// is not set to; invalid_request for two methods at once.
    /// </summary>
    public async Task<Result<Client>> Authenticate(HttpRequest request, ProviderCaller caller, OAuthParameters parameters)
    {
        if (ClientCredentialReader.Read(request, parameters).Failed(out var credential, out var unreadable))
        {
            return Challenge(request, caller, unreadable);
        }

        return (await Verify(caller, credential)).Failed(out var client, out var refused) ? Challenge(request, caller, refused) : client;
    }

    private async Task<Result<Client>> Verify(ProviderCaller caller, ClientCredential credential)
    {
        if (credential.ClientId is not { Length: > 0 } id)
        {
            return OAuthErrors.InvalidClient.WithCause("the request names no client");
        }

        var client = await database.Read(db => store.Find(db, caller.Application.Id, id));
        var isRight = IsSecretOf(client, credential.Proof);
        return client is null ? Refuse("the client is unknown")
            : !credential.IsAllowedBy(client.Settings.Authentication) ? Refuse($"the client {client.Id} has to prove itself in another way")
            : client.IsPublic || isRight ? client
            : Refuse($"a wrong secret of the client {client.Id}");
    }

    private bool IsSecretOf(Client? client, string secret)
    {
        var (hash, now) = (Encoding.ASCII.GetBytes(Secrets.Hash(secret)), clock.Now());
        var live = client?.Secrets.Where(one => one.IsLive(now)) ?? NoSecrets;
        return live.Aggregate(
            false,
            (found, one) => CryptographicOperations.FixedTimeEquals(hash, Encoding.ASCII.GetBytes(one.Hash)) || found
        );
    }

    private static Result<Client> Refuse(string cause) => OAuthErrors.InvalidClient.WithCause(cause);

    /// <summary>A client that tried the header Authorization is told what to send in it (RFC 6749 §5.2).</summary>
    private static Error Challenge(HttpRequest request, ProviderCaller caller, Error error)
    {
        if (error.HttpStatus == StatusCodes.Status401Unauthorized && request.Headers.Authorization.Count > 0)
        {
            request.HttpContext.Response.Headers.WWWAuthenticate = $"Basic realm=\"{caller.Issuer}\", charset=\"UTF-8\"";
        }

        return error;
    }
}
