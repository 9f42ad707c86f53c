using Latchkey.Core;
using Latchkey.Users;

namespace Latchkey.Operations.UserTransfer;

/// <summary>Assigns a text to a field according to its <see cref="ColumnReading"/>.</summary>
public static class ForeignText
{
    private static readonly char[] Separators = [',', ';', '|', ' '];

    /// <summary>Returns false when another column of the same rank set the field already.</summary>
    public static bool Set(RowValues values, FieldTarget target, string text, TimeProvider clock)
    {
        if (target.Field is not { } field)
        {
            return true;
        }

        if (target.IsMetadata)
        {
            SetMetadata(values, target, text);
            return true;
        }

        if (target.Reading is ColumnReading.Value or ColumnReading.Phone)
        {
            if (field == UserField.Phone && values.IsBetter(field, target.Rank))
            {
                values.IsPhoneUnproven = target.Reading == ColumnReading.Phone;
            }

            return values.Offer(field, text, target.Rank);
        }

        var trimmed = text.Trim();
        if (trimmed.Length > 0 && !ImportText.IsNull(field, trimmed))
        {
            Apply(values, target, trimmed, clock);
            return true;
        }

        switch (target.Reading)
        {
            case ColumnReading.VerifiedAt:
                return values.Offer(field, "false", target.Rank);
            case ColumnReading.PhoneVerified:
                values.IsPhoneVerified ??= false;
                break;
            case ColumnReading.VerifiedAddresses:
                values.AddVerified([]);
                break;
        }

        return true;
    }

    private static void SetMetadata(RowValues values, FieldTarget target, string text)
    {
        if (text.Length == 0 || ImportText.IsNull(UserField.MetaData, text))
        {
            return;
        }

        if (target.Path.Length > 0)
        {
            values.MetadataOf(target.Field ?? UserField.MetaData)[target.Path] = text;
        }
        else
        {
            MetadataReader.Read(values, target, text);
        }
    }

    private static void Apply(RowValues values, FieldTarget target, string text, TimeProvider clock)
    {
        switch (target.Reading)
        {
            case ColumnReading.VerifiedAt:
                values.Offer(UserField.EmailVerified, text, target.Rank);
                break;
            case ColumnReading.Active:
                Suspend(values, !ImportText.Flag(text), text);
                break;
            case ColumnReading.Suspended:
                Suspend(values, ImportText.FlagOrTime(text), text);
                break;
            case ColumnReading.SuspendedUntil:
                Suspend(values, ImportTime.IsFuture(text, clock.GetUtcNow().ToUnixTimeMilliseconds()), text);
                break;
            case ColumnReading.UserStatus when text.All(char.IsAsciiDigit):
                Suspend(values, text.Trim('0').Length > 0, text);
                break;
            case ColumnReading.State when StatusWords.Read(text) is null:
                values.Note("state is omitted: it is not a user's status");
                break;
            case ColumnReading.UserStatus or ColumnReading.State:
                values.Offer(UserField.Status, text, target.Rank);
                break;
            case ColumnReading.PhoneVerified:
                values.IsPhoneVerified = ImportText.FlagOrTime(text) ?? false;
                break;
            case ColumnReading.FirebaseId:
                values.IsPhoneVerified ??= true;
                values.Offer(UserField.Id, text, target.Rank);
                break;
            case ColumnReading.FactorPhone:
                values.Offer(UserField.Phone, text, rank: 0);
                values.Offer(UserField.TwoFactorPhone, "true", target.Rank);
                values.IsPhoneVerified = true;
                break;
            case ColumnReading.VerifiedAddresses:
                values.AddVerified(text.Split(Separators, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
                break;
            case ColumnReading.GoogleSubject:
                LinkedAccounts.Add(values, SocialProvider.Google, text);
                break;
            case ColumnReading.AppleSubject:
                LinkedAccounts.Add(values, SocialProvider.Apple, text);
                break;
            case ColumnReading.LinkedIdentities when !LinkedAccounts.TryRead(values, text, LinkedAccounts.ReadLinked):
            case ColumnReading.LinkedAccounts when !LinkedAccounts.TryRead(values, text, LinkedAccounts.Read):
                values.Note("the linked accounts are omitted: they are not a JSON list");
                break;
        }
    }

    private static void Suspend(RowValues values, bool? isSuspended, string text)
    {
        values.IsSuspended |= isSuspended == true;
        if (isSuspended is null)
        {
            values.Problem ??= $"status: {Strings.Printable(Strings.Truncate(text, 40))} does not say whether the user is suspended";
        }
    }
}
