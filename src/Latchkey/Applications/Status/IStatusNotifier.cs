using System.Data.Common;

namespace Latchkey.Applications.Status;

/// <summary>
/// Tells people what happens to an application's status, as part of its transaction. How is said above: this room knows neither mails nor
/// accounts.
/// </summary>
public interface IStatusNotifier
{
    /// <summary>The application was suspended, blocked, or is neither any more.</summary>
    Task SuspensionChanged(DbConnection db, ApplicationRow row, string reason);

    /// <summary>A petition waits for the operator.</summary>
    Task PetitionSubmitted(DbConnection db, ApplicationRow row, Petition petition);

    /// <summary>A petition was answered, and nothing changes.</summary>
    Task PetitionDeclined(DbConnection db, ApplicationRow row, string reason);
}
