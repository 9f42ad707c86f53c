using System.Text.RegularExpressions;
using Latchkey.Core;

namespace Latchkey.Applications.Realm;

/// <summary>An Atlas programmatic API key and its project. Used for one request; never stored, logged, shown or printed.</summary>
public sealed partial class AtlasApiKey
{
    private const int MaxLength = 200;

    private AtlasApiKey(string publicKey, string privateKey, string projectId) =>
        (PublicKey, PrivateKey, ProjectId) = (publicKey, privateKey, projectId);

    public string PublicKey { get; }

    public string PrivateKey { get; }

    /// <summary>24 hex digits.</summary>
    public string ProjectId { get; }

    /// <summary>Parses the fields of a form: the key, or the errors by field.</summary>
    public static (AtlasApiKey? Keys, IReadOnlyDictionary<string, string> Errors) Read(
        string publicKey,
        string privateKey,
        string projectId
    )
    {
        var keys = new AtlasApiKey(publicKey.Trim(), privateKey.Trim(), projectId.Trim().ToLowerInvariant());
        var errors = new Dictionary<string, string>(StringComparer.Ordinal);
        if (!IsKey(keys.PublicKey))
        {
            errors[nameof(publicKey)] = "Enter the public key of an Atlas programmatic API key.";
        }

        if (!IsKey(keys.PrivateKey))
        {
            errors[nameof(privateKey)] = "Enter the private key that belongs to the public key.";
        }

        if (!HexId().IsMatch(keys.ProjectId))
        {
            errors[nameof(projectId)] = "A project id has 24 digits and letters from a to f. Atlas shows it in the project's settings.";
        }

        return errors.Count == 0 ? (keys, errors) : (null, errors);
    }

    private static bool IsKey(string text) =>
        text.Length is > 0 and <= MaxLength && Field.IsStorable(text) && !text.Any(c => char.IsControl(c) || char.IsWhiteSpace(c));

    [GeneratedRegex("^[0-9a-f]{24}$", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex HexId();
}
