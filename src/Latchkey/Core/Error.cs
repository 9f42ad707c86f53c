namespace Latchkey.Core;

/// <summary>An expected failure as a value. The public message and the logged cause are separate.</summary>
/// <param name="Code">The code of the wire contract; published clients depend on it.</param>
/// <param name="Message">The public text; it never depends on stored data.</param>
/// <param name="HttpStatus">400 unless the contract says otherwise.</param>
public sealed record Error(int Code, string Message, int HttpStatus = StatusCodes.Status400BadRequest)
{
    /// <summary>The cause, for logs and operators only; never sent to a client.</summary>
    public string? Cause { get; init; }

    /// <summary>How long the caller must wait; sent as the Retry-After header in whole seconds.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>The code of the OAuth standards, such as <c>invalid_grant</c>; null outside the OpenID provider.</summary>
    public string? OAuthCode { get; init; }

    public Error WithCause(string cause) => this with { Cause = cause };
}
