using System.Globalization;
using System.Text.RegularExpressions;
using Latchkey.Provider.Clients;

namespace Latchkey.Provider.Authorization;

/// <summary>
/// Which redirect URIs are a client's: those that it registered, letter by letter (RFC 9700 §2.1). Only the port of a loopback address of
/// a native app is free, because the app takes any that it gets (RFC 8252 §7.3).
/// </summary>
public static partial class RedirectUris
{
    private const int MaxPort = 65_535;

    public static bool IsRegistered(Client client, string uri) =>
        client.Settings.RedirectUris.Contains(uri, StringComparer.Ordinal)
        || (
            client.Type == ClientType.Native
            && WithoutPort(uri) is { } asked
            && client.Settings.RedirectUris.Any(registered => WithoutPort(registered) == asked)
        );

    /// <summary>
    /// Whether no other app can get what is sent there: an https address is claimed by its app, and a loopback port is held by the program
    /// that listens. Any app can register a scheme of its own (RFC 8252 §8.6).
    /// </summary>
    public static bool IsAssured(string uri) => uri.StartsWith("https://", StringComparison.Ordinal) || WithoutPort(uri) is not null;

    /// <summary>
    /// What <c>form-action</c> must name so that a form may lead there: its origin, or its scheme where CSP has no origin.
    /// </summary>
    public static string FormTarget(string uri) =>
        !Uri.TryCreate(uri, UriKind.Absolute, out var parsed) ? "'none'"
        : parsed.Scheme is not ("https" or "http") || parsed.HostNameType == UriHostNameType.IPv6 ? $"{parsed.Scheme}:"
        : parsed.IsDefaultPort ? $"{parsed.Scheme}://{parsed.IdnHost}"
        : string.Create(CultureInfo.InvariantCulture, $"{parsed.Scheme}://{parsed.IdnHost}:{parsed.Port}");

    /// <summary>A loopback address as it is, but for its port; null for any other.</summary>
    private static string? WithoutPort(string uri) =>
        Loopback().Match(uri) is { Success: true } match && (match.Groups["port"] is not { Success: true, Value: var port } || IsPort(port))
            ? match.Groups["host"].Value + match.Groups["rest"].Value
            : null;

    private static bool IsPort(string digits) => int.Parse(digits, CultureInfo.InvariantCulture) is > 0 and <= MaxPort;

    [GeneratedRegex(
        @"^(?<host>http://(127\.0\.0\.1|\[::1\]|localhost))(:(?<port>[1-9][0-9]{0,4}))?(?<rest>([/?].*)?)\z",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.Singleline,
        1000
    )]
    private static partial Regex Loopback();
}
