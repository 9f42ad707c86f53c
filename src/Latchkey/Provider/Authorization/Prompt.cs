namespace Latchkey.Provider.Authorization;

/// <summary>The values of the parameter <c>prompt</c>.</summary>
public static class Prompt
{
    public const string None = "none";
    public const string Login = "login";
    public const string Consent = "consent";
    public const string SelectAccount = "select_account";

    /// <summary>The user is to sign up (Initiating User Registration via OpenID Connect 1.0 §4.1).</summary>
    public const string Create = "create";

    public static IReadOnlyList<string> All { get; } = [None, Login, Consent, SelectAccount, Create];
}
