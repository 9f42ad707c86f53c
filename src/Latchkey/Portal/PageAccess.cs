namespace Latchkey.Portal;

/// <summary>The visitor's access to this page.</summary>
/// <param name="CanEdit">The forms of the page at this address would be taken.</param>
public sealed record PageAccess(Access Access, bool CanView, bool CanEdit);
