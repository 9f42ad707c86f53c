using Latchkey.Applications;
using Latchkey.Cryptography;
using Latchkey.Data;

namespace Latchkey.Provider.Logout;

/// <summary>Writes logout tokens (OpenID Connect Back-Channel Logout §2.4).</summary>
public sealed class LogoutTokens(TimeProvider clock)
{
    private const string Type = "logout+jwt";
    private const string Event = "http://schemas.openid.net/event/backchannel-logout";
    private const long LifetimeSeconds = 120;

    public string Write(Application application, string issuer, LogoutNotice notice)
    {
        var now = clock.Now() / 1000;
        return Jwt.Write(
            application.SigningKey,
            Type,
            claims =>
            {
                claims.WriteString("iss"u8, issuer);
                claims.WriteString("sub"u8, notice.UserId);
                claims.WriteString("aud"u8, notice.ClientId);
                claims.WriteNumber("iat"u8, now);
                claims.WriteNumber("exp"u8, now + LifetimeSeconds);
                claims.WriteString("jti"u8, Ids.New(clock));
                claims.WriteString("sid"u8, notice.Sid);
                claims.WriteStartObject("events"u8);
                claims.WriteStartObject(Event);
                claims.WriteEndObject();
                claims.WriteEndObject();
            }
        );
    }
}
