using System.Data.Common;
using Latchkey.Core;
using Latchkey.Data;

namespace Latchkey.Applications.Credentials;

/// <summary>
/// Changes an application's keys, tokens or secrets, one change at a time per application. All nodes see it within a second.
/// </summary>
public sealed class CredentialUpdater(Database database, ApplicationStore applications, ApplicationCache cache)
{
    /// <summary>The maximum number per application of each: keys, tokens, secrets.</summary>
    public const int MaxPerApplication = 10;

    /// <summary>The longest grace period, in days.</summary>
    public const int MaxGraceDays = 3650;

    internal static readonly Error NoSuchApp = ErrorCodes.AppNoLongerExists with
    {
        Message = "There is no application with this id. latchkey app list shows them all.",
    };

    /// <summary>Runs a change under the application's row lock. 401 when the application does not exist.</summary>
    public async Task<Result<T>> Apply<T>(string appId, Func<DbConnection, ApplicationRow, Task<Result<T>>> change)
    {
        var made = await database.Write<Result<T>>(async db =>
        {
            if (await applications.FindForUpdate(db, appId) is not { } row)
            {
                return NoSuchApp;
            }

            await database.Dialect.AnnounceChange(db, appId);
            return await change(db, row);
        });
        cache.Invalidate(appId);
        return made;
    }

    /// <summary>602 with a sentence for the person who made the request.</summary>
    internal static Error Invalid(string sentence) => ErrorCodes.InvalidData with { Message = sentence };

    internal static Error? ValidateGraceDays(int days) =>
        days is >= 0 and <= MaxGraceDays ? null : Invalid($"The grace period is 0 to {MaxGraceDays} days.");

    internal static long AddDays(long now, int days) => now + (long)TimeSpan.FromDays(days).TotalMilliseconds;

    internal static string FormatExpiry(long? at) => at is { } end ? $"ends {WireDate.Format(end)}" : "does not end";

    internal static string FormatDelay(int days) =>
        days == 0 ? "at once" : string.Create(System.Globalization.CultureInfo.InvariantCulture, $"in {days} days");
}
