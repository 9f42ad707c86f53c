using System.Data.Common;

namespace Latchkey.Applications.Status;

/// <summary>
/// Tells people what happens to an application's status, as part of its transaction. How is said elsewhere: this folder knows no mail.
/// </summary>
/// <param name="SuspensionChanged">It was suspended, blocked, or is neither any more.</param>
/// <param name="PetitionSubmitted">A petition waits for the operator.</param>
/// <param name="PetitionDeclined">A petition was answered, and nothing changes.</param>
public sealed record StatusNotifications(
    Func<DbConnection, ApplicationRow, string, Task> SuspensionChanged,
    Func<DbConnection, ApplicationRow, Petition, Task> PetitionSubmitted,
    Func<DbConnection, ApplicationRow, string, Task> PetitionDeclined
);
