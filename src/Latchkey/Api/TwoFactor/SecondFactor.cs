using System.Data.Common;
using Latchkey.Applications;
using Latchkey.Core;
using Latchkey.Cryptography;
using Latchkey.Data;
using Latchkey.Users;
using Latchkey.Users.Sessions;

namespace Latchkey.Api.TwoFactor;

/// <summary>
/// Begins the step between the first step of a login and the tokens. <see cref="LoginCompletion"/> ends it. docs/second-factors.md says
/// when it is needed.
/// </summary>
public sealed class SecondFactor(
    Database database,
    UserCodes codes,
    UserRecoveryCodes recoveryCodes,
    RememberedDevices devices,
    FactorSms sms,
    InstallationTokens tokens
)
{
    /// <summary>What the user must add to a right password or ID token.</summary>
    /// <param name="deviceToken">What loginComplete answered when the device was remembered; null for none.</param>
    public async Task<FactorDemand> FindDemand(Application application, User user, string? deviceToken)
    {
        var settings = application.Settings;
        var factors = FactorMethods.Of(settings, user);
        if (!settings.HasFactorPolicy)
        {
            return new() { Own = factors, Methods = factors };
        }

        if (factors.Count == 0)
        {
            return settings.RequiresFactor && !user.Anonymous
                ? new()
                {
                    Own = factors,
                    Enroll = FactorMethods.Allowed(settings),
                    IsListed = true,
                }
                : new() { Own = factors };
        }

        if (deviceToken is not null && await database.Read(db => devices.FindId(db, application, user, deviceToken)) is { } device)
        {
            return new() { Own = factors, DeviceId = device };
        }

        var hasRecoveryCodes = await database.Read(db => recoveryCodes.CountUnused(db, user)) > 0;
        return new()
        {
            Own = factors,
            Methods = hasRecoveryCodes ? [.. factors, FactorMethod.Recovery] : factors,
            IsListed = true,
        };
    }

    /// <summary>
    /// As <see cref="FindDemand"/>, for a login by SMS: the same phone is no second factor. 600 if the user could add nothing else.
    /// </summary>
    public async Task<Result<FactorDemand>> FindDemandAfterSms(Application application, User user, string? deviceToken)
    {
        var demand = await FindDemand(application, user, deviceToken);
        var others = demand with { Methods = [.. OtherThanSms(demand.Methods)], Enroll = [.. OtherThanSms(demand.Enroll)] };
        return demand.IsNeeded && !others.IsNeeded
            ? ErrorCodes.InvalidCredentials.WithCause("the phone is the user's only second factor")
            : others;
    }

    /// <summary>As <see cref="FindDemand"/>, for a login with an ID token.</summary>
    public async Task<FactorDemand> FindSocialDemand(Application application, User user, string? deviceToken) =>
        application.Settings.SocialLoginTwoFactor || application.Settings.RequiresFactor
            ? await FindDemand(application, user, deviceToken)
            : FactorDemand.None;

    /// <summary>
    /// Counts the SMS of a login before the transaction of <see cref="Begin"/>. If the user's number has had too many: 700, or a demand
    /// without SMS for a user who has recovery codes.
    /// </summary>
    public async Task<Result<FactorDemand>> TryAcquireMessage(Application application, User user, FactorDemand demand) =>
        !demand.SendsSms || user.Phone is not { } phone || await sms.TryAcquire(application, phone) is not { } tooMany ? demand
        : demand.Methods.Contains(FactorMethod.Recovery) ? demand with { IsSmsHeld = true }
        : tooMany;

    /// <summary>
    /// Whether the device that stands for the factor was forgotten meanwhile, or the user has other factors now. Call it with the user's
    /// row locked.
    /// </summary>
    public async Task<bool> IsOutdated(DbConnection db, Application application, User user, FactorDemand demand) =>
        (demand.Own is { } own && !FactorMethods.Of(application.Settings, user).SequenceEqual(own))
        || (demand.DeviceId is { } device && !await devices.Exists(db, user, device));

    /// <summary>
    /// Creates a login token that is valid for ten minutes and, if the phone is the user's only factor, sends its code by SMS. 700 if the
    /// application has no budget for the SMS. Runs in the caller's transaction.
    /// </summary>
    /// <param name="methods">How the user has signed in so far: names of <see cref="AuthenticationMethods"/>.</param>
    public async Task<Result<LoginTokenAnswer>> Begin(
        DbConnection db,
        Application application,
        User user,
        ClientAddress client,
        FactorDemand demand,
        string methods
    )
    {
        var purpose = demand.Enroll.Count > 0 ? CodePurpose.Enrollment : CodePurpose.Login;
        var step = await codes.CreateWithoutCode(db, user, purpose, client.Network, methods);
        if (demand.SendsSms && (await sms.Send(db, application, user, step, client)).Error is { } full)
        {
            return full;
        }

        return LoginTokenAnswer.From(tokens.Write(new LoginToken(application.Id, user.Handle, step.Id, step.CreatedAt / 1000)), demand);
    }

    private static IEnumerable<FactorMethod> OtherThanSms(IEnumerable<FactorMethod> methods) =>
        methods.Where(method => method != FactorMethod.Sms);
}
