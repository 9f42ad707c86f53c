using Latchkey.Core;
using Latchkey.Users;

namespace Latchkey.Operations.UserTransfer;

/// <summary>Derives values from several columns, after all columns of a row are read.</summary>
public static class DerivedValues
{
    public static void Complete(RowValues values)
    {
        CompleteNames(values);
        CompleteVerified(values);
        CompletePhone(values);
        CompleteAccount(values);
        if (values.IsSuspended)
        {
            values[UserField.Status] = UserStatus.Suspended;
        }
    }

    /// <summary>Systems where people log in with the address also store it as the user name.</summary>
    private static void CompleteNames(RowValues values)
    {
        if (values[UserField.UserName] is not { } name)
        {
            return;
        }

        if (AddressFinder.IsAddress(name))
        {
            values[UserField.Handle] ??= name;
            values[UserField.UserName] = null;
        }
        else if (values.IsForeign(UserField.UserName) && Guid.TryParse(name, out _))
        {
            values[UserField.UserName] = null; // Cognito's name for users who have none
        }
    }

    private static void CompleteVerified(RowValues values)
    {
        if (values is { Verified: { } verified } && values[UserField.Handle] is { } handle)
        {
            values[UserField.EmailVerified] ??= verified.Any(address => Handle.Normalise(address) == Handle.Normalise(handle))
                ? "true"
                : "false";
        }

        if (values[UserField.Status] is { } status && StatusWords.Read(status) == StatusWords.Unconfirmed)
        {
            values[UserField.Status] = UserStatus.Active;
            values[UserField.EmailVerified] = "false";
        }
    }

    private static void CompletePhone(RowValues values)
    {
        if (values[UserField.Phone] is not { } phone)
        {
            return;
        }

        var isVerified =
            values.IsPhoneVerified ?? (values.Verified?.Contains(phone, StringComparer.Ordinal) == true || !values.IsPhoneUnproven);
        if (!isVerified)
        {
            values[UserField.PendingPhone] ??= phone;
            values[UserField.Phone] = null;
        }
    }

    private static void CompleteAccount(RowValues values)
    {
        if (values.Account is null && values[UserField.Id]?.Split('|', 2) is [var provider, var subject])
        {
            LinkedAccounts.Add(values, provider, subject); // Auth0's ids, such as google-oauth2|1035
        }

        if (values.Account is { } account && LinkedAccounts.ParseProvider(values[UserField.LoginProvider] ?? "") is null or "")
        {
            values[UserField.LoginProvider] = account.Provider;
            values[UserField.ProviderSubject] = account.Subject;
        }
        else if (values is { Account: null, HasOtherAccount: true } && values[UserField.PasswordHash] is null)
        {
            values.Note("loginProvider: only apple and google are supported. These users must reset their password");
        }
    }
}
