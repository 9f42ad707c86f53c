namespace Latchkey.Core;

/// <summary>The part of a bound request that <see cref="ParameterFilter"/> checks before the handler runs.</summary>
public interface IBoundRequest
{
    Error? Problem { get; }

    /// <summary>The request's handle, normalised, for the log; null when it has none.</summary>
    string? Handle { get; }
}
