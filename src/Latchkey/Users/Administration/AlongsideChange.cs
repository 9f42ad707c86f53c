using System.Data.Common;
using Latchkey.Core;

namespace Latchkey.Users.Administration;

/// <summary>What is written in the transaction of a user's change, such as how far a batch has come. Its error undoes the change.</summary>
public delegate Task<Result<Done>> AlongsideChange(DbConnection db);
