using System.Data.Common;

namespace Latchkey.Applications.Status;

/// <summary>
/// Notifies people of status changes within the transaction. This is an interface because
/// Messages and Accounts are higher rooms.
/// </summary>
public interface IStatusNotifier
{
    /// <summary>The application was suspended, blocked or reinstated.</summary>
    Task SuspensionChanged(DbConnection db, ApplicationRow row, string reason);

    /// <summary>A petition is waiting for the operator.</summary>
    Task PetitionSubmitted(DbConnection db, ApplicationRow row, Petition petition);

    /// <summary>A petition was declined.</summary>
    Task PetitionDeclined(DbConnection db, ApplicationRow row, string reason);
}
