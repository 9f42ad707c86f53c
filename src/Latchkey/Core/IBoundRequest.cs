namespace Latchkey.Core;

/// <summary>The part of a bound request that <see cref="ParameterFilter"/> checks before the handler runs.</summary>
public interface IBoundRequest
{
    Error? Problem { get; }

    /// <summary>
    /// The request's handle as it was typed; empty when it has none. It may be a password in the wrong field: <see cref="Handle.ForLog"/>
    /// says what of it may be logged.
    /// </summary>
    string TypedHandle { get; }
}
