using Latchkey.Provider.IdentityProviders.Flow;

namespace Latchkey.HostedPages.Providers;

/// <summary>The paths of a provider's pages, below the issuer.</summary>
public static class ViaPaths
{
    public const string Provider = "provider";
    private const string Route = $"{ProviderSignIn.Path}/{{{Provider}:length(1,40)}}";
    public const string Begin = Route;
    public const string Leave = $"{Route}/leave";
    public const string Callback = $"{Route}/callback";
    public const string Finish = $"{Route}/finish";
    public const string SignUp = $"{Route}/signup";
    public const string Code = $"{Route}/code";
    public const string Exists = $"{Route}/exists";
    public const string Link = $"{Route}/link";
    public const string App = $"{Route}/app";

    /// <summary>Whether it is the page of some provider that asks a new person for what is missing.</summary>
    public static bool IsSignUp(string path) =>
        path.StartsWith($"{ProviderSignIn.Path}/", StringComparison.Ordinal) && path.EndsWith("/signup", StringComparison.Ordinal);

    /// <summary>The path of a route for one provider.</summary>
    public static string Of(string route, string alias) => route.Replace($"{{{Provider}:length(1,40)}}", alias, StringComparison.Ordinal);
}
