using Latchkey.Activity.Audit;
using Latchkey.Api.Authentication;
using Latchkey.Api.Login;
using Latchkey.Api.TwoFactor;
using Latchkey.Core;
using Latchkey.Data;
using Latchkey.Messages.Outbox;
using Latchkey.Users;
using Latchkey.Users.Passwords;
using Latchkey.Users.Sessions;

namespace Latchkey.Api.Profile;

/// <summary>
/// A user changes the password: the current one is required, or for the first password a proof in the last 15 minutes. All other sessions
/// end, and the user is notified by mail.
/// </summary>
public sealed class ChangePassword(
    Database database,
    UserStore users,
    SessionStore sessions,
    UserCodes codes,
    PasswordProof passwordProof,
    StepUp stepUp,
    PasswordHasher hasher,
    SecurityNotifications notifications,
    AuditStore audit,
    TimeProvider clock
)
{
    private const string Action = "changePassword";

    /// <summary>403 if the current password is missing; a user who has none, and signs in by codes, does not need it.</summary>
    public static Error? FindMissingParameter(User user, string? current) =>
        current is null && !SetsFirst(user) ? ErrorCodes.MissingParameter.WithCause("password") : null;

    /// <summary>
    /// 602 for a wrong current password, an unchanged password or a wrong format, 702 if it does not meet the policy, 700 after too many
    /// attempts; 710 for the first password without a proof in the last 15 minutes.
    /// </summary>
    /// <param name="current">Null for the first password.</param>
    public async Task<Result<Done>> Change(UserCaller caller, RawPassword? current, RawPassword next)
    {
        var (application, user) = (caller.Application, caller.User);
        var share = HashingShare.Of(application, caller.Client);
        if (PasswordPolicy.Validate(application.Settings, next).Failed(out var input, out var refused))
        {
            return refused;
        }

        if (SetsFirst(user))
        {
            return stepUp.FindMissingProof(caller) is { } missing ? missing
                : (await hasher.Hash(share, input)).Failed(out var first, out var busy) ? busy
                : await Store(caller, first, input.Prehashed);
        }

        if (current is not { } typed)
        {
            return ErrorCodes.MissingParameter.WithCause("password");
        }

        if ((await passwordProof.Verify(caller, typed)).Failed(out var attempt, out var unproven))
        {
            return unproven.Code == ErrorCodes.InvalidCredentials.Code
                ? ErrorCodes.InvalidData.WithCause("wrong current password")
                : unproven;
        }

        var isUnchanged = typed.ToInput(input.Prehashed).Bytes.AsSpan().SequenceEqual(input.Bytes);
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
            if (
                user.PasswordHash is null
                && (
                    await users.FindForUpdate(db, database.Dialect, application.Id, user.Id) is null
                    || !await sessions.IsLive(db, application.Id, caller.Session.Id, now)
                )
            )
            {
                return ErrorCodes.InvalidAccessToken.WithCause("the session ended meanwhile"); // its password would outlive it
            }

            if (
                !(
                    user.PasswordHash is { } current
                        ? await users.SetPassword(db, application.Id, user.Id, current, hash, prehashed, now)
                        : await users.SetFirstPassword(db, application.Id, user.Id, hash, prehashed, now)
                )
            )
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
            if (user.PasswordHash is not null)
            {
                await passwordProof.RecordSuccess(db, caller);
            }

            if (notifies)
            {
                await notifications.Send(db, application, user, MessageKind.PasswordChanged, caller.Client.Address);
            }

            await audit.Add(db, new AuditEntry(application.Id, Action, user.Handle, caller.Client.Address));
            return default(Done);
        });
        notifications.Wake();
        return stored;
    }

    /// <summary>Users of Apple and Google have none either, and get none here: their address has one way in.</summary>
    public static bool SetsFirst(User user) => user is { PasswordHash: null, HasIdToken: false, Anonymous: false };
}
