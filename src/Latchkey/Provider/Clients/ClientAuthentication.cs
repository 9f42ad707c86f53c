using System.Security.Cryptography;
using System.Text;
using Latchkey.Core;
using Latchkey.Cryptography;
using Latchkey.Data;
using Latchkey.Limits;
using Latchkey.Provider.Tokens;

namespace Latchkey.Provider.Clients;

/// <summary>
/// Clients prove who they are at the endpoints for programs (RFC 6749 §2.3). An unknown client and a wrong secret cost the same work and
/// get the same answer. Failures are counted for each network; what is right gets through all the same, so that nobody locks others out.
/// A secret has 256 random bits, so it cannot be guessed either way.
/// </summary>
public sealed class ClientAuthentication(
    Database database,
    ClientStore store,
    ClientAssertions assertions,
    RateLimits limits,
    TimeProvider clock
)
{
    /// <summary>What an unknown client's secret is compared with.</summary>
    private static readonly ClientSecret[] NoSecrets = [new("", Secrets.Hash(""), "", 0)];

    /// <summary>
    /// The client; one without a secret has only named itself. invalid_client for one that is unknown or fails, also by a method that it
    /// is not set to; invalid_request for two methods at once.
    /// </summary>
    /// <param name="request">The request.</param>
    /// <param name="caller">The application.</param>
    /// <param name="parameters">The request's form.</param>
    /// <param name="ahead">What else the request needs, to be read with the client; it becomes a feature of the request.</param>
    public async Task<Result<Client>> Authenticate(
        HttpRequest request,
        ProviderCaller caller,
        OAuthParameters parameters,
        RowQuery<NamedGrant>? ahead = null
    )
    {
        if (ClientCredentialReader.Read(request, parameters).Failed(out var credential, out var unreadable))
        {
            return await Refuse(request, caller, unreadable);
        }

        return (await Verify(request.HttpContext, caller, credential, ahead)).Failed(out var client, out var refused)
            ? await Refuse(request, caller, refused)
            : client;
    }

    private async Task<Result<Client>> Verify(
        HttpContext context,
        ProviderCaller caller,
        ClientCredential credential,
        RowQuery<NamedGrant>? ahead
    )
    {
        if ((credential.ClientId ?? ClientAssertions.SubjectOf(credential)) is not { Length: > 0 } id)
        {
            return OAuthErrors.InvalidClient.WithCause("the request names no client");
        }

        // The keys for an assertion may have to be fetched, and what was read would be old by then.
        var query = store.ById(caller.Application.Id, id);
        var (client, named) =
            ahead is null || credential.Method == ClientAuthenticationMethod.PrivateKey
                ? (await database.Read(db => db.QueryRow(query)), null)
                : await database.Read(db => db.QueryRows(query, ahead));
        context.Features.Set(client); // for the log
        context.Features.Set(named);
        var isRight = IsSecretOf(client, credential.Proof);
        return client is null ? OAuthErrors.InvalidClient.WithCause("the client is unknown")
            : !credential.IsAllowedBy(client.Settings.Authentication)
                ? OAuthErrors.InvalidClient.WithCause("the client has to prove itself in another way")
            : credential.Method == ClientAuthenticationMethod.PrivateKey ? await assertions.Verify(caller, client, credential.Proof)
            : client.IsPublic || isRight ? client
            : OAuthErrors.InvalidClient.WithCause("wrong secret");
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

    /// <summary>A client that tried the header Authorization is told what to send in it (RFC 6749 §5.2).</summary>
    private async Task<Error> Refuse(HttpRequest request, ProviderCaller caller, Error error)
    {
        if (error.Code != OAuthErrors.InvalidClient.Code)
        {
            return error;
        }

        var failure = new RateLimitRequest(DefaultLimits.FailedClients, caller.Client.Network);
        if (await limits.TryAcquire(caller.Application.Id, failure) is { } limit)
        {
            return OAuthErrors.SlowDownClient with { Cause = limit.Cause, RetryAfter = limit.RetryAfter };
        }

        if (request.Headers.Authorization.Count > 0)
        {
            request.HttpContext.Response.Headers.WWWAuthenticate = $"Basic realm=\"{caller.Issuer}\", charset=\"UTF-8\"";
        }

        return error;
    }
}
