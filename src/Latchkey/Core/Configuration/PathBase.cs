namespace Latchkey.Core.Configuration;

/// <summary>
/// The path of the public URL, such as <c>/auth</c>; empty when it has none. Links, redirects and cookies begin with it. It has only
/// characters that need no encoding in addresses, HTML and cookies.
/// </summary>
public sealed class PathBase(Uri publicUrl)
{
    /// <summary>How routes begin. With such a path base, a request that has it could not be told from one that lacks it.</summary>
    private static readonly HashSet<string> Reserved = new(
        [".well-known", "_framework", "api", "apps", "css", "docs", "health", "img", "js", "openapi", "portal"],
        StringComparer.OrdinalIgnoreCase
    );

    private readonly string path = publicUrl.AbsolutePath.TrimEnd('/');

    /// <summary>What is wrong with the path of a public URL; null for nothing.</summary>
    public static string? Problem(Uri publicUrl) =>
        publicUrl.AbsolutePath.TrimEnd('/') switch
        {
            "" => null,
            var path when !path.All(IsPlain) || path.Contains("//", StringComparison.Ordinal) =>
                "Its path may have letters, digits and - . _ ~ only.",
            var path when path.Split('/')[1] is var first && Reserved.Contains(first) =>
                $"Its path cannot begin with /{first}, because paths of this server do.",
            _ => null,
        };

    public override string ToString() => path;

    private static bool IsPlain(char c) => char.IsAsciiLetterOrDigit(c) || c is '/' or '-' or '.' or '_' or '~';
}
