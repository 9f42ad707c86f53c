using System.Text;

namespace Latchkey.Portal.Users;

/// <summary>The log's actions in words. An action without a text of its own is read out word by word.</summary>
public static class ActionTexts
{
    /// <summary>What the action is called, and what it did.</summary>
    private static readonly Dictionary<string, (string Name, string Done)> Texts = new(StringComparer.Ordinal)
    {
        ["activateUser"] = ("Activation", "Activated"),
        ["addUser"] = ("Adding the user", "Added as a user"),
        ["authorize"] = ("Sign-in page", "Signed in on the sign-in page"),
        ["changePassword"] = ("Password change", "Changed the password"),
        ["completeSignup"] = ("Signup code", "Completed the signup"),
        ["consent"] = ("Consent", "Allowed a client"),
        ["downloadData"] = ("Data download", "Downloaded the own data"),
        ["endSession"] = ("End of a session", "Ended a session"),
        ["enrollFactor"] = ("Second factor", "Set up a second factor at a login"),
        ["forgetDevices"] = ("Forgetting devices", "Forgot the remembered devices"),
        ["forgotPassword"] = ("Forgotten password", "Asked for a new password"),
        ["invite"] = ("Invitation", "Invited"),
        ["link"] = ("Linking", "Linked an account"),
        ["login"] = ("Login", "Password was right"),
        ["loginAnonymous"] = ("Anonymous login", "Signed in as an anonymous user"),
        ["loginCode"] = ("Login code", "Asked for a login code"),
        ["loginCodeComplete"] = ("Login code", "Signed in with a login code"),
        ["loginComplete"] = ("Second step of the login", "Completed the login with a second factor"),
        ["loginFactor"] = ("Second factor", "Asked for a code for the second step of the login"),
        ["logout"] = ("Logout", "Signed out"),
        ["passkeyDelete"] = ("Removing a passkey", "Removed a passkey"),
        ["passkeyLogin"] = ("Passkey login", "Signed in with a passkey"),
        ["passkeyRegister"] = ("Passkey", "Added a passkey"),
        ["passkeyRename"] = ("Renaming a passkey", "Renamed a passkey"),
        ["providerLogin"] = ("Login with a provider", "Signed in with a provider"),
        ["providerLoginComplete"] = ("Login with a provider", "Signed in with a provider"),
        ["providerSignup"] = ("Signup with a provider", "Signed up with a provider"),
        ["recoveryCodes"] = ("Recovery codes", "Created recovery codes"),
        ["refresh"] = ("Refresh of a session", "Refreshed a session"),
        ["register"] = ("Invitation code", "Registered with an invitation"),
        ["resetPassword"] = ("Password reset", "Set a new password"),
        ["resetSecondFactor"] = ("Second factor reset", "Reset the second factor"),
        ["revokeConsent"] = ("Taking consent back", "Took the consent for a client back"),
        ["setHandle"] = ("Address change", "Asked for another address"),
        ["setTwoFactorGoogleVerification"] = ("Authenticator app", "Changed the authenticator app"),
        ["setUserMetadata"] = ("Metadata", "Changed the metadata"),
        ["signOutUser"] = ("Sign-out", "Signed out of all sessions"),
        ["signup"] = ("Signup", "Asked to sign up"),
        ["socialLogin"] = ("Apple or Google login", "Signed in with Apple or Google"),
        ["socialSignup"] = ("Apple or Google signup", "Signed up with Apple or Google"),
        ["stepUp"] = ("Confirmation", "Confirmed who they are"),
        ["stepUpFactor"] = ("Confirmation code", "Asked for a code to confirm who they are"),
        ["suspendUser"] = ("Suspension", "Suspended"),
        ["unlink"] = ("Unlinking", "Unlinked an account"),
        ["unlockUser"] = ("Unlocking", "Unlocked"),
        ["verifyHandle"] = ("New address", "Changed the address"),
    };

    /// <summary>The action as the beginning of a sentence, such as "Login".</summary>
    public static string Name(string action) => Texts.TryGetValue(action, out var text) ? text.Name : Words(action);

    /// <summary>What was done, as the beginning of a sentence, such as "Changed the password".</summary>
    public static string Done(string action) => Texts.TryGetValue(action, out var text) ? text.Done : Words(action);

    /// <summary>"changeUserMetadata" is "Change user metadata".</summary>
    private static string Words(string action)
    {
        var words = new StringBuilder(action.Length + 8);
        foreach (var letter in action)
        {
            _ =
                words.Length == 0 ? words.Append(char.ToUpperInvariant(letter))
                : char.IsUpper(letter) ? words.Append(' ').Append(char.ToLowerInvariant(letter))
                : words.Append(letter);
        }

        return words.ToString();
    }
}
