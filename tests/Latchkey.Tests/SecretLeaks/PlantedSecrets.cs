using System.Security.Cryptography;
using System.Text;

namespace Latchkey.Tests.SecretLeaks;

/// <summary>Secrets that a test made up, or was given, and the forms in which one of them might lie about.</summary>
internal sealed class PlantedSecrets
{
    private readonly List<(string Name, byte[] Form)> forms = [];

    /// <summary>How many forms of secrets are searched for.</summary>
    public int Count => forms.Count;

    /// <summary>A new recognisable secret.</summary>
    public string Plant(string name) => Add(name, $"Canary-{name}-{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8))}");

    /// <summary>A password also goes over the wire as its MD5.</summary>
    public string PlantPassword(string name)
    {
        var password = Plant(name);
#pragma warning disable CA5351 // what clients send
        Add($"{name} as MD5", Convert.ToHexStringLower(MD5.HashData(Encoding.UTF8.GetBytes(password))));
#pragma warning restore CA5351
        return password;
    }

    public string Add(string name, string secret)
    {
        Add(name, Encoding.UTF8.GetBytes(secret));
        forms.Add(($"{name}, UTF-16", Encoding.Unicode.GetBytes(secret)));
        forms.Add(($"{name}, in a URL", Encoding.UTF8.GetBytes(Uri.EscapeDataString(secret))));
        return secret;
    }

    public void Add(string name, byte[] secret)
    {
        secret.Length.ShouldBeGreaterThan(11, name); // shorter ones are found by chance
        forms.Add((name, secret));
        forms.Add(($"{name}, hex", Encoding.ASCII.GetBytes(Convert.ToHexStringLower(secret))));
        forms.Add(($"{name}, HEX", Encoding.ASCII.GetBytes(Convert.ToHexString(secret))));
        for (var offset = 0; offset < 3; offset++)
        {
            // The characters of base64 that do not depend on what stands before and after.
            var text = Convert.ToBase64String([.. new byte[offset], .. secret])[((8 * offset + 5) / 6)..(8 * (offset + secret.Length) / 6)];
            forms.Add(($"{name}, base64", Encoding.ASCII.GetBytes(text)));
            forms.Add(($"{name}, base64url", Encoding.ASCII.GetBytes(text.Replace('+', '-').Replace('/', '_'))));
        }
    }

    /// <summary>The secrets, by name, that are in these bytes in any form.</summary>
    public IReadOnlyList<string> FindIn(byte[] bytes) =>
        [.. forms.Where(form => bytes.AsSpan().IndexOf(form.Form) >= 0).Select(form => form.Name)];

    public IReadOnlyList<string> FindIn(string text) => FindIn(Encoding.UTF8.GetBytes(text));
}
