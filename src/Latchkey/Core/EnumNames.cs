using System.Runtime.CompilerServices;

namespace Latchkey.Core;

/// <summary>
/// The external names of an enum's members: in the database, settings, JSON and forms. A name is the member's name in lower case, such
/// as <c>starttls</c> for <c>StartTls</c>.
/// </summary>
public static class EnumNames
{
    /// <exception cref="ArgumentOutOfRangeException">No member has the value.</exception>
    public static string ToName<T>(this T value)
        where T : struct, Enum => Members<T>.Table.NameOf(Unsafe.BitCast<T, int>(value));

    /// <summary>All names, in the order of the values.</summary>
    public static IReadOnlyList<string> All<T>()
        where T : struct, Enum => Members<T>.Table.Names;

    /// <summary>Parses a name, ignoring case; false if no member has it.</summary>
    public static bool TryParse<T>(string name, out T value)
        where T : struct, Enum
    {
        var isKnown = Members<T>.Table.TryFind(name, out var number);
        value = Unsafe.BitCast<int, T>(number);
        return isKnown;
    }

    private static class Members<T>
        where T : struct, Enum
    {
        public static readonly Table Table = new(typeof(T));
    }

    /// <summary>
    /// Holds numbers and not the enum's own type: collections of each enum would be compiled when the program starts, which took a third of
    /// the start.
    /// </summary>
    private sealed class Table
    {
        private readonly int[] values;

        public Table(Type type)
        {
            values = (int[])Enum.GetValuesAsUnderlyingType(type); // both in the order of the values
            Names = Array.ConvertAll(Enum.GetNames(type), name => name.ToLowerInvariant());
        }

        public string[] Names { get; }

        public string NameOf(int value) =>
            Array.IndexOf(values, value) is >= 0 and var place ? Names[place] : throw new ArgumentOutOfRangeException(nameof(value));

        public bool TryFind(string name, out int value)
        {
            var place = Array.FindIndex(Names, known => known.Equals(name, StringComparison.OrdinalIgnoreCase));
            value = place >= 0 ? values[place] : default;
            return place >= 0;
        }
    }
}
