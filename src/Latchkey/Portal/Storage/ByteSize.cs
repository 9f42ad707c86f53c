using System.Globalization;

namespace Latchkey.Portal.Storage;

/// <summary>A number of bytes for people.</summary>
public static class ByteSize
{
    private static readonly string[] Units = ["bytes", "KiB", "MiB", "GiB", "TiB", "PiB"];

    /// <summary>With one digit after the point from KiB on, as in 1.5 MiB.</summary>
    public static string Format(long bytes)
    {
        var (size, unit) = ((double)bytes, 0);
        while (size >= 1024 && unit < Units.Length - 1)
        {
            (size, unit) = (size / 1024, unit + 1);
        }

        return bytes == 1 ? "1 byte" : $"{size.ToString(unit == 0 ? "0" : "0.#", CultureInfo.InvariantCulture)} {Units[unit]}";
    }
}
