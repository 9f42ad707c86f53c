using System.Data.Common;
using Latchkey.Api.Authentication;
using Latchkey.Applications;
using Latchkey.Applications.Settings;
using Latchkey.Core;
using Latchkey.Cryptography;
using Latchkey.Data;
using Latchkey.Limits;
using Latchkey.Messages.Outbox;
using Latchkey.Messages.Templates;
using Latchkey.Users;
using Latchkey.Users.Registration;

namespace Latchkey.Api.Signup;

/// <summary>Requests for an account that wait until the owner of the address confirms them, and the mails that ask for it.</summary>
public sealed class SignupRequests(
    SignupStore signups,
    MailedLink links,
    CodeAttempts attempts,
    MessageLimits messages,
    UserMessenger messenger,
    KeyRing ring,
    TimeProvider clock
)
{
    public const string CodePurpose = "signup";
    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(48);

    /// <summary>Links carry 256 random bits, codes six digits; both are stored as keyed hashes over their application and handle.</summary>
    public string[] CodeHashes(string appId, string handle, string code) =>
        ring.KeyedHashes(CodePurpose, $"{appId}|{Handle.KeyOf(handle)}|{code}");

    /// <summary>What the mailed link names the application by; null where codes are mailed. Read before the transaction.</summary>
    public async Task<string?> AppTokenForLink(Application application) =>
        application.Settings.SignupFlow == SignupFlow.Link ? await links.AppToken(application.Id) : null;

    /// <summary>
    /// Gives the caller's network its attempts at a new code, and makes room for the code. 700 if the address has too many active ones. Also
    /// done for addresses with an account, to prevent user enumeration.
    /// </summary>
    public async Task<Error?> BeginNewCode(DbConnection db, AppCaller caller, string handle)
    {
        var (appId, network) = (caller.Application.Id, caller.Client.Network);
        await attempts.BeginNewCode(db, appId, CodePurpose, handle, network);
        return await signups.MakeRoom(db, appId, handle, network, clock.Now());
    }

    /// <summary>
    /// Stores the request and mails its code or link. Runs in the caller's transaction. 700 if the application has no budget for the mail.
    /// </summary>
    public async Task<Error?> Store(DbConnection db, AppCaller caller, ValidatedSignup signup, string hash, string? appToken)
    {
        if (await messages.Charge(db, caller.Application, MessagePurpose.ForStranger(caller.Client.Network), signup.Handle) is { } full)
        {
            return full;
        }

        var (code, expiresAt) = await Insert(db, caller, signup, hash);
        var (kind, values) = appToken is null
            ? (MessageKind.SignUp, new MacroValues(signup.Handle, caller.Client.Address, code, ExpiresAt: expiresAt))
            : (
                MessageKind.SignUpLink,
                new MacroValues(
                    signup.Handle,
                    caller.Client.Address,
                    Link: links.Create("completeSignup", appToken, signup.Handle, code, signup.Locale),
                    ExpiresAt: expiresAt
                )
            );
        await messenger.Enqueue(db, caller.Application, signup.Handle, kind, signup.Locale, values);
        return null;
    }

    /// <summary>Stores the request under a fresh code, drawn again in the rare case that the handle has it already.</summary>
    private async Task<(string Code, long ExpiresAt)> Insert(DbConnection db, AppCaller caller, ValidatedSignup signup, string hash)
    {
        var now = clock.Now();
        var expiresAt = now + (long)Lifetime.TotalMilliseconds;
        var flow = caller.Application.Settings.SignupFlow;
        while (true)
        {
            var code = flow == SignupFlow.Link ? Secrets.Token() : Secrets.SixDigits();
            var stored = await signups.Insert(
                db,
                new SignupRow
                {
                    Id = Ids.New(clock),
                    AppId = caller.Application.Id,
                    Handle = signup.Handle,
                    Flow = flow.ToName(),
                    Network = caller.Client.Network,
                    CodeHash = CodeHashes(caller.Application.Id, signup.Handle, code)[0],
                    PasswordHash = hash,
                    PasswordPrehashed = signup.Password.Prehashed,
                    Metadata = signup.Metadata,
                    Locale = signup.Locale,
                    UpgradesUserId = caller.UpgradingUser?.Id,
                    CreatedAt = now,
                    ExpiresAt = expiresAt,
                }
            );
            if (stored)
            {
                return (code, expiresAt);
            }
        }
    }
}
