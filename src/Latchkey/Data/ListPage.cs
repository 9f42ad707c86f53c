namespace Latchkey.Data;

/// <summary>A page of a list.</summary>
/// <param name="Previous">The place before which the page before lies; null on the first.</param>
/// <param name="Next">The place after which the next page lies; null on the last.</param>
/// <param name="IsPartial">So many rows were looked at that the page ends early; the search goes on behind the next one.</param>
public sealed record ListPage<T>(IReadOnlyList<T> Rows, PageCursor? Previous, PageCursor? Next, bool IsPartial);
