using System.Globalization;
using System.Numerics;

namespace Latchkey.Billing;

/// <summary>Whole numbers as decimal text with a fixed number of digits after the point, without floating point.</summary>
public static class DecimalText
{
    /// <summary>The number times ten to the power of <paramref name="decimals"/>; null for other text, more digits, or too large.</summary>
    public static long? Parse(string text, int decimals)
    {
        var unsigned = text.StartsWith('-') ? text[1..] : text;
        var point = unsigned.IndexOf('.', StringComparison.Ordinal);
        var (whole, fraction) = point < 0 ? (unsigned, "") : (unsigned[..point], unsigned[(point + 1)..]);
        if (whole.Length == 0 || (point >= 0 && fraction.Length == 0) || fraction.TrimEnd('0').Length > decimals)
        {
            return null;
        }

        var digits = whole + (fraction.Length > decimals ? fraction[..decimals] : fraction.PadRight(decimals, '0'));
        return digits.All(char.IsAsciiDigit) && long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var value)
            ? (text.StartsWith('-') ? -value : value)
            : null;
    }

    public static string Format(BigInteger value, int decimals)
    {
        var digits = BigInteger.Abs(value).ToString(CultureInfo.InvariantCulture).PadLeft(decimals + 1, '0');
        return (value.Sign < 0 ? "-" : "") + (decimals == 0 ? digits : $"{digits[..^decimals]}.{digits[^decimals..]}");
    }
}
