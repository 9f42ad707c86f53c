using System.Globalization;

namespace Latchkey.Users.Batches;

/// <summary>What can be done with many users at once. Each user is changed by the same rule as alone.</summary>
/// <param name="Name">The name in addresses and jobs.</param>
/// <param name="Verb">What a button says.</param>
/// <param name="Past">What was done, after "was" or "were".</param>
public sealed record BatchAction(string Name, string Verb, string Past)
{
    public static readonly BatchAction Suspend = new("suspend", "Suspend", "suspended");
    public static readonly BatchAction Activate = new("activate", "Activate", "activated");
    public static readonly BatchAction Unlock = new("unlock", "Unlock", "unlocked");
    public static readonly BatchAction SignOut = new("sign-out", "Sign out", "signed out");
    public static readonly BatchAction ResetPassword = new("reset-password", "Reset password", "mailed a code for a new password");
    public static readonly BatchAction Delete = new("delete", "Delete", "deleted");

    public static IReadOnlyList<BatchAction> All { get; } = [Suspend, Activate, Unlock, SignOut, ResetPassword, Delete];

    public static BatchAction? Find(string name) => All.FirstOrDefault(action => action.Name == name);

    /// <summary>As in "12 users were suspended."</summary>
    public string Describe(long users) => $"{FormatUsers(users)} {(users == 1 ? "was" : "were")} {Past}.";

    /// <summary>As in "1 user" and "1,204 users".</summary>
    public static string FormatUsers(long users) => users == 1 ? "1 user" : $"{users.ToString("N0", CultureInfo.InvariantCulture)} users";
}
