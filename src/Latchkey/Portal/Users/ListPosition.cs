using System.Globalization;
using Latchkey.Activity.Usage;

namespace Latchkey.Portal.Users;

/// <summary>Which rows of a list a page shows, for people. The addresses of pages carry it, and nothing depends on it.</summary>
public static class ListPosition
{
    public const string Parameter = "from";

    /// <summary>The number of the first row, from 1; null when the address does not say it.</summary>
    public static int? First(HttpRequest request, bool isFirstPage) =>
        isFirstPage ? 1
        : int.TryParse(FormValues.Query(request, Parameter), NumberStyles.None, CultureInfo.InvariantCulture, out var first) && first > 0
            ? first
        : null;

    /// <summary>As in "1–50 of 1,204".</summary>
    /// <param name="first">The number of the first row, if it is known.</param>
    /// <param name="rows">The rows on the page.</param>
    /// <param name="isLastPage">No page follows.</param>
    /// <param name="total">All rows of the list; null for a search that nobody has counted.</param>
    public static string Describe(int? first, int rows, bool isLastPage, UserTotal? total)
    {
        var all =
            first is { } start && isLastPage ? Number(start + rows - 1)
            : total is not null ? total.ToString()
            : null;
        var shown = first is { } from ? $"{Number(from)}–{Number(from + rows - 1)}" : Number(rows);
        return all is null ? shown : $"{shown} of {all}";
    }

    private static string Number(int value) => value.ToString("N0", CultureInfo.InvariantCulture);
}
