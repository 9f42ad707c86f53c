using System.Globalization;
using Latchkey.Core;

namespace Latchkey.Activity.Audit;

/// <summary>A filter for an application's log. Empty values do not filter.</summary>
public sealed record LogFilter
{
    public const string Done = "done";
    public const string Refused = "refused";
    private const int MaxTextLength = 300;

    public string Action { get; init; } = "";

    /// <summary>done, refused or empty.</summary>
    public string Result { get; init; } = "";

    public int? Code { get; init; }

    /// <summary>The handle, as typed.</summary>
    public string Handle { get; init; } = "";

    public DayRange Days { get; init; } = DayRange.All;

    /// <summary>Leaves out the entries about members, whose handle is a developer's. Not part of the <see cref="Query"/>.</summary>
    public bool OmitsMembers { get; init; }

    public bool IsEmpty => this == new LogFilter();

    /// <summary>The filter as a URL query string; <see cref="Read"/> parses it.</summary>
    public string Query =>
        string.Join(
            '&',
            new (string Name, string Value)[]
            {
                ("action", Action),
                ("result", Result),
                ("code", Code?.ToString(CultureInfo.InvariantCulture) ?? ""),
                ("handle", Handle),
                ("from", Days.FirstText),
                ("to", Days.LastText),
            }
                .Where(pair => pair.Value.Length > 0)
                .Select(pair => $"{pair.Name}={Uri.EscapeDataString(pair.Value)}")
        );

    /// <summary>Parses a query string. 602 for invalid values; the message says what to do about each.</summary>
    public static Result<LogFilter> Read(Func<string, string> parameter)
    {
        var (action, result, handle, codeText) = (
            parameter("action").Trim(),
            parameter("result"),
            parameter("handle").Trim(),
            parameter("code").Trim()
        );
        var days = DayRange.Parse(parameter("from"), parameter("to"));
        int? code = int.TryParse(codeText, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
        string?[] problems =
        [
            days.Error?.Message,
            new[] { action, handle }.Any(text => text.Length > MaxTextLength || !Field.IsStorable(text))
                ? "Enter a valid action and handle."
                : null,
            result is "" or Done or Refused ? null : "The result must be done or refused.",
            code is null && codeText.Length > 0 ? "A code must be a number, such as 600." : null,
        ];
        return problems.OfType<string>().ToList() is { Count: > 0 } all
            ? ErrorCodes.InvalidData with
            {
                Message = string.Join(" ", all),
            }
            : new LogFilter
            {
                Action = action,
                Result = result,
                Code = code,
                Handle = handle,
                Days = days.Value ?? DayRange.All,
            };
    }
}
