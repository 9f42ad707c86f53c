using Latchkey.Core;

namespace Latchkey.Limits;

/// <summary>A counted attempt at a six-digit code.</summary>
/// <param name="Counted">The limit for codes that other networks requested; null when it is used up.</param>
public sealed record CodeGuess(WindowLimit? Counted)
{
    /// <summary>An attempt that no limit counted.</summary>
    public static readonly CodeGuess Unlimited = new(DefaultLimits.StrangersGuesses);

    /// <summary>Compares the attempt only with codes that this network requested; empty for all.</summary>
    public string NetworkFilter(ClientAddress client) => Counted is null ? client.Network : "";
}
