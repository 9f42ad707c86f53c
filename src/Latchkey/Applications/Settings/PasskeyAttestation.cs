using System.Text.Json.Serialization;
using Latchkey.Core;

namespace Latchkey.Applications.Settings;

/// <summary>What an application asks authenticators to prove about themselves (WebAuthn §5.4.7).</summary>
[JsonConverter(typeof(EnumNameConverter<PasskeyAttestation>))]
public enum PasskeyAttestation
{
    /// <summary>Nothing: every authenticator will do.</summary>
    None,

    /// <summary>Their model, by a certificate of its maker.</summary>
    Direct,
}
