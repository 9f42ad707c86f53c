using Latchkey.Activity.Audit;
using Latchkey.Core;
using Latchkey.Data;

namespace Latchkey.Users.Registration;

/// <summary>Looking after requests to sign up; their codes are seen by nobody but who asked.</summary>
public sealed class SignupAdministration(Database database, SignupStore signups, AuditStore audit, TimeProvider clock)
{
    /// <summary>Newest first, of handles that begin so.</summary>
    public Task<ListPage<SignupRow>> Page(string appId, string search, PageRequest page) =>
        database.Read(db => signups.Page(db, appId, Field.IsStorable(search) ? Handle.Normalise(search) : "", page));

    public async Task<SignupRow?> Find(string appId, string id) =>
        Field.IsStorable(id) ? await database.Read(db => signups.Find(db, appId, id)) : null;

    /// <summary>How it stands: a <see cref="SignupStatus"/>, or expired.</summary>
    public string Status(SignupRow signup) =>
        signup.Status == SignupStatus.Pending && signup.ExpiresAt <= clock.Now() ? "expired" : signup.Status;

    /// <summary>Its code or link is dead from now on; a user who came by it stays.</summary>
    public Task<Result<Done>> Delete(SignupRow signup, Actor actor) =>
        database.Write<Result<Done>>(async db =>
        {
            if (!await signups.Delete(db, signup.AppId, signup.Id))
            {
                return ErrorCodes.InvalidData with { Message = "The signup was already deleted." };
            }

            await audit.Add(db, new AuditEntry(signup.AppId, "deleteSignup", signup.Handle, actor));
            return default(Done);
        });
}
