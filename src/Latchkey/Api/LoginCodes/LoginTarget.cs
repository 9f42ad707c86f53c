using Latchkey.Api.TwoFactor;
using Latchkey.Applications.Settings;
using Latchkey.Core;

namespace Latchkey.Api.LoginCodes;

/// <summary>Where a login code goes.</summary>
/// <param name="Text">An e-mail address, or a phone number in E.164; both normalised.</param>
/// <param name="IsSms">Whether it is a number.</param>
public sealed record LoginTarget(string Text, bool IsSms)
{
    /// <summary>602 for neither an address nor a number, 730 if the application has no codes by this way.</summary>
    public static Result<LoginTarget> Parse(ApplicationSettings settings, string raw)
    {
        var text = Handle.Normalise(raw); // also of full-width characters
        if (text.Contains('@', StringComparison.Ordinal))
        {
            return !settings.EmailCodeLogin ? ErrorCodes.LoginCodesDisabled.WithCause("not by mail")
                : Handle.ParseEmail(text).Failed(out var handle, out var notAnAddress) ? notAnAddress
                : new LoginTarget(handle.Text, IsSms: false);
        }

        return PhoneNumber.Parse(text).Failed(out var number, out _) ? ErrorCodes.InvalidData.WithCause("neither an address nor a number")
            : !settings.SmsCodeLogin ? ErrorCodes.LoginCodesDisabled.WithCause("not by SMS")
            : new LoginTarget(number.Text, IsSms: true);
    }
}
