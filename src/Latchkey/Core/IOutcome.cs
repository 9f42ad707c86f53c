namespace Latchkey.Core;

/// <summary>What a transaction asks of its work: an unsuccessful outcome rolls everything back.</summary>
public interface IOutcome
{
    bool Succeeded { get; }
}
