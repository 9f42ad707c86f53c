using Latchkey.Core;

namespace Latchkey.Api.TwoFactor;

/// <summary>A number in E.164: a plus, then 8 to 15 digits that do not start with 0.</summary>
public readonly record struct PhoneNumber
{
    private PhoneNumber(string text) => Text = text;

    public string Text { get; }

    public static Result<PhoneNumber> Parse(string raw)
    {
        var text = raw.Trim();
        return text.Length is >= 9 and <= 16 && text[0] == '+' && text[1] != '0' && text.Skip(1).All(char.IsAsciiDigit)
            ? new PhoneNumber(text)
            : ErrorCodes.InvalidData.WithCause("not a number in E.164");
    }
}
