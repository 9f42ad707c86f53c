namespace Latchkey.Messages.Templates;

/// <summary>The length of an SMS and the number of segments billed (3GPP TS 23.038 and 23.040).</summary>
/// <param name="Characters">Length in the message's alphabet: <c>€</c> and a few others count twice in the GSM alphabet.</param>
/// <param name="Segments">Number of SMS segments.</param>
/// <param name="IsUnicode">A character is not in the GSM alphabet, so a single SMS holds 70 instead of 160.</param>
public readonly record struct SmsLength(int Characters, int Segments, bool IsUnicode)
{
    private const string Gsm =
        "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ "
        + "!\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";
    private const string ExtensionCharacters = "^{}\\[~]|€\f";

    public static SmsLength Measure(string text)
    {
        var isUnicode = text.Any(c =>
            !Gsm.Contains(c, StringComparison.Ordinal) && !ExtensionCharacters.Contains(c, StringComparison.Ordinal)
        );
        var characters = isUnicode ? text.Length : text.Length + text.Count(c => ExtensionCharacters.Contains(c, StringComparison.Ordinal));
        var (alone, joined) = isUnicode ? (70, 67) : (160, 153);
        return new(characters, characters <= alone ? 1 : (characters + joined - 1) / joined, isUnicode);
    }
}
