using System.Text.Json;
using Latchkey.Core;

namespace Latchkey.Activity.Audit;

/// <summary>What an entry of the log says was changed, from what to what; never a secret.</summary>
/// <param name="Before">Empty for nothing.</param>
/// <param name="After">Empty for nothing.</param>
public sealed record AuditChange(string Name, string Before, string After)
{
    /// <summary>Of each value, in characters.</summary>
    public const int MaxLength = 4000;

    /// <summary>As the table audit has them; null for none.</summary>
    public static string? Write(IReadOnlyList<AuditChange> changes) =>
        changes.Count == 0
            ? null
            : JsonSerializer.Serialize(
                [
                    .. changes.Select(one =>
                        one with
                        {
                            Before = Strings.Truncate(one.Before, MaxLength),
                            After = Strings.Truncate(one.After, MaxLength),
                        }
                    ),
                ],
                AuditJson.Default.AuditChangeArray
            );

    /// <summary>What <see cref="Write"/> wrote.</summary>
    public static IReadOnlyList<AuditChange> Read(string? json) =>
        json is null ? [] : JsonSerializer.Deserialize(json, AuditJson.Default.AuditChangeArray) ?? [];

    /// <summary>On one line: <c>name: "before" → "after"</c>.</summary>
    public override string ToString() => $"{Name}: {Quoted(Before)} → {Quoted(After)}";

    private static string Quoted(string text) => $"\"{text.Replace("\"", "\\\"", StringComparison.Ordinal)}\"";
}
