using System.Buffers.Text;
using System.Data.Common;
using System.Security.Cryptography;
using System.Text;
using Latchkey.Applications;
using Latchkey.Applications.Settings;
using Latchkey.Cryptography;

namespace Latchkey.Users.Sessions;

/// <summary>Creates grants, and derives their refresh tokens.</summary>
public sealed class SessionGrants(SessionGrantStore store, KeyRing ring)
{
    private const int SecretBytes = 32;

    /// <summary>Gives the app a grant of a new session, if the application's sessions have refresh tokens. In the transaction.</summary>
    public async Task<Session> AddTo(DbConnection db, Application application, Session session)
    {
        if (application.Settings.SessionMode == SessionMode.Classic)
        {
            return session;
        }

        var grant = Create(session, NewId(), session.CreatedAt);
        await store.Insert(db, grant);
        return session with { Grant = grant };
    }

    /// <summary>A grant of a session with a secret of its own, not stored yet.</summary>
    /// <param name="id">A <see cref="NewId"/>, or <see cref="IdOf"/> something that works once.</param>
    public SessionGrant Create(Session session, string id, long now) =>
        new()
        {
            AppId = session.AppId,
            Id = id,
            SessionId = session.Id,
            SecretSealed = ring.Encrypt(SessionGrant.SecretPurpose(id), RandomNumberGenerator.GetBytes(SecretBytes)),
            Generation = 1,
            CreatedAt = now,
        };

    public static string NewId() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(RefreshToken.IdBytes));

    /// <summary>The id of the one grant that a code leads to: 128 bits of its hash.</summary>
    public static string IdOf(string code) =>
        Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes(code)).AsSpan(0, RefreshToken.IdBytes));

    /// <summary>The newest refresh token of a grant.</summary>
    public string TokenOf(SessionGrant grant) => RefreshToken.Write(grant, SecretOf(grant));

    /// <summary>Whether the grant issued this token; constant-time.</summary>
    public bool IsIssuedBy(SessionGrant grant, RefreshToken token) => token.IsIssuedBy(grant, SecretOf(grant));

    private byte[] SecretOf(SessionGrant grant) => ring.Open(SessionGrant.SecretPurpose(grant.Id), grant.SecretSealed);
}
