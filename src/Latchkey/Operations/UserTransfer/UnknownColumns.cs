using Latchkey.Core;

namespace Latchkey.Operations.UserTransfer;

/// <summary>The message about unknown columns, with options to paste.</summary>
public static class UnknownColumns
{
    private const int MaxNamed = 200;

    /// <param name="names">The unknown columns, in file order.</param>
    /// <param name="addresses">The column with e-mail addresses, when none is the handle.</param>
    public static string Describe(IReadOnlyList<string> names, string? addresses)
    {
        var others = names
            .Where(name => name != addresses && addresses?.StartsWith($"{name}.", StringComparison.Ordinal) != true)
            .Take(MaxNamed)
            .ToList();
        var options = new List<string>();
        if (addresses is not null)
        {
            options.Add(Option($"{addresses}=handle"));
        }

        options.AddRange(others.Select(name => Option($"{name}=")));
        var missing = addresses is null ? "" : $"No column is named handle, but {Strings.Printable(addresses)} has e-mail addresses. ";
        var unknown =
            others.Count == 0 ? "" : $"There is no field for these columns: {string.Join(", ", others.Select(Strings.Printable))}. ";
        return $"{missing}{unknown}Add these options, with a field after = for each column to keep"
            + $"{(others.Count > 0 ? ", or --ignore-unknown to ignore all of them" : "")}:\n  {string.Join(' ', options)}\n"
            + $"The fields are {UserFields.AllNames}, metaData.PATH and inviteMetaData.PATH.";
    }

    /// <summary>A value that begins with a dash or @ must be attached to the option.</summary>
    private static string Option(string pair) =>
        pair[0] is '-' or '@' ? ShellWord.Quote($"--map={pair}") : $"--map {ShellWord.Quote(pair)}";
}
