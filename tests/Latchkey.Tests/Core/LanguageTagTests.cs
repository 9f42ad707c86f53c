using Latchkey.Core;
using Latchkey.Messages.Templates;

namespace Latchkey.Tests.Core;

/// <summary>Locales are language tags of BCP 47, and texts are in the language and script that they ask for.</summary>
public sealed class LanguageTagTests
{
    [Theory]
    [InlineData("en", "EN")]
    [InlineData(" pt_BR ", "PT-BR")]
    [InlineData("es-419", "ES-419")]
    [InlineData("zh_Hant_TW", "ZH-HANT-TW")]
    [InlineData("zh-yue-HK", "ZH-YUE-HK")]
    [InlineData("sl-rozaj-biske-1994", "SL-ROZAJ-BISKE-1994")]
    [InlineData("de-DE-u-co-phonebk", "DE-DE-U-CO-PHONEBK")]
    [InlineData("fil", "FIL")]
    public void A_tag_is_written_in_upper_case_with_hyphens(string text, string tag) => LanguageTag.Canonicalize(text).ShouldBe(tag);

    [Theory]
    [InlineData("")]
    [InlineData("E")]
    [InlineData("EN-")]
    [InlineData("EN--US")]
    [InlineData("E N")]
    [InlineData("EN-1")]
    [InlineData("419")]
    [InlineData("ÉN")]
    [InlineData("EN/../DE")]
    [InlineData("EN-AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("DE-11111-11111-11111-11111-11111-11111")]
    public void Anything_else_is_none(string text) => LanguageTag.Canonicalize(text).ShouldBeNull();

    [Theory]
    [InlineData("ZH", "ZH")]
    [InlineData("ZH-CN", "ZH")]
    [InlineData("ZH-SG", "ZH")]
    [InlineData("ZH-HANS-HK", "ZH")]
    [InlineData("ZH-TW", "ZH-HANT")]
    [InlineData("zh_tw", "ZH-HANT")]
    [InlineData("ZH-HK", "ZH-HANT")]
    [InlineData("ZH-MO", "ZH-HANT")]
    [InlineData("ZH-HANT", "ZH-HANT")]
    [InlineData("ZH-HANT-TW", "ZH-HANT")]
    [InlineData("ZH-LATN", "EN")]
    [InlineData("PT-BR", "PT")]
    [InlineData("PT_BR", "PT")]
    [InlineData("ES-419", "ES")]
    [InlineData("JA-LATN", "EN")]
    [InlineData("AR-EG", "AR")]
    [InlineData("AR-LATN", "EN")]
    [InlineData("ARN", "EN")]
    [InlineData("SV", "EN")]
    [InlineData("Layout", "EN")]
    [InlineData("../EN", "EN")]
    public void Built_in_texts_are_in_the_language_and_script_of_the_tag(string locale, string texts) =>
        MessageTemplates.BaseLocaleOf(locale).ShouldBe(texts);

    [Theory]
    [InlineData("AR", true)]
    [InlineData("HE-IL", true)]
    [InlineData("AZ-ARAB", true)]
    [InlineData("AR-LATN", false)]
    [InlineData("ARN", false)]
    [InlineData("EN", false)]
    public void Direction_is_that_of_the_script(string tag, bool rightToLeft) => LanguageTag.IsRightToLeft(tag).ShouldBe(rightToLeft);
}
