using System.Collections.Frozen;
using Latchkey.Core;
using Latchkey.HostedPages.Providers;
using Latchkey.Provider;
using Latchkey.Provider.Pages;

namespace Latchkey.HostedPages;

/// <summary>
/// What a page says after a form was refused. It says no more of an account that exists than of one that does not, but what somebody with
/// the right password may know.
/// </summary>
public static class NoteText
{
    /// <summary>The element's id, for aria-describedby.</summary>
    public const string Id = "problem";

    private static readonly FrozenDictionary<(string Page, int Code), Func<PageText, string>> OfPages = Index(
        (LoginPages.LoginPath, ErrorCodes.InvalidCredentials, text => text.WrongPassword),
        (LoginPages.LoginPath, ErrorCodes.LoginCodeEnded, text => text.WrongPassword),
        (LoginPages.LoginPath, ErrorCodes.MissingParameter, text => text.WrongPassword),
        (LoginPages.LoginPath, ErrorCodes.InvalidData, text => text.NotAnAddress),
        (SignUpPages.Path, ErrorCodes.InvalidData, text => text.NotAnAddress),
        (SignUpPages.NamePath, ErrorCodes.InvalidData, text => text.BadUserName),
        (ConfirmPages.Path, ErrorCodes.InvalidData, text => text.LinkEnded),
        (ConfirmPages.Path, ErrorCodes.SignupCodeExpired, text => text.LinkEnded),
        (ResetPages.ForgotPath, ErrorCodes.InvalidData, text => text.NotAnAddress)
    );

    private static readonly FrozenDictionary<(string Page, int Code), Func<PageText, string>> OfAll = Index(
        ("", ErrorCodes.InvalidCredentials, text => text.WrongCode),
        ("", ErrorCodes.LoginCodeEnded, text => text.WrongCode),
        ("", ErrorCodes.MissingParameter, text => text.WrongCode),
        ("", ErrorCodes.InvalidData, text => text.WrongCode),
        ("", ErrorCodes.SignupCodeExpired, text => text.WrongCode),
        ("", ErrorCodes.LoginCodesDisabled, text => text.NotAnAddress),
        ("", ErrorCodes.UserNamesDisabled, text => text.NotAnAddress),
        ("", ErrorCodes.HandleRegistered, text => text.AccountExists),
        ("", ErrorCodes.PasswordPolicy, text => text.WeakPassword),
        ("", ErrorCodes.InvalidMetadata, text => text.FieldsMissing),
        ("", ErrorCodes.UserNameTaken, text => text.UserNameTaken),
        ("", ErrorCodes.InvalidPasskey, text => text.PasskeyFailed),
        ("", ErrorCodes.ProviderDisabled, text => text.ViaOff),
        ("", ErrorCodes.ProviderSignInFailed, text => text.ViaFailed),
        ("", ErrorCodes.ProviderSignInCancelled, text => text.ViaCancelled),
        ("", ErrorCodes.ProviderSignInEnded, text => text.ViaEnded),
        ("", ErrorCodes.ProviderSignInTooOld, text => text.ViaTooOld),
        ("", ErrorCodes.AccountNotFound, text => text.ViaUnknown),
        ("", ErrorCodes.IdentityTaken, text => text.ViaTaken),
        ("", ErrorCodes.LinkingDisabled, text => text.ViaOff),
        ("", ErrorCodes.StepUpRequired, text => text.ViaSignInAgain),
        ("", ErrorCodes.InvalidToken, text => text.ViaEnded),
        ("", ErrorCodes.UserSuspended, text => text.Locked),
        ("", ErrorCodes.NotVerified, text => text.NotVerified),
        ("", ErrorCodes.MessageNotSent, text => text.NotSent),
        ("", ErrorCodes.ServerBusy, text => text.Busy),
        ("", ErrorCodes.TooManyUsers, text => text.Full),
        ("", OAuthErrors.UnknownUserCode, text => text.DeviceWrongCode),
        ("", ErrorCodes.PhoneInUse, text => text.NoPhone),
        ("", ErrorCodes.NoVerifiedPhone, text => text.NoPhone)
    );

    /// <summary>The paragraph; empty for no note.</summary>
    public static string Html(PageText text, PageNote? note) =>
        note switch
        {
            null => "",
            { IsGood: true } => $"<p class=\"notice\" role=\"status\">{PageRequest.E(Of(text, note))}</p>",
            _ => $"<p class=\"refused\" role=\"alert\" id=\"{Id}\">{PageRequest.E(Of(text, note))}</p>",
        };

    /// <summary>The attributes of a field that the note is about; empty for a note about none.</summary>
    public static string Marks(PageNote? note) =>
        note is { IsGood: false, Code: not PageNote.StaleForm, WaitSeconds: 0 } && note.Code != ErrorCodes.InvalidPasskey.Code
            ? $" aria-invalid=\"true\" aria-describedby=\"{Id}\""
            : "";

    /// <summary>The status of the page that shows the note.</summary>
    public static int Status(PageNote? note) =>
        note switch
        {
            null or { IsGood: true } => StatusCodes.Status200OK,
            { WaitSeconds: > 0 } => StatusCodes.Status429TooManyRequests,
            _ => StatusCodes.Status400BadRequest,
        };

    private static string Of(PageText text, PageNote note) =>
        note switch
        {
            { WaitSeconds: > 0 } => ProviderPages.Wait(text, TimeSpan.FromSeconds(note.WaitSeconds)),
            { Code: PageNote.PasswordChanged } => text.PasswordChanged,
            { Code: PageNote.MailedAgain } => text.MailedAgain,
            _ when OfPages.TryGetValue((note.Page, note.Code), out var ofPage) => ofPage(text),
            _ when note.Code == ErrorCodes.InvalidData.Code && ViaPaths.IsSignUp(note.Page) => text.NotAnAddress,
            _ when OfAll.TryGetValue(("", note.Code), out var ofAll) => ofAll(text),
            _ => text.TryAgain,
        };

    private static FrozenDictionary<(string Page, int Code), Func<PageText, string>> Index(
        params ReadOnlySpan<(string Page, Error Error, Func<PageText, string> Text)> texts
    ) => texts.ToArray().ToFrozenDictionary(one => (one.Page, one.Error.Code), one => one.Text);
}
