using Latchkey.Core;
using Latchkey.Provider.Clients;

namespace Latchkey.Provider.IdentityProviders.Catalogue;

/// <summary>What the values of fields must be. They become parts of addresses, so that each kind allows only what is safe there.</summary>
public static class ProviderFieldCheck
{
    private const int MaxHostLength = 253;
    private const int MaxLabelLength = 63;

    /// <summary>The value as it is kept; 602 with a sentence for what is wrong, such as that it is missing.</summary>
    public static Result<string> Read(ProviderField field, string text)
    {
        var value = text.Trim();
        var longest = field.IsSecret ? ProviderField.MaxSecretLength : ProviderField.MaxLength;
        return value.Length == 0 ? (field.IsOptional ? "" : Wrong(field, "is missing"))
            : value.Length > longest ? Wrong(field, $"can have at most {longest} characters")
            : field.Kind switch
            {
                ProviderFieldKind.Address => ReadAddress(field, value),
                ProviderFieldKind.Host => ReadHost(field, value),
                ProviderFieldKind.Name => value.All(IsOfName) && value.Any(char.IsAsciiLetterOrDigit)
                    ? value
                    : Wrong(field, "has letters, digits, full stops, hyphens and underscores only"),
                ProviderFieldKind.PrivateKey => AppleClientSecret.IsKey(value)
                    ? value
                    : Wrong(field, "must be the content of the .p8 file, from the line with BEGIN PRIVATE KEY to that with END"),
                _ => value.All(c => c is > ' ' and <= '~') ? value : Wrong(field, "has letters of ASCII only, without blanks"),
            };
    }

    /// <summary>The issuer: a slash at its end belongs to it, and the discovery document's own address does not.</summary>
    private static Result<string> ReadAddress(ProviderField field, string value)
    {
        const string Discovery = "/.well-known/openid-configuration";
        var issuer = value.EndsWith(Discovery, StringComparison.Ordinal) ? value[..^Discovery.Length] : value;
        return ClientUris.FindCalledProblem(issuer, allowsHttp: false) is { } problem ? ErrorCodes.InvalidData with { Message = problem }
            : issuer.Contains('?', StringComparison.Ordinal) ? Wrong(field, "cannot have a question mark")
            : issuer.Contains('{', StringComparison.Ordinal) ? Wrong(field, "has a placeholder: enter the real value")
            : issuer;
    }

    private static Result<string> ReadHost(ProviderField field, string value)
    {
        const string Scheme = "https://";
        var host = (value.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) ? value[Scheme.Length..] : value)
            .TrimEnd('/')
            .ToLowerInvariant();
        return
            host.Length <= MaxHostLength
            && host.Split('.') is { Length: >= 2 } labels
            && labels.All(IsLabel)
            && !labels[^1].All(char.IsAsciiDigit)
            ? host
            : Wrong(field, $"must be a host name, such as {field.Example}");
    }

    private static bool IsLabel(string label) =>
        label.Length is >= 1 and <= MaxLabelLength
        && label.All(c => char.IsAsciiLetterOrDigit(c) || c == '-')
        && label[0] != '-'
        && label[^1] != '-';

    private static bool IsOfName(char c) => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_';

    private static Error Wrong(ProviderField field, string what) => ErrorCodes.InvalidData with { Message = $"{field.Label} {what}." };
}
