using System.Data.Common;
using Latchkey.Cryptography;
using Latchkey.Data;

namespace Latchkey.Applications.Credentials;

/// <summary>A new application's signing key, App Token and App Secret.</summary>
public sealed class InitialCredentials(
    SigningKeyStore signingKeys,
    CredentialStore credentials,
    SigningKeys keys,
    InstallationTokens tokens,
    KeyRing ring,
    TimeProvider clock
)
{
    /// <summary>Creates credentials without storing them. An RSA key takes about 0.1 s.</summary>
    /// <param name="appId">The new application.</param>
    /// <param name="algorithm">One of <see cref="SigningKeys.Algorithms"/>.</param>
    public NewCredentials Create(string appId, string algorithm)
    {
        var now = clock.Now();
        var key = keys.Create(Ids.New(clock), appId, algorithm, now) with { State = SigningKeyState.Active, ActivatedAt = now };
        var token = new AppToken(appId, Ids.New(clock), now / 1000) { RingKey = ring.CurrentId };
        return new NewCredentials(key, token, tokens.Write(token), Secrets.Token());
    }

    /// <summary>Stores them in the transaction that creates the application.</summary>
    public async Task Insert(DbConnection db, NewCredentials made)
    {
        await signingKeys.Insert(db, made.Key);
        await credentials.InsertToken(db, made.Token);
        await credentials.InsertSecret(
            db,
            made.Key.AppId,
            new AppSecretRow { Hash = Secrets.Hash(made.AppSecret), CreatedAt = made.Key.CreatedAt }
        );
    }
}
