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
    DomainRequestStore requests,
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
    public async Task<Result<Done>> Add(string appId, string raw, Actor actor) =>
        Parse(raw).Failed(out var host, out var refused)
            ? refused
            : await Give(appId, host, actor, _ => Task.FromResult<Result<Done>>(default(Done)));

    /// <summary>A name as it is stored: in lower case and A-labels. 602 for no domain, and for the server's own.</summary>
    public Result<string> Parse(string raw)
    {
        var name = raw.Trim().TrimEnd('.').ToLowerInvariant();
        return !Field.IsStorable(name) || DomainName.ToAscii(name) is not { } host || !PasskeySettings.IsDomain(host)
                ? Setting.Invalid("A domain is a host name such as auth.example.com, without https:// and port.")
            : IsOurs(host) ? Setting.Invalid("This is the server's own domain, which all applications share.")
            : host;
    }

    /// <summary>Whether the application has the domain.</summary>
    internal async Task<bool> Has(DbConnection db, string appId, string host) =>
        (await store.List(db, appId)).Contains(host, StringComparer.Ordinal);

    /// <summary>Gives a name to an application, together with what <paramref name="also"/> does.</summary>
    internal Task<Result<Done>> Give(string appId, string host, Actor actor, Func<DbConnection, Task<Result<Done>>> also) =>
        Change(async db =>
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
            return await also(db);
        });

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

            await requests.Delete(db, appId, host);
            await audit.Add(db, new AuditEntry(appId, "removeDomain", "", actor) { Detail = host });
            return default(Done);
        });
    }

    private bool IsOurs(string host) => host == new Uri(installation.PublicUrl).IdnHost || host == new Uri(installation.PortalUrl).IdnHost;

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
