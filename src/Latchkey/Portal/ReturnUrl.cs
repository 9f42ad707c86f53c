namespace Latchkey.Portal;

/// <summary>Where to go after signing in: a page of the portal, or its front page for anything else that was asked for.</summary>
public static class ReturnUrl
{
    /// <summary>A page for fifty selected users has their ids in its address.</summary>
    private const int MaxLength = 4000;

    public static string Sanitize(string? asked) => asked is not null && IsPortalPage(asked) ? asked : PortalServices.Path;

    private static bool IsPortalPage(string path) =>
        path.Length <= MaxLength
        && path.StartsWith(PortalServices.Path, StringComparison.Ordinal)
        && (path.Length == PortalServices.Path.Length || path[PortalServices.Path.Length] is '/' or '?')
        && path.All(c => c is > ' ' and < '\x7F' and not '\\')
        && !path.Contains("//", StringComparison.Ordinal)
        && !path.Contains("..", StringComparison.Ordinal)
        && !path.StartsWith(PortalAuthentication.SignInPath, StringComparison.Ordinal)
        && !path.StartsWith($"{PortalServices.Path}/sign-out", StringComparison.Ordinal);
}
