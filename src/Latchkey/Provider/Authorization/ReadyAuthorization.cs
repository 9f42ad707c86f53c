using Latchkey.Provider.Clients;
using Latchkey.Users.Sessions;

namespace Latchkey.Provider.Authorization;

/// <summary>A valid request, with everything that its answer depends on.</summary>
/// <param name="Pending">The request as it waits.</param>
/// <param name="Client">Whose it is.</param>
/// <param name="Request">What it asks for.</param>
/// <param name="User">Who is signed in in the browser; null for nobody.</param>
/// <param name="Consent">What that user has allowed to the client; null for nothing.</param>
public sealed record ReadyAuthorization(
    PendingAuthorization Pending,
    Client Client,
    AuthorizationRequest Request,
    SessionUser? User,
    Consent? Consent
) : OpenedAuthorization
{
    public AnswerAddress To => new(Request.RedirectUri, Request.State, Request.IsFormPost);
}
