using Latchkey.Applications.Settings;
using Latchkey.Core;
using Latchkey.Users.Passwords;

namespace Latchkey.Accounts;

/// <summary>Validates the data of a portal account, with the error messages.</summary>
public static class AccountValidator
{
    public const int MaxNameLength = 100;
    public const string PasswordHint = "10 or more characters. A few unrelated words make a good password.";

    public static readonly Error AddressTaken = ErrorCodes.HandleRegistered with { Message = "This address already has an account." };
    public static readonly Error WrongPassword = ErrorCodes.InvalidCredentials with { Message = "This is not your password." };
    public static readonly Error TooManyAttempts = ErrorCodes.TooManyAttempts with
    {
        Message = "Too many attempts. Please try again later.",
    };
    public static readonly Error TooManyMails = ErrorCodes.TooManyAttempts with
    {
        Message = "Too many mails were requested. Please try again later.",
    };
    public static readonly Error Busy = ErrorCodes.ServerBusy with { Message = "The server is busy. Please try again." };
    public static readonly Error InvalidLink = ErrorCodes.InvalidToken with { Message = "This link was already used or has expired." };

    private static readonly Error InvalidEmail = ErrorCodes.InvalidData with { Message = "This is not an e-mail address." };
    private static readonly Error InvalidName = ErrorCodes.InvalidData with
    {
        Message = $"A name must have 1 to {MaxNameLength} characters on one line, without a link or an e-mail address.",
    };
    private static readonly ApplicationSettings Policy = new()
    {
        PasswordFormat = PasswordFormat.Plain,
        PasswordFilter = true,
        PasswordMinLength = 10,
        PasswordMinDigit = 0,
        PasswordMinLower = 0,
        PasswordMinSpecial = 0,
        PasswordMinUpper = 0,
    };

    public static Result<string> ParseEmail(string raw)
    {
        var (address, refused) = Handle.ParseEmail(raw);
        return refused is null ? address.Text : InvalidEmail;
    }

    public static Result<string> ParseName(string raw) => DisplayName.ParsePerson(raw, MaxNameLength) is { } name ? name : InvalidName;

    public static Result<PasswordInput> ParsePassword(string raw)
    {
        var (input, weak) = PasswordPolicy.Validate(Policy, new RawPassword(raw));
        return weak is null ? input : weak with { Message = $"Choose another password ({weak.Cause})." };
    }

    /// <summary>The form field that an error belongs to: name, email or password; null for the whole form.</summary>
    public static string? FieldFor(Error refused) =>
        refused == InvalidName ? "name"
        : refused == InvalidEmail || refused == AddressTaken ? "email"
        : refused.Code == ErrorCodes.PasswordPolicy.Code ? "password"
        : null;
}
