namespace Latchkey.Portal;

/// <summary>What the visitor of this request may do here.</summary>
/// <param name="CanEdit">The forms of the page at this address would be taken.</param>
public sealed record PageAccess(Access Access, bool CanView, bool CanEdit);
