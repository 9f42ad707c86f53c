namespace Latchkey.Core;

/// <summary>
/// The external names of an enum's members: in the database, settings, JSON and forms. A name is the member's name in lower case, such
/// as <c>starttls</c> for <c>StartTls</c>.
/// </summary>
public static class EnumNames
{
    public static string ToName<T>(this T value)
        where T : struct, Enum => Names<T>.ByValue[value];

    /// <summary>All names, in the order of the values.</summary>
    public static IReadOnlyList<string> All<T>()
        where T : struct, Enum => Names<T>.All;

    /// <summary>Parses a name, ignoring case; false if no member has it.</summary>
    public static bool TryParse<T>(string name, out T value)
        where T : struct, Enum => Names<T>.ByName.TryGetValue(name, out value);

    private static class Names<T>
        where T : struct, Enum
    {
        public static readonly IReadOnlyDictionary<T, string> ByValue = Enum.GetValues<T>()
            .ToDictionary(value => value, value => value.ToString().ToLowerInvariant());

        public static readonly IReadOnlyDictionary<string, T> ByName = ByValue.ToDictionary(
            pair => pair.Value,
            pair => pair.Key,
            StringComparer.OrdinalIgnoreCase
        );

        public static readonly IReadOnlyList<string> All = [.. Enum.GetValues<T>().Select(value => ByValue[value])];
    }
}
