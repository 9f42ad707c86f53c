namespace Latchkey.Provider.Authorization;

/// <summary>
/// An authorization request that waits: pushed by its client (RFC 9126), or for what the user does on the pages. It travels sealed, in
/// <c>request_uri</c> or in the addresses of the pages, so it costs no row. Its parameters are read anew at each step, so that what
/// changed meanwhile counts.
/// </summary>
/// <param name="Id">128 random bits in base64url.</param>
/// <param name="Parameters">The request as a query.</param>
/// <param name="ClientId">The client that pushed it; the request's for one that was not pushed.</param>
/// <param name="IsPushed">Its client pushed it, so it leads to one code only.</param>
/// <param name="StartedAt">When the user came with it; 0 for a pushed one that nobody has opened.</param>
/// <param name="ExpiresAt">In unix milliseconds.</param>
/// <param name="DpopKey">The thumbprint of the proof that it was pushed with; null for none.</param>
/// <param name="ChosenSession">The public id of the session whose user chose to go on; null while nobody did.</param>
/// <param name="SwitchesAccount">The user wants another account, so only a sign-in for this request counts.</param>
/// <param name="FreshSession">
/// The public id of the session that the user has opened for this very request; null while nobody did. A sign-in for anything else is
/// never fresh, because whoever sent the request could have waited for it.
/// </param>
public sealed record PendingAuthorization(
    string Id,
    string Parameters,
    string ClientId,
    bool IsPushed,
    long StartedAt,
    long ExpiresAt,
    string? DpopKey = null,
    string? ChosenSession = null,
    bool SwitchesAccount = false,
    string? FreshSession = null
);
