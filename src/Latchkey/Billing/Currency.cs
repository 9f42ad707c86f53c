using System.Collections.Frozen;
using Latchkey.Applications.Settings;
using Latchkey.Core;

namespace Latchkey.Billing;

/// <summary>A currency of ISO 4217: its code in capital letters, and how many digits its minor unit has.</summary>
public sealed record Currency
{
    /// <summary>
    /// The active codes of ISO 4217 that have a minor unit, by the number of its digits. Metals and funds without one are left out.
    /// </summary>
    private static readonly (int Exponent, string Codes)[] Table =
    [
        (0, "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF"),
        (
            2,
            """
            AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD CDF CHE CHF CHW CNY COP COU CRC
            CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS KHR
            KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MXV MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN
            PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS
            UAH USD USN UYU UZS VED VES WST XAD XCD XCG YER ZAR ZMW ZWG
            """
        ),
        (3, "BHD IQD JOD KWD LYD OMR TND"),
        (4, "CLF UYW"),
    ];

    private static readonly FrozenDictionary<string, Currency> ByCode = Table
        .SelectMany(row =>
            row.Codes.Split((char[])[' ', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries).Select(code => (code, row.Exponent))
        )
        .ToFrozenDictionary(pair => pair.code, pair => new Currency(pair.code, pair.Exponent), StringComparer.Ordinal);

    private Currency(string code, int exponent) => (Code, Exponent) = (code, exponent);

    /// <summary>Three capital letters, such as EUR.</summary>
    public string Code { get; }

    /// <summary>The digits of the minor unit: 2 for EUR, 0 for JPY, 3 for KWD, 4 for CLF.</summary>
    public int Exponent { get; }

    /// <summary>All currencies, by code.</summary>
    public static IReadOnlyList<Currency> All { get; } = [.. ByCode.Values.OrderBy(currency => currency.Code, StringComparer.Ordinal)];

    /// <summary>The currency of a code; 602 with a sentence for an unknown one.</summary>
    public static Result<Currency> Parse(string code) =>
        ByCode.TryGetValue(code.Trim().ToUpperInvariant(), out var currency)
            ? currency
            : Setting.Invalid("The currency must be a code of ISO 4217, such as EUR, USD or JPY.");

    /// <summary>A stored code, which was valid.</summary>
    public static Currency FromStored(string code) => ByCode[code];

    public override string ToString() => Code;
}
