
namespace Latchkey.Messages.Templates;

/// <summary>A language that an application may offer.</summary>
/// <param name="Code">As users choose it: upper-case, with the region where it matters.</param>
/// <param name="EnglishName">Its name in English.</param>
/// <param name="NativeName">Its name in itself.</param>
public sealed record Language(string Code, string EnglishName, string NativeName);

/// <summary>The languages that the portal lists; an application may offer others by their codes.</summary>
public static class Languages
{
    public static IReadOnlyList<Language> All { get; } =
    [
        new("AF", "Afrikaans", "Afrikaans"), new("AM", "Amharic", "አማርኛ"), new("AR", "Arabic", "العربية"), new("AZ", "Azerbaijani", "Azərbaycan dili"),
        new("BE", "Belarusian", "Беларуская"), new("BG", "Bulgarian", "Български"), new("BN", "Bengali", "বাংলা"), new("BS", "Bosnian", "Bosanski"),
        new("CA", "Catalan", "Català"), new("CS", "Czech", "Čeština"), new("CY", "Welsh", "Cymraeg"), new("DA", "Danish", "Dansk"),
        new("DE", "German", "Deutsch"), new("EL", "Greek", "Ελληνικά"), new("EN", "English", "English"), new("ES", "Spanish", "Español"),
        new("ES-MX", "Spanish (Mexico)", "Español (México)"), new("ET", "Estonian", "Eesti"), new("EU", "Basque", "Euskara"), new("FA", "Persian", "فارسی"),
        new("FI", "Finnish", "Suomi"), new("FIL", "Filipino", "Filipino"), new("FR", "French", "Français"), new("FR-CA", "French (Canada)", "Français (Canada)"),
        new("GA", "Irish", "Gaeilge"), new("GL", "Galician", "Galego"), new("GU", "Gujarati", "ગુજરાતી"), new("HE", "Hebrew", "עברית"),
        new("HI", "Hindi", "हिन्दी"), new("HR", "Croatian", "Hrvatski"), new("HU", "Hungarian", "Magyar"), new("HY", "Armenian", "Հայերեն"),
        new("ID", "Indonesian", "Bahasa Indonesia"), new("IS", "Icelandic", "Íslenska"), new("IT", "Italian", "Italiano"), new("JA", "Japanese", "日本語"),
        new("KA", "Georgian", "ქართული"), new("KK", "Kazakh", "Қазақ тілі"), new("KM", "Khmer", "ខ្មែរ"), new("KN", "Kannada", "ಕನ್ನಡ"),
        new("KO", "Korean", "한국어"), new("LO", "Lao", "ລາວ"), new("LT", "Lithuanian", "Lietuvių"), new("LV", "Latvian", "Latviešu"),
        new("MK", "Macedonian", "Македонски"), new("ML", "Malayalam", "മലയാളം"), new("MN", "Mongolian", "Монгол"), new("MR", "Marathi", "मराठी"),
        new("MS", "Malay", "Bahasa Melayu"), new("MT", "Maltese", "Malti"), new("MY", "Burmese", "မြန်မာ"), new("NE", "Nepali", "नेपाली"),
        new("NL", "Dutch", "Nederlands"), new("NO", "Norwegian", "Norsk"), new("PA", "Punjabi", "ਪੰਜਾਬੀ"), new("PL", "Polish", "Polski"),
        new("PT", "Portuguese", "Português"), new("PT-BR", "Portuguese (Brazil)", "Português (Brasil)"), new("RO", "Romanian", "Română"), new("RU", "Russian", "Русский"),
        new("SI", "Sinhala", "සිංහල"), new("SK", "Slovak", "Slovenčina"), new("SL", "Slovenian", "Slovenščina"), new("SQ", "Albanian", "Shqip"),
        new("SR", "Serbian", "Српски"), new("SV", "Swedish", "Svenska"), new("SW", "Swahili", "Kiswahili"), new("TA", "Tamil", "தமிழ்"),
        new("TE", "Telugu", "తెలుగు"), new("TH", "Thai", "ไทย"), new("TR", "Turkish", "Türkçe"), new("UK", "Ukrainian", "Українська"),
        new("UR", "Urdu", "اردو"), new("UZ", "Uzbek", "Oʻzbekcha"), new("VI", "Vietnamese", "Tiếng Việt"), new("ZH", "Chinese", "中文"),
        new("ZH-TW", "Chinese (Taiwan)", "中文（台灣）"), new("ZU", "Zulu", "isiZulu"),
    ];

    /// <summary>The language of a code; one that is not listed is called by its code.</summary>
    public static Language Get(string code) => All.FirstOrDefault(language => language.Code == code) ?? new Language(code, code, code);

    /// <summary>Arabic, Persian, Hebrew and Urdu.</summary>
    public static bool IsRightToLeft(string code) => code.Split('-', '_')[0] is "AR" or "FA" or "HE" or "UR";
}
