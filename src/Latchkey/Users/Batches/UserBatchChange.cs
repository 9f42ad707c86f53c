using Latchkey.Activity.Audit;
using Latchkey.Applications;
using Latchkey.Core;
using Latchkey.Data;
using Latchkey.Users.Administration;

namespace Latchkey.Users.Batches;

/// <summary>Changes one user of a batch, by the rule that also changes a user alone.</summary>
public sealed class UserBatchChange(Database database, UserStore users, UserAdministration administration, UserPasswords passwords)
{
    private static readonly Error Gone = ErrorCodes.InvalidData with { Message = "This user no longer exists." };
    private static readonly Error SuspendedAlready = ErrorCodes.InvalidData with { Message = "The user was suspended already." };
    private static readonly Error ActiveAlready = ErrorCodes.InvalidData with { Message = "The user was not suspended." };
    private static readonly Error NotLocked = ErrorCodes.InvalidData with { Message = "The user was not locked." };
    private static readonly Error NoAddress = ErrorCodes.InvalidData with { Message = "The user has no address." };
    private static readonly Error NoPassword = ErrorCodes.InvalidData with
    {
        Message = "The user signs in with Apple or Google and has no password.",
    };

    /// <summary>Refuses what would change nothing, so that a batch does not say that it did.</summary>
    public async Task<Result<Done>> Apply(
        Application application,
        string userId,
        BatchAction action,
        Actor actor,
        AlongsideChange? alongside = null
    )
    {
        if (await database.Read(db => users.Find(db, application.Id, userId)) is not { } user)
        {
            return Gone;
        }

        return action.Name switch
        {
            _ when Refusal(application, user, action) is { } refused => refused,
            _ when action == BatchAction.Suspend => await administration.Suspend(user, actor, alongside),
            _ when action == BatchAction.Activate => await administration.Activate(user, actor, alongside),
            _ when action == BatchAction.Unlock => await administration.Unlock(user, actor, alongside),
            _ when action == BatchAction.SignOut => await administration.SignOut(user, actor, alongside),
            _ when action == BatchAction.Delete => await administration.Delete(user, actor, alongside),
            _ when action == BatchAction.ResetPassword => await passwords.SendResetCode(application, user, actor, alongside),
            _ => throw new NotSupportedException($"{action.Name} is not done in batches"),
        };
    }

    private static Error? Refusal(Application application, User user, BatchAction action) =>
        action == BatchAction.Suspend && user.IsSuspended ? SuspendedAlready
        : action == BatchAction.Activate && !user.IsSuspended ? ActiveAlready
        : action == BatchAction.Unlock && !user.IsLocked(application.Settings) ? NotLocked
        : action == BatchAction.ResetPassword && user.Anonymous ? NoAddress
        : action == BatchAction.ResetPassword && user is { PasswordHash: null, HasIdToken: true } ? NoPassword
        : null;
}
