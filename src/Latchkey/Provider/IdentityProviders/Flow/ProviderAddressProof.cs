using System.Data.Common;
using Latchkey.Api.Authentication;
using Latchkey.Api.LoginCodes;
using Latchkey.Core;
using Latchkey.Data;
using Latchkey.Messages.Outbox;
using Latchkey.Users;
using Latchkey.Users.LoginCodes;

namespace Latchkey.Provider.IdentityProviders.Flow;

/// <summary>
/// Proves an address by a mailed code, where the provider's word does not. Codes, limits and guesses are those of loginCode; everybody gets
/// the same mail, whether the address has an account or not.
/// </summary>
public sealed class ProviderAddressProof(
    Database database,
    LoginCodeStore store,
    UserLoginCodes codes,
    LoginCodeAttempts attempts,
    LoginCodeSender sender,
    MessageLimits messages,
    MailedLink links
)
{
    /// <summary>Mails a code. Returns the token that it works with. 602 for no address, 700 for too many mails.</summary>
    public async Task<Result<string>> Send(AppCaller caller, string typed, string locale)
    {
        var (application, client) = (caller.Application, caller.Client);
        if (Handle.ParseEmail(typed).Failed(out var email, out var notAnAddress))
        {
            return notAnAddress;
        }

        if (await messages.TryAcquire(application, email.Text, MessagePurpose.ForUser(client.Network)) is { } tooMany)
        {
            return tooMany;
        }

        var (request, token) = codes.Create(
            new LoginCode
            {
                AppId = application.Id,
                Handle = email.Text,
                Network = client.Network,
                Client = client.Address,
                UserAgent = client.ShortUserAgent,
                Locale = locale,
            }
        );
        var appToken = await links.AppToken(application.Id);
        var sent = await database.Write<Result<Done>>(async db =>
        {
            await store.Insert(db, request);
            return await sender.SendProof(db, application, request, appToken);
        });
        sender.Wake();
        return sent.Error is { } refused ? refused : token;
    }

    /// <summary>
    /// The request whose code was right: <see cref="Use"/> it in the transaction of what it proves. 600 for a wrong code, 731 when it is
    /// used, expired or out of attempts, 700 after too many attempts.
    /// </summary>
    public async Task<Result<LoginCode>> Verify(AppCaller caller, PendingIdentity identity, string typed)
    {
        var (appId, code) = (caller.Application.Id, TypedCode.ParseSixDigits(typed));
        if (
            identity is not { TypedEmail: { } email, CodeToken: { } token }
            || !TypedCode.IsSixDigits(code)
            || await database.Write(db => codes.TryAcquireAttempt(db, appId, email, token)) is not { } request
        )
        {
            return TypedCode.IsSixDigits(code)
                ? ErrorCodes.LoginCodeEnded.WithCause("the code is used, expired or out of attempts")
                : ErrorCodes.InvalidCredentials.WithCause("not a code");
        }

        return await attempts.TryAcquire(appId, new LoginTarget(email, IsSms: false), caller.Client) is { } tooMany ? tooMany
            : codes.Matches(request, code) ? request
            : ErrorCodes.InvalidCredentials.WithCause("wrong code");
    }

    /// <summary>Uses the code up; 731 when that happened meanwhile.</summary>
    public async Task<Error?> Use(DbConnection db, AppCaller caller, LoginCode request)
    {
        if (!await codes.MarkUsed(db, request))
        {
            return ErrorCodes.LoginCodeEnded.WithCause("used meanwhile");
        }

        await attempts.Clear(db, request.AppId, request.Handle, caller.Client);
        return null;
    }
}
