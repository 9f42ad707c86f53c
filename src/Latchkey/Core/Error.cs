namespace Latchkey.Core;

/// <summary>An expected failure, as a value. What callers see and what the log keeps are different fields.</summary>
/// <param name="Code">The code of the wire contract; clients in the stores switch on it.</param>
/// <param name="Message">The public text; it never depends on stored data.</param>
/// <param name="HttpStatus">400 unless the contract names another.</param>
public sealed record Error(int Code, string Message, int HttpStatus = StatusCodes.Status400BadRequest)
{
    /// <summary>Why it happened, for logs and operators only; never sent to a client.</summary>
    public string? Cause { get; init; }

    /// <summary>When the caller may try again; sent as the Retry-After header in whole seconds.</summary>
    public TimeSpan? RetryAfter { get; init; }

    public Error WithCause(string cause) => this with { Cause = cause };
}
