using System.Buffers.Text;
using System.Text.Json;
using Latchkey.Applications;
using Latchkey.Core;
using Latchkey.Cryptography;
using Latchkey.Data;
using Latchkey.Users.Sessions;

namespace Latchkey.Api.Authentication;

/// <summary>
/// Tokens of the server that an application moved in from, while the operator lets them be accepted. RS256 without a <c>kid</c>, under a
/// key that is good for this application alone; an App Token only if it is the one that was imported, an access token only while
/// the session stands that the import gave its user. Nothing else under that key is anything.
/// </summary>
public sealed class OldTokens(ApplicationDirectory directory, Database database, SessionStore sessions, TimeProvider clock)
{
    private const long ClockDrift = 60;
    private static readonly string[] AppClaims = ["appId", "scope", "iat"];
    private static readonly string[] AccessClaims = ["handle", "appId", "scope", "iat"];

    /// <summary>The application of its old App Token; null for anything else.</summary>
    public async Task<Application?> ReadApp(string text)
    {
        if (await Signer(text) is not { } application)
        {
            return null;
        }

        using var claims = Claims(text, application);
        return claims is not null && IsSound(claims.RootElement, "app", AppClaims) && application.OldServer!.AppTokenHash == Secrets.Hash(text) ? application : null;
    }

    /// <summary>The application of an old access token, and the handle it names, whether or not their time is over; null for anything else.</summary>
    public async Task<OldAccessToken?> ReadAccess(string text)
    {
        if (await Signer(text) is not { } application)
        {
            return null;
        }

        using var claims = Claims(text, application);
        return claims is not null && IsSound(claims.RootElement, "user", AccessClaims) && claims.RootElement.Text("handle") is { } handle && Field.IsStorable(handle)
            ? new OldAccessToken(application, Handle.Stored(handle).IsAnonymous ? handle : Handle.Normalise(handle))
            : null;
    }

    /// <summary>The session that the token counts as, ended or not; null when the time of these tokens is over, and when its user is gone, or came after the import.</summary>
    public async Task<SessionUser?> FindSession(OldAccessToken token) =>
        token.Application.OldServer!.AccessTokensUntil <= clock.Now() ? null
            : await database.Read(db => sessions.FindOld(db, token.Application.Id, token.Handle, OldServer.SessionId("")));

    /// <summary>The application that an unverified token names, when it has an old server.</summary>
    private async Task<Application?> Signer(string text)
    {
        var parts = text.Split('.');
        if (parts.Length != 3 || !Base64Url.IsValid(parts[1]))
        {
            return null;
        }

        using var claims = Jwt.Claims(Base64Url.DecodeFromChars(parts[1]));
        return claims?.RootElement.Text("appId") is { } appId && Field.IsStorable(appId) && await directory.Find(appId) is { OldServer: not null } application ? application : null;
    }

    private static JsonDocument? Claims(string text, Application application) =>
        Jwt.Verify(text, header => header is { KeyId: null, Type: null or "JWT" } ? application.OldServer!.Key : null) is { } payload ? Jwt.Claims(payload) : null;

    private bool IsSound(JsonElement claims, string scope, string[] names) =>
        claims.EnumerateObject().Select(claim => claim.Name).Order(StringComparer.Ordinal).SequenceEqual(names.Order(StringComparer.Ordinal), StringComparer.Ordinal)
        && claims.Text("scope") == scope
        && claims.Seconds("iat") is { } issued
        && issued <= (clock.Now() / 1000) + ClockDrift;
}

/// <summary>A verified access token of an old server.</summary>
public sealed record OldAccessToken(Application Application, string Handle);
