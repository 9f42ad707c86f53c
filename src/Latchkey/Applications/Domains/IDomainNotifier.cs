using System.Data.Common;

namespace Latchkey.Applications.Domains;

/// <summary>
/// Notifies people of requests for domains within the transaction. This is an interface because Messages and Accounts are higher rooms.
/// </summary>
public interface IDomainNotifier
{
    /// <summary>DNS has the proof of a request, which waits for the operator now.</summary>
    Task Proven(DbConnection db, DomainRequest request);

    Task Approved(DbConnection db, DomainRequest request);

    Task Refused(DbConnection db, DomainRequest request, string reason);
}
