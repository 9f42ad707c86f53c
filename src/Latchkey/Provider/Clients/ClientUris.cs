using Latchkey.Core;

namespace Latchkey.Provider.Clients;

/// <summary>What addresses a client may have (RFC 6749 §3.1.2, RFC 8252 §7, OpenID Connect Back-Channel Logout §2.2).</summary>
public static class ClientUris
{
    private const int MaxLength = 2000;
    private const string Https = "https";
    private const string Http = "http";

    /// <summary>What is wrong with an address that codes are sent to; null for nothing.</summary>
    public static string? FindRedirectProblem(string uri, ClientType type) =>
        FindProblem(uri) is { } malformed ? malformed
        : SchemeOf(uri) is Https || (SchemeOf(uri) is Http && IsLoopback(uri)) ? null
        : SchemeOf(uri) is Http ? $"{uri} must begin with https. Only an address of this device, such as http://127.0.0.1, can have http."
        : FindSchemeProblem(uri, type);

    /// <summary>As above, for an address that a browser is sent to after logout (OpenID Connect RP-Initiated Logout §3.1).</summary>
    public static string? FindPostLogoutProblem(string uri, ClientType type, bool isPublic) =>
        FindProblem(uri) is { } malformed ? malformed
        : SchemeOf(uri) is Http && !isPublic ? null
        : FindRedirectProblem(uri, type);

    /// <summary>As above, for an address that this server calls.</summary>
    /// <param name="allowsHttp">For back-channel logout of a client that proves itself.</param>
    public static string? FindCalledProblem(string uri, bool allowsHttp) =>
        FindProblem(uri)
        ?? (SchemeOf(uri) is Https || (SchemeOf(uri) is Http && allowsHttp) ? null : $"{uri} must be an address that begins with https.");

    /// <summary>
    /// <c>localhost</c> can lead elsewhere than to the device (RFC 8252 §8.3). It is allowed, because development servers use it.
    /// </summary>
    public static bool IsLocalhost(string uri) =>
        Uri.TryCreate(uri, UriKind.Absolute, out var parsed) && parsed.Host.Equals("localhost", StringComparison.OrdinalIgnoreCase);

    private static string? FindProblem(string uri) =>
        uri.Length > MaxLength ? $"An address can have at most {MaxLength} characters."
        : uri.Any(c => c is <= ' ' or > '~' or '\\' or '"' or '<' or '>')
            ? "An address has letters of ASCII only, without blanks. Encode others."
        : uri.Contains('*', StringComparison.Ordinal) ? $"{uri} has a *. Addresses are compared as they are, so enter each one."
        : uri.Contains('#', StringComparison.Ordinal) ? $"{uri} cannot have a fragment, the part behind #."
        : !Uri.TryCreate(uri, UriKind.Absolute, out var parsed) || SchemeOf(uri).Length == 0
            ? $"{uri} must be absolute, such as https://app.example.com/callback."
        : SchemeOf(uri) is Http or Https ? FindHostProblem(uri, parsed)
        : null;

    private static string? FindHostProblem(string uri, Uri parsed) =>
        !uri.StartsWith($"{SchemeOf(uri)}://", StringComparison.Ordinal) || parsed.Host.Length == 0
            ? $"{uri} must have a host, such as https://app.example.com/callback."
        : parsed.UserInfo.Length > 0 || Authority(uri).Contains('@', StringComparison.Ordinal)
            ? $"{uri} cannot have a user name before the host."
        : null;

    private static string? FindSchemeProblem(string uri, ClientType type) =>
        type != ClientType.Native ? $"{uri} must begin with https. Only a native client can have a scheme of its own."
        : IsReverseDomain(SchemeOf(uri)) ? null
        : $"The scheme of {uri} must be a domain of yours in reverse, such as com.example.app, so that no other app has it.";

    private static bool IsReverseDomain(string scheme) =>
        scheme.Split('.') is { Length: >= 2 } labels
        && labels.All(label => label.Length > 0 && label.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '-' or '+'));

    private static bool IsLoopback(string uri) =>
        Uri.TryCreate(uri, UriKind.Absolute, out var parsed) && parsed.Host is "127.0.0.1" or "[::1]" or "localhost";

    private static string SchemeOf(string uri) => uri.IndexOf(':', StringComparison.Ordinal) is > 0 and var end ? uri[..end] : "";

    private static string Authority(string uri) => uri[(SchemeOf(uri).Length + 3)..].Split('/', '?')[0];
}
