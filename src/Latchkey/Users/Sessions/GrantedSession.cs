namespace Latchkey.Users.Sessions;

/// <summary>A grant, its session and the session's user.</summary>
public sealed record GrantedSession(User User, Session Session, SessionGrant Grant)
{
    /// <summary>
    /// When the user had proved who they are when the grant was made: the claim <c>auth_time</c> of its tokens, which stays the same
    /// however often they are refreshed (OpenID Connect Core §12.2). After a later proof it is the time of the sign-in.
    /// </summary>
    public long AuthenticatedAt =>
        Grant.AuthenticatedAt ?? (Session.ProvedAt > Grant.CreatedAt ? Session.CreatedAt : Session.AuthenticatedAt);
}
