using System.Data.Common;
using Latchkey.Activity.Audit;
using Latchkey.Applications.Settings;
using Latchkey.Applications.Status;
using Latchkey.Core;
using Latchkey.Data;

namespace Latchkey.Applications.Domains;

/// <summary>
/// Requests of developers for domains, and the operator's answers. Anybody can ask for any name; it goes to who proves control of it in
/// DNS, and then only if the operator says so.
/// </summary>
public sealed class DomainRequests(
    Database database,
    DomainRequestStore store,
    DomainRules rules,
    DomainProof proof,
    ApplicationStore applications,
    IDomainNotifier notifier,
    AuditStore audit,
    TimeProvider clock
)
{
    public const int MaxPerApplication = 20;
    public const int MaxListed = 200;

    /// <summary>Between two checks of one request, as each asks a stranger's server.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(10);

    /// <summary>The application's requests and domains, in order.</summary>
    public async Task<IReadOnlyList<DomainRequest>> List(string appId)
    {
        var requests = await database.Read(db => store.List(db, appId));
        var unasked = (await rules.List(appId)).Except(requests.Select(one => one.Host), StringComparer.Ordinal);
        return
        [
            .. requests
                .Concat(
                    unasked.Select(host => new DomainRequest
                    {
                        AppId = appId,
                        Host = host,
                        Holder = appId,
                    })
                )
                .OrderBy(one => one.Host, StringComparer.Ordinal),
        ];
    }

    public Task<DomainRequest?> Find(string appId, string host) =>
        Field.IsStorable(appId) && Field.IsStorable(host)
            ? database.Read(db => store.Find(db, appId, host))
            : Task.FromResult<DomainRequest?>(null);

    /// <summary>At most <see cref="MaxListed"/> that wait: those with a proof first, then the oldest.</summary>
    public Task<IReadOnlyList<DomainRequest>> ListWaiting() => database.Read(db => store.ListWaiting(db, MaxListed));

    /// <summary>At most <see cref="MaxListed"/> domains of applications whose proof is no longer in DNS.</summary>
    public Task<IReadOnlyList<DomainRequest>> ListWithoutProof() => database.Read(db => store.ListWithoutProof(db, MaxListed));

    /// <summary>Asks for a name. 602 with a sentence for no domain, for the server's own, and for one that is asked for already.</summary>
    public async Task<Result<DomainRequest>> Ask(string appId, string raw, Actor actor)
    {
        if (rules.Parse(raw).Failed(out var host, out var refused))
        {
            return refused;
        }

        var request = new DomainRequest
        {
            AppId = appId,
            Host = host,
            Proof = DomainProof.NewText(),
            Requester = actor.Name,
            CreatedAt = clock.Now(),
        };
        return await database.Write<Result<DomainRequest>>(async db =>
        {
            if (await applications.FindForUpdate(db, appId) is null)
            {
                return ErrorCodes.AppNoLongerExists;
            }

            if (await store.Find(db, appId, host) is null && await store.Count(db, appId) >= MaxPerApplication)
            {
                return Setting.Invalid($"An application can ask for {MaxPerApplication} domains. Withdraw a request first.");
            }

            if (await rules.Has(db, appId, host) || !await store.Insert(db, request))
            {
                return Setting.Invalid("The application has asked for this domain already, or has it.");
            }

            await audit.Add(db, new AuditEntry(appId, "askDomain", "", actor) { Detail = host });
            return await store.Find(db, appId, host) ?? request;
        });
    }

    /// <summary>Asks DNS and notes what it said. 602 when it was asked a moment ago, or there is no such request.</summary>
    public async Task<Result<DomainRequest>> Check(string appId, string host)
    {
        if (await Find(appId, host) is not { } request)
        {
            return NoRequest;
        }

        var since = clock.Now() - (long)Pause.TotalMilliseconds;
        if (!await database.Write(db => store.BeginCheck(db, appId, host, clock.Now(), since)))
        {
            return Setting.Invalid("DNS was asked a moment ago. Try again in ten seconds.");
        }

        return await CheckNow(request);
    }

    /// <summary>Gives the name to the application, if DNS has the proof now. 602 with a sentence otherwise.</summary>
    public async Task<Result<Done>> Approve(string appId, string host, Actor actor)
    {
        if (await Find(appId, host) is not { Refusal: null, IsGiven: false } request)
        {
            return NoRequest;
        }

        if ((await CheckNow(request)).Failed(out var now, out var gone))
        {
            return gone;
        }

        if (!now.IsProven)
        {
            return Setting.Invalid(now.Flaw);
        }

        return await rules.Give(
            appId,
            host,
            actor,
            async db =>
            {
                if (await store.Find(db, appId, host) is not { Refusal: null } open || open.Proof != request.Proof)
                {
                    return NoRequest;
                }

                await notifier.Approved(db, open);
                return default(Done);
            }
        );
    }

    /// <summary>Refuses an open request, with a reason that the developer sees.</summary>
    public async Task<Result<Done>> Refuse(string appId, string host, string reason, Actor actor)
    {
        if (ApplicationStatusRules.ParseText(reason, ApplicationStatusRules.MaxReasonLength).Failed(out var words, out var refused))
        {
            return refused;
        }

        if (words.Length == 0)
        {
            return Setting.Invalid("Enter a reason. The developer sees it.");
        }

        return await Change(
            appId,
            host,
            async (db, request) =>
            {
                if (!await store.Refuse(db, appId, host, words))
                {
                    return NoRequest;
                }

                await audit.Add(db, new AuditEntry(appId, "refuseDomain", "", actor) { Detail = $"{host}: {words}" });
                await notifier.Refused(db, request, words);
                return default(Done);
            }
        );
    }

    /// <summary>Takes a request back. 602 when there is none, and when the application has the domain.</summary>
    public Task<Result<Done>> Withdraw(string appId, string host, Actor actor) =>
        Change(
            appId,
            host,
            async (db, _) =>
            {
                await store.Delete(db, appId, host);
                await audit.Add(db, new AuditEntry(appId, "withdrawDomain", "", actor) { Detail = host });
                return default(Done);
            }
        );

    private static Error NoRequest => Setting.Invalid("There is no such request for a domain any more.");

    internal async Task<Result<DomainRequest>> CheckNow(DomainRequest request)
    {
        var flaw = await proof.FindFlaw(request.Host, request.Proof);
        return await database.Write<Result<DomainRequest>>(async db =>
        {
            await store.EndCheck(db, request, flaw, clock.Now());
            if (await store.Find(db, request.AppId, request.Host) is not { } now)
            {
                return NoRequest;
            }

            if (request.ProvenAt is null && now is { IsProven: true, IsGiven: false, Refusal: null })
            {
                await notifier.Proven(db, now);
            }

            return now;
        });
    }

    private Task<Result<Done>> Change(string appId, string host, Func<DbConnection, DomainRequest, Task<Result<Done>>> change) =>
        database.Write<Result<Done>>(async db =>
            await applications.FindForUpdate(db, appId) is not null && await store.Find(db, appId, host) is { IsGiven: false } request
                ? await change(db, request)
                : NoRequest
        );
}
