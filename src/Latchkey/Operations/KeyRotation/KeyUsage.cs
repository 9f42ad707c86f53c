using System.Globalization;
using Latchkey.Core;

namespace Latchkey.Operations.KeyRotation;

/// <summary>A reason to keep a key of the ring.</summary>
/// <param name="Until">When it ends by itself, in unix milliseconds; null: not by itself.</param>
/// <param name="Remedy">What ends it; empty when time does.</param>
public sealed record KeyUsage(string Description, long Count, long? Until, string Remedy)
{
    public override string ToString() =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{Count} {Description}{(Until is { } at ? $", until {WireDate.Format(at)}" : "")}{(Remedy.Length > 0 ? $" ({Remedy})" : "")}"
        );
}
