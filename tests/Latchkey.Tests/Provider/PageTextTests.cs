using System.Text.Json;
using System.Text.RegularExpressions;

namespace Latchkey.Tests.Provider;

/// <summary>The texts of the pages in all their languages.</summary>
public sealed partial class PageTextTests
{
    private static readonly string Folder = Path.Combine(RepositoryPaths.Root, "src", "Latchkey", "Provider", "Pages", "Texts");

    [Fact]
    public void Every_language_has_every_text_with_the_same_values_in_it()
    {
        var english = Read("EN");
        foreach (var locale in Directory.EnumerateFiles(Folder).Select(Path.GetFileNameWithoutExtension))
        {
            var texts = Read(locale!);
            texts.Keys.ShouldBe(english.Keys, locale);
            texts.Values.ShouldAllBe(text => text.Trim() == text && text.Length > 0);
            foreach (var (name, text) in texts)
            {
                Values(text).ShouldBe(Values(english[name]), $"{locale}: {name}");
            }
        }
    }

    private static Dictionary<string, string> Read(string locale) =>
        JsonSerializer.Deserialize<Dictionary<string, string>>(File.ReadAllText(Path.Combine(Folder, $"{locale}.json")))!;

    private static IEnumerable<string> Values(string text) => Value().Matches(text).Select(match => match.Value).Order();

    [GeneratedRegex("%[A-Z_]+%")]
    private static partial Regex Value();
}
