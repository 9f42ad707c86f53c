using System.Text.Json.Serialization;
using Latchkey.Core;

namespace Latchkey.Applications.Settings;

/// <summary>The second factor that users of an application can enable.</summary>
[JsonConverter(typeof(EnumNameConverter<TwoFactorMethod>))]
public enum TwoFactorMethod
{
    None,

    /// <summary>Codes of an authenticator app (RFC 6238).</summary>
    Google,

    /// <summary>Codes by SMS.</summary>
    Phone,
}
