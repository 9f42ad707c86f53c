using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using Latchkey.Core;
using Latchkey.Core.Configuration;

namespace Latchkey.Storage;

/// <summary>Reads typed settings, and says of each field what is wrong with it.</summary>
public sealed partial class StorageInputReader(InstallationSettings installation)
{
    /// <summary>A signature of S3 ends after seven days at the latest.</summary>
    public const int MaxLinkHours = 168;

    private const long MaxMegabytes = 5L * 1024 * 1024 * 1024; // 5 PiB
    private const long MaxObjectMegabytes = 5 * 1024; // one PUT of S3 takes 5 GiB
    private const int MaxKeyLength = 256;
    private const int MaxPrefixLength = 200;

    /// <summary>The settings without secret and time, and the errors by field; the settings count only if there are none.</summary>
    /// <param name="current">What is stored; null for nothing.</param>
    public (StorageSettings Settings, IReadOnlyDictionary<string, string> Errors) Read(
        string appId,
        StorageInput input,
        StorageSettings? current
    )
    {
        var errors = new Dictionary<string, string>(StringComparer.Ordinal);
        var settings = new StorageSettings
        {
            AppId = appId,
            Enabled = input.Enabled,
            Endpoint = Endpoint(input.Endpoint.Trim(), errors),
            Region = Matching(Region(), input.Region, "region", "Enter the region's name, such as eu-central-1, or auto.", errors),
            Bucket = Matching(Bucket(), input.Bucket, "bucket", "Enter the bucket's name: 3 to 63 small letters, digits, - and .", errors),
            KeyId = Key(input.KeyId.Trim(), "keyId", "Enter the key id. It has no spaces.", errors),
            PathStyle = input.PathStyle,
            Prefix = Prefix(input.Prefix.Trim().Trim('/'), errors),
            ContentTypes = Types(input.ContentTypes, errors),
            LinkHours = (int)Number(input.LinkHours, "linkHours", 0, MaxLinkHours, errors),
            MaxBytes = Number(input.MaxMegabytes, "maxMegabytes", 1, MaxObjectMegabytes, errors) * StorageInput.Megabyte,
            UserQuota = Number(input.UserMegabytes, "userMegabytes", 0, MaxMegabytes, errors) * StorageInput.Megabyte,
            AppQuota = Number(input.AppMegabytes, "appMegabytes", 0, MaxMegabytes, errors) * StorageInput.Megabyte,
        };
        if (input.Secret.Length > 0)
        {
            Key(input.Secret, "secret", "This is not a secret key: it has no spaces and at most 256 characters.", errors);
        }
        else if (current is null || current.Endpoint != settings.Endpoint || current.KeyId != settings.KeyId)
        {
            errors["secret"] = "Enter the secret that belongs to this key id and endpoint.";
        }

        return (settings, errors);
    }

    /// <summary>
    /// http is for networks that the operator allows: elsewhere, links would travel in the clear. A host name is taken where the operator
    /// allows any network, because only a connection shows what it stands for.
    /// </summary>
    private string Endpoint(string text, Dictionary<string, string> errors)
    {
        if (
            !Uri.TryCreate(text, UriKind.Absolute, out var url)
            || url.Scheme is not ("https" or "http")
            || url.UserInfo.Length > 0
            || url.PathAndQuery != "/"
            || url.Fragment.Length > 0
            || url.HostNameType is UriHostNameType.Unknown or UriHostNameType.Basic
            || !Field.IsStorable(text)
        )
        {
            errors["endpoint"] = "Enter the address of the S3 API without a path, such as https://s3.eu-central-1.amazonaws.com.";
        }
        else if (url.Scheme == "http" && !MayBeAllowed(url.DnsSafeHost))
        {
            errors["endpoint"] = "The address must begin with https.";
        }

        return url?.IsAbsoluteUri == true ? url.GetLeftPart(UriPartial.Authority) : "";
    }

    private bool MayBeAllowed(string host) =>
        IPAddress.TryParse(host, out var address)
            ? installation.OutboundNetworks.Any(network => network.Contains(address))
            : installation.OutboundNetworks.Count > 0;

    private static string Prefix(string text, Dictionary<string, string> errors)
    {
        if (text.Length > MaxPrefixLength || !PrefixText().IsMatch(text) || text.Split('/').Any(part => part.All(c => c == '.')))
        {
            errors["prefix"] = "Enter letters, digits, - and _, with / between folders.";
        }

        return text;
    }

    private static string Types(string text, Dictionary<string, string> errors)
    {
        if (Storage.ContentTypes.Parse(text) is { } types)
        {
            return types.Text;
        }

        errors["contentTypes"] = "Enter types with commas between them, such as image/*, application/pdf.";
        return "";
    }

    private static string Key(string text, string field, string error, Dictionary<string, string> errors)
    {
        if (text.Length is 0 or > MaxKeyLength || !text.All(c => c is > ' ' and < '\u007f'))
        {
            errors[field] = error;
        }

        return text;
    }

    private static string Matching(Regex pattern, string text, string field, string error, Dictionary<string, string> errors)
    {
        if (!pattern.IsMatch(text.Trim()))
        {
            errors[field] = error;
        }

        return text.Trim();
    }

    private static long Number(string text, string field, long min, long max, Dictionary<string, string> errors)
    {
        if (long.TryParse(text.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= min && number <= max)
        {
            return number;
        }

        errors[field] = string.Create(CultureInfo.InvariantCulture, $"Enter a whole number from {min} to {max}.");
        return min;
    }

    [GeneratedRegex(@"\A[a-z0-9][a-z0-9-]{0,39}\z", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Region();

    [GeneratedRegex(@"\A(?!.*\.\.)[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Bucket();

    [GeneratedRegex(@"\A[A-Za-z0-9._-]+(/[A-Za-z0-9._-]+)*\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex PrefixText();
}
