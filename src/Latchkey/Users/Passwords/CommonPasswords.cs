namespace Latchkey.Users.Passwords;

/// <summary>The most common passwords, by MD5, so that the list also works for clients that hash before sending.</summary>
public static class CommonPasswords
{
    private const string ListResource = "zxcvbn-core.Dictionaries.passwords.lst";
    private const int MaxEntries = 10_000;

    private static readonly Lazy<HashSet<UInt128>> Hashes = new(Load);

    public static bool Contains(string md5Hex) => Hashes.Value.Contains(Key(md5Hex));

    private static HashSet<UInt128> Load()
    {
        using var list =
            typeof(Zxcvbn.Zxcvbn).Assembly.GetManifestResourceStream(ListResource)
            ?? throw new InvalidOperationException($"the resource {ListResource} is missing");
        using var reader = new StreamReader(list);
        var hashes = new HashSet<UInt128>(MaxEntries);
        while (hashes.Count < MaxEntries && reader.ReadLine() is { } line)
        {
            if (line.Trim() is { Length: > 0 } password)
            {
                hashes.Add(Key(RawPassword.Md5(password)));
            }
        }

        return hashes;
    }

    private static UInt128 Key(string md5Hex) =>
        UInt128.Parse(md5Hex, System.Globalization.NumberStyles.AllowHexSpecifier, System.Globalization.CultureInfo.InvariantCulture);
}
