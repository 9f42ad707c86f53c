using System.Data.Common;
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

    /// <summary>Gives the requesting network its attempts at a new code. Also done for addresses with an account.</summary>
    public Task BeginNewCode(DbConnection db, DeferredSignup signup) =>
        attempts.BeginNewCode(db, signup.AppId, CodePurpose, signup.Draft.Handle, signup.Client.Network);

    /// <summary>
    /// Stores the request and mails its code or link. Runs in the caller's transaction. 700 if the application has no budget for the mail,
    /// or the address has too many active codes.
    /// </summary>
    public async Task<Error?> Store(DbConnection db, Application application, DeferredSignup signup, string? appToken)
    {
        var (draft, client) = (signup.Draft, signup.Client);
        if (await messages.Charge(db, application, MessagePurpose.ForStranger(client.Network), draft.Handle) is { } noBudget)
        {
            return noBudget;
        }

        if (await signups.MakeRoom(db, application.Id, draft.Handle, client.Network, clock.Now()) is { } tooManyCodes)
        {
            return tooManyCodes;
        }

        await BeginNewCode(db, signup);
        var (code, expiresAt) = await Insert(db, application, signup);
        var (kind, values) = appToken is null
            ? (MessageKind.SignUp, new MacroValues(draft.Handle, client.Address, code, ExpiresAt: expiresAt))
            : (
                MessageKind.SignUpLink,
                new MacroValues(
                    draft.Handle,
                    client.Address,
                    Link: draft.LinkPage is { } page
                        ? MailedLink.To(page, draft.Handle, code, draft.Locale)
                        : links.Create("completeSignup", appToken, draft.Handle, code, draft.Locale),
                    ExpiresAt: expiresAt
                )
            );
        await messenger.Enqueue(db, application, draft.Handle, kind, draft.Locale, values);
        return null;
    }

    /// <summary>Stores the request under a fresh code, drawn again in the rare case that the handle has it already.</summary>
    private async Task<(string Code, long ExpiresAt)> Insert(DbConnection db, Application application, DeferredSignup signup)
    {
        var (now, draft) = (clock.Now(), signup.Draft);
        var expiresAt = now + (long)Lifetime.TotalMilliseconds;
        var flow = application.Settings.SignupFlow;
        while (true)
        {
            var code = flow == SignupFlow.Link ? Secrets.Token() : Secrets.SixDigits();
            var stored = await signups.Insert(
                db,
                new SignupRow
                {
                    Id = Ids.New(clock),
                    AppId = application.Id,
                    Handle = draft.Handle,
                    Flow = flow.ToName(),
                    Network = signup.Client.Network,
                    CodeHash = CodeHashes(application.Id, draft.Handle, code)[0],
                    PasswordHash = draft.PasswordHash,
                    PasswordPrehashed = draft.Prehashed,
                    Metadata = draft.Metadata,
                    Locale = draft.Locale,
                    UpgradesUserId = signup.UpgradesUserId,
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
