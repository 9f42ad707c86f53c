namespace Latchkey.Users;

/// <summary>Values of <see cref="User.LoginProvider"/>.</summary>
public static class SocialProvider
{
    public const string Apple = "apple";
    public const string Google = "google";

    /// <summary>The name shown to people.</summary>
    public static string DisplayName(string provider) => provider == Apple ? "Apple" : "Google";
}
