using System.Text.Json;

namespace Latchkey.Cryptography;

/// <summary>
/// The tokens that this installation issues to its clients: App Token, access token, login token, signed user token, passkey
/// request. Each kind has its own
/// HMAC key, derived from the key ring, and its own <c>typ</c>, so that no kind can be used as another or as a user JWT.
/// </summary>
public sealed class InstallationTokens
{
    private const string AppType = "app+jwt";
    private const string AccessType = "access+jwt";
    private const string LoginType = "login+jwt";
    private const string PasskeyType = "passkey+jwt";
    private const string SignedUserType = "signed-user+jwt";

    private readonly KeyRing ring;
    private readonly VerifiedTokens<AppToken> appTokens;
    private readonly VerifiedTokens<AccessToken> accessTokens;

    public InstallationTokens(KeyRing ring)
    {
        this.ring = ring;
        appTokens = new(capacity: 5_000, ParseApp);
        accessTokens = new(capacity: 2_000, ParseAccess);
    }

    /// <summary>Deterministic while the original signing key is in the ring.</summary>
    public string Write(AppToken token) =>
        Jwt.Write(
            (token.RingKey is { Length: > 0 } id ? Key(id, AppType) : null) ?? CurrentKey(AppType),
            AppType,
            claims =>
            {
                claims.WriteString("appId"u8, token.AppId);
                claims.WriteString("scope"u8, "app");
                claims.WriteNumber("iat"u8, token.IssuedAt);
                claims.WriteString("jti"u8, token.Id);
            }
        );

    public string Write(AccessToken token) =>
        Write(
            AccessType,
            claims =>
            {
                claims.WriteString("handle"u8, token.Handle);
                claims.WriteString("appId"u8, token.AppId);
                claims.WriteString("scope"u8, "user");
                claims.WriteNumber("iat"u8, token.IssuedAt);
                claims.WriteNumber("exp"u8, token.ExpiresAt);
                claims.WriteString("sid"u8, token.SessionId);
            }
        );

    public string Write(LoginToken token) =>
        Write(
            LoginType,
            claims =>
            {
                claims.WriteString("handle"u8, token.Handle);
                claims.WriteString("appId"u8, token.AppId);
                claims.WriteString("scope"u8, "login");
                claims.WriteNumber("iat"u8, token.IssuedAt);
                claims.WriteString("jti"u8, token.Id);
            }
        );

    public string Write(PasskeyRequest request) =>
        Write(
            PasskeyType,
            claims =>
            {
                claims.WriteString("scope"u8, request.Scope);
                claims.WriteString("purpose"u8, request.Purpose);
                claims.WriteString("sub"u8, request.Subject);
                claims.WriteString("challenge"u8, request.Challenge);
                claims.WriteNumber("exp"u8, request.ExpiresAt);
            }
        );

    /// <summary>There is no way to read it back: it is accepted nowhere.</summary>
    public string Write(SignedUserToken token) =>
        Write(
            SignedUserType,
            claims =>
            {
                claims.WriteString("handle"u8, token.Handle);
                claims.WriteString("appId"u8, token.AppId);
                claims.WriteNumber("iat"u8, token.IssuedAt);
                claims.WriteNumber("exp"u8, token.ExpiresAt);
            }
        );

    /// <summary>Verifies an App Token's signature. Whether it is still in use is for the caller to check.</summary>
    public AppToken? ReadApp(string text) => appTokens.Read(text);

    /// <summary>Verifies an access token's signature. Expiry and the session are not checked; the caller must do that.</summary>
    public AccessToken? ReadAccess(string text) => accessTokens.Read(text);

    public LoginToken? ReadLogin(string text)
    {
        using var claims = Read(LoginType, text);
        return
            claims?.RootElement is { } c
            && c.GetStringOrNull("scope") == "login"
            && c.GetStringOrNull("appId") is { } appId
            && c.GetStringOrNull("handle") is { } handle
            && c.GetStringOrNull("jti") is { } id
            && c.GetNumericDate("iat") is { } issued
            ? new LoginToken(appId, handle, id, issued)
            : null;
    }

    /// <summary>Verifies a request's signature. Purpose, subject, end and whether it was used are for the caller to check.</summary>
    public PasskeyRequest? ReadPasskeyRequest(string text)
    {
        using var claims = Read(PasskeyType, text);
        return
            claims?.RootElement is { } c
            && c.GetStringOrNull("scope") is { } scope
            && c.GetStringOrNull("purpose") is { } purpose
            && c.GetStringOrNull("sub") is { } subject
            && c.GetStringOrNull("challenge") is { } challenge
            && c.GetNumericDate("exp") is { } expires
            ? new PasskeyRequest(scope, purpose, subject, challenge, expires)
            : null;
    }

    private AccessToken? ParseAccess(string text)
    {
        using var claims = Read(AccessType, text);
        return
            claims?.RootElement is { } c
            && c.GetStringOrNull("scope") == "user"
            && c.GetStringOrNull("appId") is { } appId
            && c.GetStringOrNull("handle") is { } handle
            && c.GetStringOrNull("sid") is { } session
            && c.GetNumericDate("iat") is { } issued
            && c.GetNumericDate("exp") is { } expires
            ? new AccessToken(appId, handle, session, issued, expires)
            : null;
    }

    private AppToken? ParseApp(string text)
    {
        using var claims = Read(AppType, text);
        return
            claims?.RootElement is { } c
            && c.GetStringOrNull("scope") == "app"
            && c.GetStringOrNull("appId") is { } appId
            && c.GetStringOrNull("jti") is { } id
            && c.GetNumericDate("iat") is { } issued
            ? new AppToken(appId, id, issued)
            : null;
    }

    private string Write(string type, Action<Utf8JsonWriter> claims) => Jwt.Write(CurrentKey(type), type, claims);

    private JsonDocument? Read(string type, string text) =>
        Jwt.Verify(text, header => header.Type == type && header.KeyId is { } kid ? Key(kid, type) : null) is { } payload
            ? Jwt.Claims(payload)
            : null;

    private HmacKey CurrentKey(string type) =>
        Key(ring.CurrentId, type) ?? throw new InvalidOperationException("the current key has left the key ring");

    private HmacKey? Key(string kid, string type) => ring.DerivedKey(kid, $"token:{type}") is { } secret ? new HmacKey(secret, kid) : null;
}
