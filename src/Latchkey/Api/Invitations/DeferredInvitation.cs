using Latchkey.Core;

namespace Latchkey.Api.Invitations;

/// <summary>A user's invite that was answered.</summary>
/// <param name="AppId">The application.</param>
/// <param name="InviterUserId">The user who invites.</param>
/// <param name="Client">Where the request came from.</param>
/// <param name="Draft">The invitation.</param>
public sealed record DeferredInvitation(string AppId, string InviterUserId, ClientAddress Client, InvitationDraft Draft);
