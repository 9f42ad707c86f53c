using System.Globalization;
using Latchkey.Core;

namespace Latchkey.Operations.KeyRotation;

/// <summary>A reason to keep a key.</summary>
/// <param name="Until">When the reason ends by itself, in unix milliseconds; null if it does not.</param>
/// <param name="Remedy">What ends it; empty when it ends with time.</param>
public sealed record KeyUsage(string Description, long Count, long? Until, string Remedy)
{
    public override string ToString() =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{Count} {Description}{(Until is { } at ? $", until {WireDate.Format(at)}" : "")}{(Remedy.Length > 0 ? $" ({Remedy})" : "")}"
        );
}
