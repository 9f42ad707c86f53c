using System.Text.Json;
using System.Text.RegularExpressions;

namespace Latchkey.Tests.HostedPages;

/// <summary>The texts of the account pages in all their languages.</summary>
public sealed partial class AccountTextTests
{
    private static readonly string Folder = Path.Combine(RepositoryPaths.Root, "src", "Latchkey", "HostedPages", "Account", "Texts");

    [Fact]
    public void Every_language_has_every_text_with_the_same_values_in_it()
    {
        var english = Read("EN");
        var locales = Directory.EnumerateFiles(Folder).Select(file => Path.GetFileNameWithoutExtension(file)).ToList();
        locales.Count.ShouldBe(13);
        foreach (var locale in locales)
        {
            var texts = Read(locale);
            texts.Keys.ShouldBe(english.Keys, locale);
            texts.Values.ShouldAllBe(text => text.Trim() == text && text.Length > 0);
            foreach (var (name, text) in texts)
            {
                Values(text).ShouldBe(Values(english[name]), $"{locale}: {name}");
            }
        }
    }

    [Fact]
    public void No_language_repeats_the_english_sentences()
    {
        var english = Read("EN");
        foreach (
            var locale in Directory.EnumerateFiles(Folder).Select(file => Path.GetFileNameWithoutExtension(file)).Where(one => one != "EN")
        )
        {
            var texts = Read(locale);
            texts.Where(text => text.Value.Contains(' ') && text.Value == english[text.Key]).ShouldBeEmpty(locale);
        }
    }

    /// <summary>By path, in order.</summary>
    private static SortedDictionary<string, string> Read(string locale)
    {
        var texts = new SortedDictionary<string, string>(StringComparer.Ordinal);
        using var document = JsonDocument.Parse(File.ReadAllText(Path.Combine(Folder, $"{locale}.json")));
        foreach (var one in document.RootElement.EnumerateObject())
        {
            if (one.Value.ValueKind == JsonValueKind.Object)
            {
                foreach (var inner in one.Value.EnumerateObject())
                {
                    texts[$"{one.Name}.{inner.Name}"] = inner.Value.GetString()!;
                }
            }
            else
            {
                texts[one.Name] = one.Value.GetString()!;
            }
        }

        return texts;
    }

    private static IEnumerable<string> Values(string text) => Value().Matches(text).Select(match => match.Value).Order();

    [GeneratedRegex("%[A-Z_]+%")]
    private static partial Regex Value();
}
