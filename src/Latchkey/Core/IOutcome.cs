namespace Latchkey.Core;

/// <summary>The result of a transaction's function; a failure rolls the transaction back.</summary>
public interface IOutcome
{
    bool Succeeded { get; }
}
