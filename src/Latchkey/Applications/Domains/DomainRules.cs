using System.Data.Common;
using Latchkey.Activity.Audit;
using Latchkey.Applications.Settings;
using Latchkey.Core;
using Latchkey.Core.Configuration;
using Latchkey.Data;

namespace Latchkey.Applications.Domains;

/// <summary>
/// Domains of applications. Only the operator gives them, because what is answered under a domain speaks for its owner: which sites and
/// apps may use its passkeys.
/// </summary>
public sealed class DomainRules(
    Database database,
    DomainStore store,
    ApplicationStore applications,
    ApplicationDomains domains,
    InstallationSettings installation,
    AuditStore audit,
    TimeProvider clock
)
{
    /// <summary>The application's domains, in order.</summary>
    public Task<IReadOnlyList<string>> List(string appId) => database.Read(db => store.List(db, appId));

    /// <summary>
    /// 401 for an unknown application; 602 for no domain, for the server's own, which all applications share, and for one that an
    /// application has.
    /// </summary>
    public async Task<Result<Done>> Add(string appId, string raw, Actor actor)
    {
        var host = raw.Trim().ToLowerInvariant();
        if (!PasskeySettings.IsDomain(host))
        {
            return Setting.Invalid("A domain is a host name such as auth.example.com, without https:// and port.");
        }

        if (host == new Uri(installation.PublicUrl).IdnHost)
        {
            return Setting.Invalid("This is the server's own domain, which all applications share.");
        }

        return await Change(async db =>
        {
            if (await applications.Find(db, appId) is null)
            {
                return ErrorCodes.AppNoLongerExists;
            }

            if (!await store.Insert(db, appId, host, clock.Now()))
            {
                return Setting.Invalid("An application has this domain already.");
            }

            await audit.Add(db, new AuditEntry(appId, "addDomain", "", actor) { Detail = host });
            return default(Done);
        });
    }

    /// <summary>602 when the application does not have the domain, and while its issuer is there.</summary>
    public Task<Result<Done>> Remove(string appId, string raw, Actor actor)
    {
        var host = raw.Trim().ToLowerInvariant();
        return Change(async db =>
        {
            if (await applications.FindForUpdate(db, appId) is { } app && ApplicationRules.SettingsOf(app).IssuerDomain == host)
            {
                return Setting.Invalid(
                    "The application's issuer is at this domain. Set issuerDomain to another one, or to nothing, first."
                );
            }

            if (!await store.Delete(db, appId, host))
            {
                return Setting.Invalid("The application does not have this domain.");
            }

            await audit.Add(db, new AuditEntry(appId, "removeDomain", "", actor) { Detail = host });
            return default(Done);
        });
    }

    private async Task<Result<Done>> Change(Func<DbConnection, Task<Result<Done>>> change)
    {
        var changed = await database.Write<Result<Done>>(async db =>
        {
            await database.Dialect.AnnounceChange(db, Dialect.Domains);
            return await change(db);
        });
        domains.Invalidate();
        return changed;
    }
}
