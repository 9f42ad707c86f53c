using System.Globalization;
using Latchkey.Applications.Settings;
using Latchkey.Provider.Pages;
using static Latchkey.HostedPages.PageRequest;

namespace Latchkey.HostedPages;

/// <summary>The field for a new password, with the rules of the application below it.</summary>
public static class PasswordInput
{
    private const int MinLengthWithoutFilter = 8;

    /// <param name="page">The page.</param>
    /// <param name="label">What the password is for.</param>
    /// <param name="isRefused">Whether the page says that the last one was too weak.</param>
    /// <param name="isRequired">False where the form goes without a password too.</param>
    public static string Html(PageRequest page, string label, bool isRefused, bool isRequired = true) =>
        $"""
            <label for="password">{E(label)}</label>
            <input id="password" name="password" type="password" autocomplete="new-password" dir="ltr"{(
                isRequired ? " required" : ""
            )} aria-describedby="{(isRefused ? $"{NoteText.Id} rules" : "rules")}"{(isRefused ? " aria-invalid=\"true\"" : "")}>
            <ul class="rules" id="rules">{Items(Rules(page.Text, page.Caller.Application.Settings))}</ul>
            """;

    private static string Items(IEnumerable<string> rules) => string.Concat(rules.Select(rule => $"<li>{E(rule)}</li>"));

    /// <summary>The rules that new passwords are held to.</summary>
    private static IEnumerable<string> Rules(PageText text, ApplicationSettings settings)
    {
        if (!settings.PasswordFilter)
        {
            yield return Rule(text.RuleLength, MinLengthWithoutFilter);
        }
        else
        {
            (string Text, int Least)[] rules =
            [
                (text.RuleLength, Math.Max(1, settings.PasswordMinLength)),
                (text.RuleUpper, settings.PasswordMinUpper),
                (text.RuleLower, settings.PasswordMinLower),
                (text.RuleDigit, settings.PasswordMinDigit),
                (text.RuleSpecial, settings.PasswordMinSpecial),
            ];
            foreach (var (rule, least) in rules.Where(rule => rule.Least > 0))
            {
                yield return Rule(rule, least);
            }
        }

        if (settings.BlockCommonPasswords)
        {
            yield return text.RuleCommon;
        }
    }

    private static string Rule(string text, int least) => Plain(text, "N", least.ToString(CultureInfo.InvariantCulture));
}
