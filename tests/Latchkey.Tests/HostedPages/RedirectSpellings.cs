namespace Latchkey.Tests.HostedPages;

/// <summary>Ways to write an address elsewhere that browsers or careless code take for one here.</summary>
public static class RedirectSpellings
{
    private static readonly string[] Prefixes =
    [
        "https://",
        "http://",
        "//",
        "///",
        "////",
        "/\\",
        "\\\\",
        "\\/",
        "/\t/",
        "\t//",
        " //",
        "/%2f",
        "/%5c",
        "%2f%2f",
        "https:",
        "https:/",
        "https:\\\\",
        "hTTps://",
        "https:///",
        "/.//",
        "/..//",
        "./\\",
        "/;//",
        "/#//",
        "/?//",
        "\u0001https://",
        "\u00a0https://",
        "/\u2215",
        "\uff0f\uff0f",
        "ftp://",
        "javascript://",
        "data:text/html,//",
        "blob:https://",
        "https://good.example@",
        "https://127.0.0.1@",
        "https://127.0.0.1:80@",
        "https://127.0.0.1%00.",
        "https://127.0.0.1.",
        "https://127.0.0.1\\@",
        "https://127.0.0.1#@",
        "https://127.0.0.1?@",
        "/\r\nLocation: https://",
        "/\r\nX-Evil: https://",
        "device//",
        "device\\",
        "device@",
        "device?x=//",
        "device#//",
        "device/../../../",
        "device\u0000//",
    ];

    public static IEnumerable<string> All =>
        Prefixes
            .Select(prefix => $"{prefix}evil.example")
            .Concat(Prefixes.Where((_, i) => i % 3 == 0).Select(prefix => $"{prefix}evil.example/%2e%2e"));
}
