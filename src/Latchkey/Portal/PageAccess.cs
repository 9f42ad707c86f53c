using Latchkey.Applications;

namespace Latchkey.Portal;

/// <summary>The visitor's role, and what it allows on this page.</summary>
/// <param name="CanEdit">The forms of the page at this address would be taken.</param>
public sealed record PageAccess(Role Role, bool CanView, bool CanEdit);
