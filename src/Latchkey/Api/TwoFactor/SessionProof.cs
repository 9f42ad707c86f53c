using System.Data.Common;
using Latchkey.Activity.Audit;
using Latchkey.Api.Authentication;
using Latchkey.Core;
using Latchkey.Data;
using Latchkey.Users.Sessions;

namespace Latchkey.Api.TwoFactor;

/// <summary>Records in a session that its user has proved again who they are.</summary>
public sealed class SessionProof(SessionStore sessions, AuditStore audit, TimeProvider clock)
{
    private const string Action = "stepUp";

    /// <summary>
    /// Runs in the transaction that uses the proof up. Returns the session as it is then; 405 when it has ended meanwhile, so that nobody
    /// gets new tokens after the end.
    /// </summary>
    /// <param name="method">One of <see cref="AuthenticationMethods"/>.</param>
    public async Task<Result<Session>> Record(DbConnection db, UserCaller caller, string method)
    {
        var (session, now) = (caller.Session, clock.Now());
        var methods = AuthenticationMethods.Combine(session.Methods, method);
        if (!await sessions.RecordProof(db, caller.Application.Id, session.Id, methods, now))
        {
            return ErrorCodes.InvalidAccessToken.WithCause("the session ended meanwhile");
        }

        await audit.Add(db, new AuditEntry(caller.Application.Id, Action, caller.User.Handle, caller.Client.Address) { Detail = method });
        return session with { Methods = methods, ProvedAt = now };
    }
}
