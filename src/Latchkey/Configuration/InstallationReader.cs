using System.Globalization;
using System.Net;
using System.Net.Mail;

namespace Latchkey.Configuration;

/// <summary>An installation's setting that cannot work; the message says what to change.</summary>
public sealed class InvalidSettingException(string message) : Exception(message);

/// <summary>Reads the environment variables <c>LATCHKEY_…</c>; options given on the command line win over them.</summary>
public static class InstallationReader
{
    /// <exception cref="InvalidSettingException">A variable does not parse, or two of them contradict each other.</exception>
    public static Installation Read(IReadOnlyDictionary<string, string?> options)
    {
        string? Text(string name) => options.GetValueOrDefault(name) is { Length: > 0 } given ? given : Environment.GetEnvironmentVariable($"LATCHKEY_{name}") is { Length: > 0 } set ? set : null;

        var installation = new Installation
        {
            DataFolder = Text("DATA") ?? "data",
            Database = Text("DATABASE") ?? "",
            KeysFolder = Text("KEYS") ?? "",
            Listen = List(Text("LISTEN") ?? Installation.DefaultListen).Select(ListenUrl).ToList(),
            ConfiguredPublicUrl = Text("PUBLIC_URL") is { } url ? PublicUrl(url) : null,
            Proxies = List(Text("PROXIES") ?? "").Select(Network).ToList(),
            CorsOrigins = List(Text("CORS_ORIGINS") ?? "").ToList(),
            Pepper = Text("PEPPER") ?? "",
            LimitsOn = Text("LIMITS") switch
            {
                null or "on" => true,
                "off" => false,
                var other => throw new InvalidSettingException($"LIMITS is on or off, not {other}."),
            },
            Smtp = Text("SMTP_HOST") is { } host ? Smtp(host, Text) : null,
        };
        Check(installation);
        return installation;
    }

    private static void Check(Installation installation)
    {
        if (!installation.LimitsOn && (!installation.IsLoopbackOnly || installation.Proxies.Count > 0 || installation.ConfiguredPublicUrl is not null))
        {
            throw new InvalidSettingException("Limits can be switched off on loopback only, without proxies and without a public URL: without them, passwords and codes can be guessed.");
        }

        if (!installation.IsLoopbackOnly && installation.ConfiguredPublicUrl is null)
        {
            throw new InvalidSettingException("Set LATCHKEY_PUBLIC_URL (or --public-url) to the address your users reach, such as https://auth.example.com: links in mails and the issuer of tokens are built from it.");
        }
    }

    private static IEnumerable<string> List(string text) => text.Split([',', ';', ' '], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private static Uri ListenUrl(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https" && url.AbsolutePath == "/"
            ? url
            : throw new InvalidSettingException($"{text} is not an address to listen on; give one like http://127.0.0.1:5400 or http://0.0.0.0:8080.");

    private static Uri PublicUrl(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https" && url.Query.Length == 0 && url.Fragment.Length == 0
            ? url
            : throw new InvalidSettingException($"The public URL {text} is not an http or https address.");

    private static IPNetwork Network(string text)
    {
        if (IPNetwork.TryParse(text, out var network))
        {
            return network;
        }

        return IPAddress.TryParse(text, out var address)
            ? new IPNetwork(address, address.GetAddressBytes().Length * 8)
            : throw new InvalidSettingException($"{text} in LATCHKEY_PROXIES is neither an address nor a network such as 10.0.0.0/8.");
    }

    private static SmtpServer Smtp(string host, Func<string, string?> text)
    {
        var from = text("SMTP_FROM") ?? throw new InvalidSettingException("LATCHKEY_SMTP_HOST is set; set LATCHKEY_SMTP_FROM to the sender's address too.");
        if (!MailAddress.TryCreate(from, out _))
        {
            throw new InvalidSettingException($"LATCHKEY_SMTP_FROM is {from}, which is not an e-mail address.");
        }

        var startTls = text("SMTP_SECURITY") switch
        {
            null or "starttls" => true,
            "none" => false,
            var other => throw new InvalidSettingException($"LATCHKEY_SMTP_SECURITY is starttls or none, not {other}."),
        };
        var port = text("SMTP_PORT") is not { } given ? 587 : int.TryParse(given, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is > 0 and < 65_536 ? number : throw new InvalidSettingException($"LATCHKEY_SMTP_PORT is {given}, which is not a port.");
        return new SmtpServer(host, port, startTls, text("SMTP_USER") ?? "", text("SMTP_PASSWORD") ?? "", from);
    }
}
