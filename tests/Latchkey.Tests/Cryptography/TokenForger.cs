using System.Buffers.Text;
using System.Text;
using Latchkey.Cryptography;

namespace Latchkey.Tests.Cryptography;

/// <summary>Makes tokens that nobody should take.</summary>
internal static class TokenForger
{
    public static string Token(string header, string payload, JwsKey? key = null)
    {
        var signed = $"{Encode(header)}.{Encode(payload)}";
        return $"{signed}.{(key is null ? "" : Base64Url.EncodeToString(key.Sign(Encoding.ASCII.GetBytes(signed))))}";
    }

    public static string Encode(string json) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(json));
}
