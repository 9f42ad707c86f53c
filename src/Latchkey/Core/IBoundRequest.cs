namespace Latchkey.Core;

/// <summary>What <see cref="ParameterFilter"/> asks of a bound request before the handler runs.</summary>
public interface IBoundRequest
{
    Error? Problem { get; }

    /// <summary>Whom the request is about, for the log: its parameter handle, normalised; null when it has none.</summary>
    string? Handle { get; }
}
