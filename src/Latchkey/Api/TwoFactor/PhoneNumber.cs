using Latchkey.Core;
using PhoneNumbers;

namespace Latchkey.Api.TwoFactor;

/// <summary>A number in E.164: a plus, then 8 to 15 digits that do not start with 0.</summary>
public readonly record struct PhoneNumber
{
    private static readonly Error NotANumber = ErrorCodes.InvalidData.WithCause("not a number in E.164") with
    {
        Message = "This is not a phone number with its country code, such as +15005550006.",
    };

    private static readonly Error Impossible = ErrorCodes.InvalidData.WithCause("no number of its country has so many digits") with
    {
        Message = "This phone number cannot exist. Check the country code and the number of digits.",
    };

    private PhoneNumber(string text) => Text = text;

    public string Text { get; }

    /// <summary>
    /// False when the country code is not in use, or no number of that country has so many digits. Whether somebody has the number is
    /// not looked at: numbering plans grow faster than servers are updated. The first call loads the numbering plans (about 15 MB).
    /// </summary>
    public bool IsPossible
    {
        get
        {
            try
            {
                var plans = PhoneNumberUtil.GetInstance();
                return plans.IsPossibleNumberWithReason(plans.Parse(Text, defaultRegion: null))
                    == PhoneNumberUtil.ValidationResult.IS_POSSIBLE;
            }
            catch (NumberParseException)
            {
                return false; // a country code that is not in use
            }
        }
    }

    /// <summary>A number in E.164. Its plus may be missing: forms make a space of it, and clients leave it out.</summary>
    public static Result<PhoneNumber> Parse(string raw)
    {
        var text = raw.Trim();
        var digits = text.StartsWith('+') ? text[1..] : text;
        return digits.Length is >= 8 and <= 15 && digits[0] != '0' && digits.All(char.IsAsciiDigit)
            ? new PhoneNumber($"+{digits}")
            : ErrorCodes.InvalidData.WithCause("not a number in E.164");
    }

    /// <summary>As <see cref="Parse"/>, and 602 also for a number that cannot exist (<see cref="IsPossible"/>).</summary>
    public static Result<PhoneNumber> ParsePossible(string raw) =>
        Parse(raw).Failed(out var number, out var notANumber) ? notANumber
        : number.IsPossible ? number
        : ErrorCodes.InvalidData.WithCause("no such number can exist");

    /// <summary>
    /// A number as a person types it, beginning with its country code: spaces, dashes, brackets, an unneeded (0) and any decimal
    /// digits are understood. Its errors hold a sentence for the person.
    /// </summary>
    public static Result<PhoneNumber> ParseTyped(string raw)
    {
        var plans = PhoneNumberUtil.GetInstance();
        try
        {
            var parsed = plans.Parse(raw, defaultRegion: null);
            return !parsed.HasExtension && Parse(plans.Format(parsed, PhoneNumberFormat.E164)) is { Succeeded: true } number
                ? number.Value.IsPossible
                    ? number
                    : Impossible
                : NotANumber;
        }
        catch (NumberParseException)
        {
            return NotANumber;
        }
    }
}
