using Latchkey.Activity.Audit;
using Latchkey.Core;
using Latchkey.Data;

namespace Latchkey.Users.Registration;

/// <summary>Administration of signup requests. Their codes are not visible.</summary>
public sealed class SignupAdministration(Database database, SignupStore signups, AuditStore audit, TimeProvider clock)
{
    /// <summary>Newest first; <paramref name="search"/> is a handle prefix.</summary>
    public Task<ListPage<SignupRow>> Page(string appId, string search, PageRequest page) =>
        database.Read(db => signups.Page(db, appId, Field.IsStorable(search) ? Handle.Normalise(search) : "", page));

    public async Task<SignupRow?> Find(string appId, string id) =>
        Field.IsStorable(id) ? await database.Read(db => signups.Find(db, appId, id)) : null;

    /// <summary>A <see cref="SignupStatus"/>, or expired.</summary>
    public string Status(SignupRow signup) =>
        signup.Status == SignupStatus.Pending && signup.ExpiresAt <= clock.Now() ? "expired" : signup.Status;

    /// <summary>Deletes the request; its code or link stops working. A user who signed up with it stays.</summary>
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
