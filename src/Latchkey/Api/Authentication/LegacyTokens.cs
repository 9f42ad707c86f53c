using System.Buffers.Text;
using System.Text.Json;
using Latchkey.Applications;
using Latchkey.Core;
using Latchkey.Cryptography;
using Latchkey.Data;
using Latchkey.Users.Sessions;

namespace Latchkey.Api.Authentication;

/// <summary>
/// Tokens of the old server of an imported application, while the operator accepts them. RS256 without a <c>kid</c>, with a key that is
/// valid for this application only. An App Token is accepted only if it is the imported one, an access token only while the session that
/// the import created exists. Everything else is refused.
/// </summary>
public sealed class LegacyTokens(ApplicationCache applications, Database database, SessionStore sessions, TimeProvider clock)
{
    private const long ClockSkewSeconds = 60;
    private static readonly string[] AppClaims = ["appId", "scope", "iat"];
    private static readonly string[] AccessClaims = ["handle", "appId", "scope", "iat"];

    /// <summary>The application of its old App Token; null for anything else.</summary>
    public async Task<Application?> ReadApp(string text)
    {
        if (await FindIssuingApplication(text) is not { } application)
        {
            return null;
        }

        using var claims = Claims(text, application);
        return
            claims is not null
            && AreClaimsValid(claims.RootElement, "app", AppClaims)
            && application.LegacyServer?.AppTokenHash == Secrets.Hash(text)
            ? application
            : null;
    }

    /// <summary>
    /// The application of an old access token, and the handle it names, whether or not their time is over; null for anything else.
    /// </summary>
    public async Task<LegacyAccessToken?> ReadAccess(string text)
    {
        if (await FindIssuingApplication(text) is not { } application)
        {
            return null;
        }

        using var claims = Claims(text, application);
        return
            claims is not null
            && AreClaimsValid(claims.RootElement, "user", AccessClaims)
            && claims.RootElement.GetStringOrNull("handle") is { } handle
            && Field.IsStorable(handle)
            ? new LegacyAccessToken(application, Handle.FromStored(handle).IsAnonymous ? handle : Handle.Normalise(handle))
            : null;
    }

    /// <summary>
    /// The session for the token, ended or not. Null if old tokens are no longer accepted, or if the user was deleted or created after
    /// the import.
    /// </summary>
    public async Task<SessionUser?> FindSession(LegacyAccessToken token) =>
        token.Application.LegacyServer?.AccessTokensUntil > clock.Now()
            ? await database.Read(db => sessions.FindImported(db, token.Application.Id, token.Handle, LegacyServer.SessionId("")))
            : null;

    /// <summary>The application that an unverified token names, when it has an old server.</summary>
    private async Task<Application?> FindIssuingApplication(string text)
    {
        var parts = text.Split('.');
        if (parts.Length != 3 || !Base64Url.IsValid(parts[1]))
        {
            return null;
        }

        using var claims = Jwt.Claims(Base64Url.DecodeFromChars(parts[1]));
        return
            claims?.RootElement.GetStringOrNull("appId") is { } appId
            && Field.IsStorable(appId)
            && await applications.Find(appId) is { LegacyServer: not null } application
            ? application
            : null;
    }

    private static JsonDocument? Claims(string text, Application application) =>
        Jwt.Verify(text, header => header is { KeyId: null, Type: null or "JWT" } ? application.LegacyServer?.Key : null) is { } payload
            ? Jwt.Claims(payload)
            : null;

    private bool AreClaimsValid(JsonElement claims, string scope, string[] names) =>
        claims
            .EnumerateObject()
            .Select(claim => claim.Name)
            .Order(StringComparer.Ordinal)
            .SequenceEqual(names.Order(StringComparer.Ordinal), StringComparer.Ordinal)
        && claims.GetStringOrNull("scope") == scope
        && claims.GetNumericDate("iat") is { } issued
        && issued <= (clock.Now() / 1000) + ClockSkewSeconds;
}
