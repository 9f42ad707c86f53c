namespace Latchkey.Data;

/// <summary>A page of a list.</summary>
/// <param name="Previous">The cursor of the previous page; null on the first.</param>
/// <param name="Next">The cursor of the next page; null on the last.</param>
/// <param name="IsPartial">The scan limit was reached before the page was full; the next page continues the search.</param>
public sealed record ListPage<T>(IReadOnlyList<T> Rows, PageCursor? Previous, PageCursor? Next, bool IsPartial);
