using System.Security.Cryptography;
using System.Text;
using Latchkey.Cryptography;
using Microsoft.AspNetCore.DataProtection;

namespace Latchkey.Portal;

/// <summary>
/// Data protection with the installation's key ring: every node can read what another one protected, and no other keys are needed.
/// </summary>
public sealed class KeyRingDataProtectionProvider(KeyRing ring) : IDataProtectionProvider
{
    public IDataProtector CreateProtector(string purpose) => new Protector(ring, $"data_protection/{purpose}");

    private sealed class Protector(KeyRing ring, string purpose) : IDataProtector
    {
        public IDataProtector CreateProtector(string further) => new Protector(ring, $"{purpose}/{further}");

        public byte[] Protect(byte[] plaintext) => Encoding.ASCII.GetBytes(ring.Encrypt(purpose, plaintext));

        public byte[] Unprotect(byte[] protectedData)
        {
            try
            {
                return ring.Open(purpose, Encoding.ASCII.GetString(protectedData));
            }
            catch (Exception e) when (e is FormatException or OverflowException or ArgumentException)
            {
                throw new CryptographicException("not something that was sealed", e);
            }
        }
    }
}
