using Latchkey.Activity.Audit;
using Latchkey.Api.Authentication;
using Latchkey.Api.Login;
using Latchkey.Core;
using Latchkey.Data;
using Latchkey.Messages.Outbox;
using Latchkey.Users;
using Latchkey.Users.Passwords;
using Latchkey.Users.Sessions;

namespace Latchkey.Api.Profile;

/// <summary>A user changes the password: the current one is required, all other sessions end, and the user is notified by mail.</summary>
public sealed class ChangePassword(
    Database database,
    UserStore users,
    SessionStore sessions,
    UserCodes codes,
    PasswordProof passwordProof,
    PasswordHasher hasher,
    SecurityNotifications notifications,
    MessageOutbox outbox,
    AuditStore audit,
    TimeProvider clock
)
{
    private const string Action = "changePassword";

    /// <summary>
    /// 602 for a wrong current password, an unchanged password or a wrong format, 702 if it does not meet the policy, 700 after too many
    /// attempts.
    /// </summary>
    public async Task<Result<Done>> Change(UserCaller caller, RawPassword current, RawPassword next)
    {
        var (application, user) = (caller.Application, caller.User);
        var share = HashingShare.Of(application, caller.Client);
        if (PasswordPolicy.Validate(application.Settings, next).Failed(out var input, out var refused))
        {
            return refused;
        }

        if ((await passwordProof.Verify(caller, current)).Failed(out var attempt, out var unproven))
        {
            return unproven.Code == ErrorCodes.InvalidCredentials.Code
                ? ErrorCodes.InvalidData.WithCause("wrong current password")
                : unproven;
        }

        var isUnchanged = current.ToInput(input.Prehashed).Bytes.AsSpan().SequenceEqual(input.Bytes);
        if (
            (isUnchanged ? ErrorCodes.InvalidData.WithCause("unchanged password") : await hasher.Hash(share, input)).Failed(
                out var hash,
                out var problem
            )
        )
        {
            await passwordProof.Release(caller, attempt); // the current password was correct
            return problem;
        }

        return await Store(caller, hash, input.Prehashed);
    }

    private async Task<Result<Done>> Store(UserCaller caller, string hash, bool prehashed)
    {
        var (application, user) = (caller.Application, caller.User);
        var notifies = await notifications.TryAcquire(application, user, MessageKind.PasswordChanged);
        var stored = await database.Write<Result<Done>>(async db =>
        {
            var now = clock.Now();
            if (!await users.SetPassword(db, application.Id, user.Id, user.PasswordHash, hash, prehashed, now))
            {
                return ErrorCodes.InvalidData.WithCause("the password changed meanwhile");
            }

            await sessions.EndAll(
                db,
                application.Id,
                user.Id,
                new(SessionEndReason.PasswordChanged, caller.Client.Address, now),
                except: caller.Session.Id
            );
            await codes.EndAll(db, user);
            await passwordProof.RecordSuccess(db, caller);
            if (notifies)
            {
                await notifications.Send(db, application, user, MessageKind.PasswordChanged, caller.Client.Address);
            }

            await audit.Add(db, new AuditEntry(application.Id, Action, user.Handle, caller.Client.Address));
            return default(Done);
        });
        outbox.Wake();
        return stored;
    }
}
