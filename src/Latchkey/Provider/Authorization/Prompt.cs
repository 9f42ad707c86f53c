namespace Latchkey.Provider.Authorization;

/// <summary>The values of the parameter <c>prompt</c>.</summary>
public static class Prompt
{
    public const string None = "none";
    public const string Login = "login";
    public const string Consent = "consent";
    public const string SelectAccount = "select_account";

    public static IReadOnlyList<string> All { get; } = [None, Login, Consent, SelectAccount];
}
