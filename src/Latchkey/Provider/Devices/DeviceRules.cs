using Latchkey.Core;
using Latchkey.Cryptography;
using Latchkey.Data;
using Latchkey.Limits;
using Latchkey.Provider.Clients;
using Latchkey.Provider.Tokens;

namespace Latchkey.Provider.Devices;

/// <summary>
/// The device authorization endpoint (RFC 8628 §3.1 and §3.2): a device without a browser asks for a code that its user types elsewhere.
/// </summary>
public sealed class DeviceRules(
    Database database,
    DeviceRequestStore store,
    ClientAuthentication clients,
    DpopProofs proofs,
    RateLimits limits,
    KeyRing ring,
    TimeProvider clock
)
{
    /// <summary>Long enough to sign in on a phone, and short for somebody who sends the code to others.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(10);

    /// <summary>How long a request is kept after its end: the device is told that, and its code is not given again.</summary>
    public static readonly TimeSpan Kept = TimeSpan.FromHours(1);

    /// <summary>How long a device waits between two polls at first.</summary>
    private const long IntervalSeconds = 5;

    /// <summary>Of 20^8 codes hardly one is taken.</summary>
    private const int MaxDraws = 5;

    private const string UserCodePurpose = "device-user-code";

    /// <summary>
    /// Errors as of the token endpoint. unauthorized_client for a client without the grant type; invalid_scope without a scope, or for one
    /// that the client may not have.
    /// </summary>
    public async Task<Result<DeviceAnswer>> Start(HttpRequest request, ProviderCaller caller)
    {
        if ((await OAuthParameters.ReadForm(request)).Failed(out var parameters, out var refused))
        {
            return refused;
        }

        if ((await clients.Authenticate(request, caller, parameters)).Failed(out var client, out refused))
        {
            return refused;
        }

        if (!client.HasGrant(GrantType.DeviceCode))
        {
            return OAuthErrors.UnauthorizedClient.WithCause($"the client {client.Id} may not be used on devices");
        }

        if (Check(caller, client, parameters) is { } unallowed)
        {
            return unallowed;
        }

        if ((await proofs.Read(request, caller, client, DpopEndpoint.OfServer(caller, DeviceApi.Path))).Failed(out var proof, out refused))
        {
            return refused;
        }

        return await FindExcess(caller, client) is { } tooMany ? tooMany : await Insert(caller, client, parameters, proof?.Key);
    }

    /// <summary>All stored forms of a code to type.</summary>
    public static string[] HashesOf(KeyRing ring, string userCode) => ring.KeyedHashes(UserCodePurpose, userCode);

    private static Error? Check(ProviderCaller caller, Client client, OAuthParameters parameters)
    {
        var scopes = UserScopes.Split(parameters["scope"]);
        return scopes.Count == 0 ? OAuthErrors.InvalidScope with { Message = "scope is missing." }
            : scopes.Except(client.Settings.Scopes, StringComparer.Ordinal).Any() ? OAuthErrors.InvalidScope
            : new ResourceSelection(caller.Application, caller.Issuer)
                .Select(scopes, parameters.Values("resource"), client.Settings.Resources)
                .Error;
    }

    /// <summary>Anybody can ask in the name of a public client. A server that proves itself asks for many devices.</summary>
    private async Task<Error?> FindExcess(ProviderCaller caller, Client client)
    {
        var request = new RateLimitRequest(DefaultLimits.DeviceCodesPerNetwork, caller.Client.Network);
        return client.IsPublic && await limits.TryAcquire(caller.Application.Id, request) is { } excess
            ? OAuthErrors.SlowDownClient with
            {
                Cause = excess.Cause,
                RetryAfter = excess.RetryAfter,
            }
            : null;
    }

    private async Task<Result<DeviceAnswer>> Insert(ProviderCaller caller, Client client, OAuthParameters parameters, string? key)
    {
        var deviceCode = Secrets.Token();
        for (var draw = 0; draw < MaxDraws; draw++)
        {
            var userCode = DeviceUserCode.New();
            var hashes = HashesOf(ring, userCode);
            var request = Request(caller, client, parameters, key) with { Id = Secrets.Hash(deviceCode), UserCode = hashes[0] };
            if (await database.Write(db => store.TryInsert(db, request, hashes)))
            {
                return new DeviceAnswer(
                    deviceCode,
                    DeviceUserCode.Show(userCode),
                    $"{caller.Issuer}/device",
                    (long)Lifetime.TotalSeconds,
                    IntervalSeconds
                );
            }
        }

        return OAuthErrors.TemporarilyUnavailable.WithCause("no code for a device is free");
    }

    private DeviceRequest Request(ProviderCaller caller, Client client, OAuthParameters parameters, string? key)
    {
        var now = clock.Now();
        return new DeviceRequest
        {
            AppId = caller.Application.Id,
            ClientId = client.Id,
            Scope = string.Join(' ', UserScopes.Split(parameters["scope"])),
            Resources = string.Join(' ', parameters.Values("resource").Distinct(StringComparer.Ordinal)),
            DpopKey = key,
            Client = caller.Client.Address,
            UserAgent = caller.Client.ShortUserAgent,
            IntervalSeconds = IntervalSeconds,
            CreatedAt = now,
            ExpiresAt = now + (long)Lifetime.TotalMilliseconds,
        };
    }
}
