using Latchkey.Core;

namespace Latchkey.Provider;

/// <summary>
/// All errors of the OpenID provider. Clients get <see cref="Error.OAuthCode"/> and the message as <c>error</c> and
/// <c>error_description</c>; the application's log has the number.
/// </summary>
public static class OAuthErrors
{
    // RFC 6749 §4.1.2.1 and §5.2
    public static readonly Error InvalidRequest = Create(800, "invalid_request", "The request is not valid.");
    public static readonly Error InvalidClient = Create(
        801,
        "invalid_client",
        "The client is unknown, or did not prove who it is.",
        StatusCodes.Status401Unauthorized
    );
    public static readonly Error InvalidGrant = Create(
        802,
        "invalid_grant",
        "The code or token is unknown, used, expired, or was given to another client."
    );
    public static readonly Error UnauthorizedClient = Create(803, "unauthorized_client", "The client may not use this grant type.");
    public static readonly Error UnsupportedGrantType = Create(804, "unsupported_grant_type", "The grant type is not supported.");
    public static readonly Error UnsupportedResponseType = Create(805, "unsupported_response_type", "The response type must be code.");
    public static readonly Error InvalidScope = Create(806, "invalid_scope", "The scope is not allowed, or means nothing here.");
    public static readonly Error AccessDenied = Create(807, "access_denied", "The user or the server refused the request.");
    public static readonly Error ServerError = Create(808, "server_error", "The server had an error.", 500);
    public static readonly Error TemporarilyUnavailable = Create(809, "temporarily_unavailable", "The server is busy. Try again.", 503);

    /// <summary>Too many attempts or calls. OAuth has no code of its own for it.</summary>
    public static readonly Error SlowDownClient = Create(810, "temporarily_unavailable", "Too many requests. Try again later.", 429);

    // OpenID Connect Core §3.1.2.6
    public static readonly Error LoginRequired = Create(811, "login_required", "The user has to sign in.");
    public static readonly Error ConsentRequired = Create(812, "consent_required", "The user has to allow this to the client.");
    public static readonly Error InteractionRequired = Create(813, "interaction_required", "The user has to be asked something.");
    public static readonly Error AccountSelectionRequired = Create(814, "account_selection_required", "The user has to choose an account.");
    public static readonly Error RequestNotSupported = Create(815, "request_not_supported", "Request objects are not supported.");
    public static readonly Error RequestUriNotSupported = Create(
        816,
        "request_uri_not_supported",
        "Only request URIs of the pushed authorization request endpoint are supported."
    );
    public static readonly Error UnmetAuthenticationRequirements = Create(
        817,
        "unmet_authentication_requirements",
        "The user cannot sign in as strongly as the client demands."
    );

    /// <summary>RFC 9126 §4, by the name of RFC 9101 §7.</summary>
    public static readonly Error InvalidRequestUri = Create(818, "invalid_request_uri", "The request URI is unknown, used or expired.");

    /// <summary>RFC 8707 §2.</summary>
    public static readonly Error InvalidTarget = Create(819, "invalid_target", "The resource is unknown, or not allowed to the client.");

    // RFC 8628 §3.5
    public static readonly Error AuthorizationPending = Create(820, "authorization_pending", "The user has not decided yet.");
    public static readonly Error SlowDown = Create(821, "slow_down", "The device asks too often. Wait five seconds longer each time.");
    public static readonly Error ExpiredToken = Create(822, "expired_token", "The device code has expired.");

    /// <summary>On the page for devices.</summary>
    public static readonly Error UnknownUserCode = Create(
        840,
        "invalid_request",
        "No device waits with this code. Check the code, or start again on the device."
    );

    // RFC 9449 §5 and §8
    public static readonly Error InvalidDpopProof = Create(823, "invalid_dpop_proof", "The DPoP proof is missing or not valid.");
    public static readonly Error UseDpopNonce = Create(824, "use_dpop_nonce", "The DPoP proof must have the nonce of this answer.");

    // RFC 6750 §3.1
    public static readonly Error InvalidToken = Create(
        825,
        "invalid_token",
        "The access token is not valid, has expired, or was revoked.",
        StatusCodes.Status401Unauthorized
    );
    public static readonly Error InsufficientScope = Create(
        826,
        "insufficient_scope",
        "The access token lacks a scope.",
        StatusCodes.Status403Forbidden
    );

    private static Error Create(int code, string oauthCode, string message, int status = StatusCodes.Status400BadRequest) =>
        new(code, message, status) { OAuthCode = oauthCode };
}
