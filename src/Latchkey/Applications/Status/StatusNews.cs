using System.Data.Common;

namespace Latchkey.Applications.Status;

/// <summary>Tells people what happens to an application's status, as part of its transaction. How is said elsewhere: this folder knows no mail.</summary>
/// <param name="Shut">It was suspended, blocked, or is neither any more.</param>
/// <param name="Asked">A petition waits for the operator.</param>
/// <param name="Declined">A petition was answered, and nothing changes.</param>
public sealed record StatusNews(
    Func<DbConnection, ApplicationRow, string, Task> Shut,
    Func<DbConnection, ApplicationRow, Petition, Task> Asked,
    Func<DbConnection, ApplicationRow, string, Task> Declined);
