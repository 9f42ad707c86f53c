using Latchkey.Core;
using Latchkey.Provider.Pages;

namespace Latchkey.HostedPages.Account;

/// <summary>What an account page says after a form was refused: what is wrong, and what to do.</summary>
public static class AccountProblems
{
    public static string Of(AccountRequest request, AccountNote note) =>
        note.WaitSeconds > 0 ? ProviderPages.Wait(request.Page.Text, TimeSpan.FromSeconds(note.WaitSeconds))
        : KeyOf(note.Code, request.Path) is { } key ? request.Text.Problems[key]
        : request.Page.Text.TryAgain;

    private static string? KeyOf(int code, string path)
    {
        return Is(ErrorCodes.InvalidCredentials)
                ? (
                    path == AccountPaths.Proof ? "notProved"
                    : path == AccountPaths.Delete ? "otherHandle"
                    : "wrongCode"
                )
            : Is(ErrorCodes.InvalidData) || Is(ErrorCodes.MissingParameter) ? InvalidOn(path)
            : Is(ErrorCodes.PasswordPolicy) ? "weakPassword"
            : Is(ErrorCodes.UserNameTaken) ? "nameTaken"
            : Is(ErrorCodes.InvalidMetadata) ? "badFields"
            : Is(ErrorCodes.PhoneInUse) ? "phoneTaken"
            : Is(ErrorCodes.HandleRegistered) ? "addressTaken"
            : Is(ErrorCodes.NoVerifiedPhone) ? "noPhone"
            : Is(ErrorCodes.LastWayIn) ? "lastWayIn"
            : Is(ErrorCodes.LastSecondFactor) ? "lastFactor"
            : Is(ErrorCodes.InvalidPasskey) ? "passkeyRefused"
            : Is(ErrorCodes.NotVerified) ? "notVerified"
            : Is(ErrorCodes.MessageNotSent) ? "notSent"
            : Is(ErrorCodes.SessionNotFound)
            || Is(ErrorCodes.PasskeyNotFound)
            || Is(ErrorCodes.LinkNotFound)
            || Is(ErrorCodes.ConsentNotFound)
                ? "gone"
            : null;

        bool Is(Error error) => code == error.Code;
    }

    /// <summary>Data that cannot be is something else on each page.</summary>
    private static string? InvalidOn(string path) =>
        path switch
        {
            AccountPaths.Profile => "badName",
            AccountPaths.Email => "badAddress",
            AccountPaths.Phone => "badPhone",
            AccountPaths.Password => "wrongPassword",
            AccountPaths.Passkey => "badName",
            AccountPaths.AddPasskey => "passkeyRefused",
            AccountPaths.Proof => "notProved",
            AccountPaths.EmailCode or AccountPaths.PhoneCode or AccountPaths.Authenticator => "wrongCode",
            _ => null,
        };
}
