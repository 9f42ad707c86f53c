using System.Text.Json.Serialization;
using Latchkey.Applications;
using Latchkey.Core;
using Latchkey.Users;
using Latchkey.Users.Administration;

namespace Latchkey.Api.TwoFactor;

/// <summary>A user's second factors, as the user and servers see them.</summary>
/// <param name="Methods">otp, sms, passkey: the factors that the user has.</param>
/// <param name="Allowed">otp, sms, passkey: the factors that the application allows.</param>
/// <param name="RecoveryCodesLeft">Recovery codes that were not used.</param>
/// <param name="RememberedDevices">Devices on which a login does not ask for the factor, newest first.</param>
public sealed record SecondFactorsAnswer(
    [property: JsonPropertyName("methods")] IReadOnlyList<string> Methods,
    [property: JsonPropertyName("allowed")] IReadOnlyList<string> Allowed,
    [property: JsonPropertyName("recoveryCodesLeft")] int RecoveryCodesLeft,
    [property: JsonPropertyName("rememberedDevices")] IReadOnlyList<RememberedDeviceAnswer> RememberedDevices
)
{
    public static SecondFactorsAnswer From(Application application, User user, FactorStatus status) =>
        new(
            Names(FactorMethods.Of(application.Settings, user)),
            Names(FactorMethods.Allowed(application.Settings)),
            status.RecoveryCodesLeft,
            [.. status.Devices.Select(RememberedDeviceAnswer.From)]
        );

    private static string[] Names(IEnumerable<FactorMethod> methods) => [.. methods.Select(method => method.ToName())];
}
