using System.Text;
using Latchkey.Applications.Credentials;
using Latchkey.Cryptography;

namespace Latchkey.Portal.Applications;

/// <summary>Public keys in the form that an SDK takes.</summary>
public static class SdkKeys
{
    /// <summary>
    /// The <c>rawPublicKey</c> of the Swift SDK: base64 of the whole PEM text. The SDK cuts the footer off the end, so no newline may
    /// follow it. Null for a key that is not RSA, which the SDK cannot read.
    /// </summary>
    public static string? ForSwift(SigningKeyRow key) =>
        key.Algorithm == JwsKey.Rs256 ? Convert.ToBase64String(Encoding.UTF8.GetBytes(key.PublicKey.Trim())) : null;
}
