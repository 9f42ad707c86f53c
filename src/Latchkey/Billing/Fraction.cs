using System.Numerics;

namespace Latchkey.Billing;

/// <summary>An exact number: a ratio of whole numbers. Amounts are computed with it, and rounded once.</summary>
/// <param name="Denominator">Above zero.</param>
public readonly record struct Fraction(BigInteger Numerator, BigInteger Denominator)
{
    public static Fraction Zero { get; } = new(0, 1);

    public static Fraction Of(BigInteger whole) => new(whole, 1);

    public static Fraction operator +(Fraction left, Fraction right) =>
        left.Denominator == right.Denominator
            ? new(left.Numerator + right.Numerator, left.Denominator)
            : new(left.Numerator * right.Denominator + right.Numerator * left.Denominator, left.Denominator * right.Denominator);

    public static Fraction operator -(Fraction left, Fraction right) => left + new Fraction(-right.Numerator, right.Denominator);

    public static Fraction operator *(Fraction left, Fraction right) =>
        new(left.Numerator * right.Numerator, left.Denominator * right.Denominator);

    public static bool operator <(Fraction left, Fraction right) => Compare(left, right) < 0;

    public static bool operator >(Fraction left, Fraction right) => Compare(left, right) > 0;

    public static Fraction Min(Fraction left, Fraction right) => left < right ? left : right;

    public static Fraction Add(Fraction left, Fraction right) => left + right;

    public static Fraction Subtract(Fraction left, Fraction right) => left - right;

    public static Fraction Multiply(Fraction left, Fraction right) => left * right;

    public static int Compare(Fraction left, Fraction right) =>
        (left.Numerator * right.Denominator).CompareTo(right.Numerator * left.Denominator);

    /// <summary>The nearest whole number; of two that are as near, the even one.</summary>
    public BigInteger RoundHalfToEven()
    {
        var floor = BigInteger.DivRem(Numerator, Denominator, out var rest);
        if (rest.Sign < 0)
        {
            (floor, rest) = (floor - 1, rest + Denominator);
        }

        var half = (rest * 2).CompareTo(Denominator);
        return half > 0 || (half == 0 && !floor.IsEven) ? floor + 1 : floor;
    }

    /// <summary>As decimal text without zeros at the end, rounded to at most <paramref name="decimals"/> digits: 0.391129.</summary>
    public string ToDecimalText(int decimals)
    {
        var scaled = (this * Of(BigInteger.Pow(10, decimals))).RoundHalfToEven();
        var text = DecimalText.Format(scaled, decimals);
        return decimals == 0 ? text : text.TrimEnd('0').TrimEnd('.');
    }
}
