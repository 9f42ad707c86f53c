using Latchkey.Core;
using Latchkey.Provider;
using Latchkey.Provider.Pages;

namespace Latchkey.HostedPages;

/// <summary>
/// What a page says after a form was refused. It says no more of an account that exists than of one that does not, but what somebody with
/// the right password may know.
/// </summary>
public static class NoteText
{
    /// <summary>The paragraph; empty for no note.</summary>
    public static string Html(PageText text, PageNote? note) =>
        note is null ? "" : $"<p class=\"refused\" role=\"alert\" id=\"problem\">{PageRequest.E(Of(text, note))}</p>";

    /// <summary>The status of the page that shows the note.</summary>
    public static int Status(PageNote? note) =>
        note switch
        {
            null => StatusCodes.Status200OK,
            { WaitSeconds: > 0 } => StatusCodes.Status429TooManyRequests,
            _ => StatusCodes.Status400BadRequest,
        };

    private static string Of(PageText text, PageNote note) =>
        note.WaitSeconds > 0 ? ProviderPages.Wait(text, TimeSpan.FromSeconds(note.WaitSeconds)) : OfCode(text, note.Code, note.Page);

    private static string OfCode(PageText text, int code, string page)
    {
        return Is(ErrorCodes.InvalidCredentials) || Is(ErrorCodes.LoginCodeEnded) || Is(ErrorCodes.MissingParameter)
            ? page == LoginPages.LoginPath
                ? text.WrongPassword
                : text.WrongCode
            : Is(ErrorCodes.InvalidData)
                ? page == LoginPages.LoginPath
                    ? text.NotAnAddress
                    : text.WrongCode
                : Is(ErrorCodes.LoginCodesDisabled)
                    ? text.NotAnAddress
                    : Is(ErrorCodes.UserSuspended)
                        ? text.Locked
                        : Is(ErrorCodes.NotVerified)
                            ? text.NotVerified
                            : Is(ErrorCodes.MessageNotSent)
                                ? text.NotSent
                                : Is(ErrorCodes.ServerBusy)
                                    ? text.Busy
                                    : Is(ErrorCodes.TooManyUsers)
                                        ? text.Full
                                        : Is(OAuthErrors.UnknownUserCode)
                                            ? text.DeviceWrongCode
                                            : Is(ErrorCodes.PhoneInUse) || Is(ErrorCodes.NoVerifiedPhone)
                                                ? text.NoPhone
                                                : text.TryAgain;

        bool Is(Error error) => code == error.Code;
    }
}
