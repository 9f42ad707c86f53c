namespace Latchkey.Users;

/// <summary>The values of <see cref="User.LoginProvider"/>.</summary>
public static class SocialProvider
{
    public const string Apple = "apple";
    public const string Google = "google";

    /// <summary>As people know it.</summary>
    public static string DisplayName(string provider) => provider == Apple ? "Apple" : "Google";
}
