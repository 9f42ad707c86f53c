using System.Data.Common;
using Latchkey.Activity.Audit;
using Latchkey.Api.Authentication;
using Latchkey.Data;
using Latchkey.Users.Sessions;

namespace Latchkey.Api.TwoFactor;

/// <summary>Records in a session that its user has proved again who they are.</summary>
public sealed class SessionProof(SessionStore sessions, AuditStore audit, TimeProvider clock)
{
    private const string Action = "stepUp";

    /// <summary>Runs in the transaction that uses the proof up. Returns the session as it is then.</summary>
    /// <param name="method">One of <see cref="AuthenticationMethods"/>.</param>
    public async Task<Session> Record(DbConnection db, UserCaller caller, string method)
    {
        var (session, now) = (caller.Session, clock.Now());
        var methods = AuthenticationMethods.Combine(session.Methods, method);
        await sessions.RecordProof(db, caller.Application.Id, session.Id, methods, now);
        await audit.Add(db, new AuditEntry(caller.Application.Id, Action, caller.User.Handle, caller.Client.Address) { Detail = method });
        return session with { Methods = methods, ProvedAt = now };
    }
}
