using System.Text.RegularExpressions;
using Latchkey.Core;
using Latchkey.Provider.IdentityProviders.Catalogue;

namespace Latchkey.Provider.IdentityProviders;

/// <summary>Reads what a developer entered for a field of a <see cref="ProviderTemplate"/>.</summary>
public static partial class ProviderFieldText
{
    /// <summary>People copy the address of the document.</summary>
    private const string DiscoveryPath = "/.well-known/openid-configuration";
    private const string HttpsPrefix = "https://";

    /// <summary>The text as it is stored; 602 with a sentence for what is wrong.</summary>
    /// <param name="text">Not empty.</param>
    public static Result<string> Read(ProviderField field, string text) =>
        text.Length > (field.IsSecret ? ProviderField.MaxSecretLength : ProviderField.MaxLength)
            ? Invalid($"{field.Label} is too long.")
            : field.Kind switch
            {
                ProviderFieldKind.Address => ReadAddress(field, text),
                ProviderFieldKind.Host => ReadHost(field, text),
                ProviderFieldKind.Name => Name().IsMatch(text)
                    ? text
                    : Invalid($"{field.Label} has letters, digits, full stops, hyphens and underscores only, such as {field.Example}."),
                ProviderFieldKind.PrivateKey => AppleClientSecret.IsKey(text)
                    ? text
                    : Invalid($"{field.Label} is the whole content of the file with the private key, with its first and last line."),
                _ => Visible().IsMatch(text) ? text : Invalid($"{field.Label} has letters of ASCII without blanks{Example(field)}."),
            };

    /// <summary>An https address whose host could be on the internet. What the name leads to is checked at each connection.</summary>
    private static Result<string> ReadAddress(ProviderField field, string text) =>
        text.EndsWith(DiscoveryPath, StringComparison.Ordinal) ? ReadAddress(field, text[..^DiscoveryPath.Length])
        : text.Contains('{', StringComparison.Ordinal) ? Invalid($"{field.Label} has a placeholder in it. Enter the real value.")
        : !Visible().IsMatch(text) || text.Contains('?', StringComparison.Ordinal) || text.Contains('#', StringComparison.Ordinal)
            ? Invalid($"{field.Label} is an address without a query, such as {field.Example}.")
        : !text.StartsWith(HttpsPrefix, StringComparison.Ordinal)
        || !Uri.TryCreate(text, UriKind.Absolute, out var uri)
        || uri.UserInfo.Length > 0
        || uri.Host.Length == 0
            ? Invalid($"{field.Label} must begin with https and have a host, such as {field.Example}.")
        : text;

    private static Result<string> ReadHost(ProviderField field, string text)
    {
        var host = (text.StartsWith(HttpsPrefix, StringComparison.OrdinalIgnoreCase) ? text[HttpsPrefix.Length..] : text).TrimEnd('/');
        return Host().IsMatch(host) && Uri.TryCreate(HttpsPrefix + host, UriKind.Absolute, out _)
            ? host.ToLowerInvariant()
            : Invalid($"{field.Label} is a host name, such as {field.Example}.");
    }

    private static string Example(ProviderField field) => field.Example.Length > 0 ? $", such as {field.Example}" : "";

    private static Error Invalid(string sentence) => ErrorCodes.InvalidData with { Message = sentence };

    [GeneratedRegex(@"^[\x21-\x7E]+\z", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Visible();

    [GeneratedRegex(@"^[A-Za-z0-9][A-Za-z0-9._-]*\z", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Name();

    [GeneratedRegex(
        @"^[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?)+(:[0-9]{1,5})?\z",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture,
        1000
    )]
    private static partial Regex Host();
}
