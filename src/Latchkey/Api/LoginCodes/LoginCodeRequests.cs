using System.Data.Common;
using System.Text.Json;
using Latchkey.Api.Authentication;
using Latchkey.Applications;
using Latchkey.Applications.Settings;
using Latchkey.Core;
using Latchkey.Data;
using Latchkey.Jobs;
using Latchkey.Messages.Outbox;
using Latchkey.Users;
using Latchkey.Users.Locales;
using Latchkey.Users.LoginCodes;

namespace Latchkey.Api.LoginCodes;

/// <summary>
/// loginCode: stores a request to sign in and sends its code. If the application hides who has an account, nobody is looked for before the
/// response: the request of an unknown address is stored and can be guessed at like any other, and no code is right.
/// </summary>
public sealed class LoginCodeRequests(
    Database database,
    ApplicationCache applications,
    LoginCodeStore store,
    UserLoginCodes codes,
    LoginCodeSender sender,
    MailedLink links,
    MessageLimits messages,
    DeferredWork deferred,
    TimeProvider clock
) : IDeferredWork
{
    /// <inheritdoc/>
    public string Kind => LoginCodeSender.Action;

    /// <summary>
    /// 602 for neither an address nor a number, 730 if the application has no codes by this way, 604 for bad metadata, 700 for too many
    /// requests. Unless accounts are hidden: 603 unknown (604 if it could sign up and required metadata are missing, 704 if the application
    /// is full), 404 suspended.
    /// </summary>
    public async Task<Result<LoginCodeAnswer>> Request(AppCaller caller, string rawHandle, string? locale, string? metaData)
    {
        var (application, settings) = (caller.Application, caller.Application.Settings);
        if (LoginTarget.Parse(settings, rawHandle).Failed(out var target, out var refused))
        {
            return refused;
        }

        if (LocaleCodes.Resolve(settings, locale).Failed(out var chosen, out var noLocale))
        {
            return noLocale;
        }

        if (ValidateMetadata(settings, metaData).Failed(out var metadata, out var badMetadata))
        {
            return badMetadata;
        }

        if (await TryAcquire(application, target, caller.Client.Network) is { } tooMany)
        {
            return tooMany;
        }

        var (request, token) = codes.Create(
            new LoginCode
            {
                AppId = application.Id,
                Handle = target.Text,
                Network = caller.Client.Network,
                Client = caller.Client.Address,
                UserAgent = caller.Client.ShortUserAgent,
                Locale = chosen,
                Metadata = metadata.Document,
                UpgradesUserId = caller.UpgradingUser?.Id,
            }
        );
        return (await Store(application, request)).Error is { } problem
            ? problem
            : new LoginCodeAnswer(token, (long)UserLoginCodes.Lifetime.TotalSeconds);
    }

    /// <inheritdoc/>
    public async Task<Func<DbConnection, Task>?> Prepare(string input)
    {
        var work = JsonSerializer.Deserialize(input, DeferredJson.Default.DeferredLoginCode);
        if (work is null || await applications.Find(work.AppId) is not { } application)
        {
            return null;
        }

        var appToken = await links.AppToken(application.Id);
        return async db =>
        {
            if (await store.Find(db, work.AppId, work.Id) is { UsedAt: null } request && request.ExpiresAt > clock.Now())
            {
                await sender.SendSilently(db, application, request, appToken);
            }
        };
    }

    /// <inheritdoc/>
    public void Finish() => sender.Wake();

    private async Task<Result<Done>> Store(Application application, LoginCode request)
    {
        if (application.Settings.HideAccountExistence)
        {
            await database.Write(db => store.Insert(db, request));
            await deferred.Add(Kind, new DeferredLoginCode(application.Id, request.Id), DeferredJson.Default.DeferredLoginCode);
            return default(Done);
        }

        var appToken = await links.AppToken(application.Id);
        var sent = await database.Write<Result<Done>>(async db =>
        {
            await store.Insert(db, request);
            return await sender.Send(db, application, request, appToken);
        });
        sender.Wake();
        return sent;
    }

    private Task<Error?> TryAcquire(Application application, LoginTarget target, string network) =>
        target.IsSms
            ? messages.TryAcquireLoginCodeSms(application, target.Text, network)
            : messages.TryAcquire(application, target.Text, MessagePurpose.ForUser(network));

    /// <summary>
    /// Only a signup has metadata, and the app does not know whether it is one. So what is sent must be valid, and what is missing is
    /// missed only where nobody has the address.
    /// </summary>
    private static Result<SignupMetadata> ValidateMetadata(ApplicationSettings settings, string? metaData) =>
        !settings.CodesSignUp ? new SignupMetadata(null)
        : Metadata.Validate(settings.MetaData, metaData).Failed(out var values, out var refused)
            ? metaData is null ? new SignupMetadata(null)
                : refused
        : new SignupMetadata(Metadata.Write(values));

    /// <param name="Document">Null for none, or if required fields are missing.</param>
    private sealed record SignupMetadata(string? Document);
}
