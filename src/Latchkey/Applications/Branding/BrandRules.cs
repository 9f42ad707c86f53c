using System.Data.Common;
using System.Globalization;
using Latchkey.Activity.Audit;
using Latchkey.Applications.Credentials;
using Latchkey.Core;
using Latchkey.Data;

namespace Latchkey.Applications.Branding;

/// <summary>
/// Changes how an application looks: a draft that nobody sees, and published versions, each with a number of its own. Going back publishes
/// an earlier one again. All nodes follow within a second.
/// </summary>
public sealed class BrandRules(Database database, CredentialUpdater updater, BrandStore store, AuditStore audit, TimeProvider clock)
{
    /// <summary>How many versions are kept, to go back to.</summary>
    public const int MaxVersions = 50;

    public Task<BrandState> Show(string appId) => database.Read(db => Load(db, appId));

    /// <summary>The logo of a version, or of the draft; null without one.</summary>
    public Task<byte[]?> FindLogo(string appId, long version) => database.Read(db => store.FindLogo(db, appId, version));

    /// <summary>A version that was published; null for no such version.</summary>
    public Task<BrandVersion?> FindPublished(string appId, long version) =>
        version > BrandVersion.Draft ? database.Read(db => store.Find(db, appId, version)) : Task.FromResult<BrandVersion?>(null);

    /// <summary>Changes the draft. 602 with a sentence for what is wrong.</summary>
    /// <param name="logo">A picture as it came; empty to take the logo away, null to keep it.</param>
    public async Task<Result<BrandVersion>> Save(string appId, Func<Brand, Brand> change, byte[]? logo, Actor actor)
    {
        var picture = logo is null ? null : new BrandLogo([], 0, 0);
        if (logo is { Length: > 0 } && LogoEncoder.Encode(logo).Failed(out picture, out var noPicture))
        {
            return noPicture;
        }

        return await Change(
            appId,
            "changeBranding",
            actor,
            async (db, state) =>
                BrandValidation.Check(change(state.Draft.Brand)).Failed(out var brand, out var refused)
                    ? refused
                    : await SaveDraft(db, appId, state.Draft with { Settings = BrandVersion.Write(brand) }, picture, actor)
        );
    }

    /// <summary>Publishes the draft. 602 without one.</summary>
    public Task<Result<BrandVersion>> Publish(string appId, Actor actor) =>
        Change(
            appId,
            "publishBranding",
            actor,
            async (db, state) =>
                state.IsChanged
                    ? await Publish(db, appId, state, BrandVersion.Draft, actor)
                    : ErrorCodes.InvalidData with
                    {
                        Message = "There is no draft to publish. Change something first.",
                    }
        );

    /// <summary>Publishes an earlier version again, under the next number; a draft is dropped. 875 when there is none.</summary>
    public Task<Result<BrandVersion>> RollBack(string appId, long version, Actor actor) =>
        Change(
            appId,
            "rollBackBranding",
            actor,
            async (db, state) =>
                version > BrandVersion.Draft && state.Published.Any(one => one.Version == version)
                    ? await Publish(db, appId, state, version, actor)
                    : ErrorCodes.BrandVersionNotFound
        );

    /// <summary>Drops the draft.</summary>
    public Task<Result<BrandVersion>> Discard(string appId, Actor actor) =>
        Change(
            appId,
            "discardBranding",
            actor,
            async (db, _) =>
            {
                await store.RemoveDraft(db, appId);
                return (await Load(db, appId)).Draft;
            }
        );

    private async Task<BrandState> Load(DbConnection db, string appId)
    {
        var all = await store.List(db, appId);
        BrandVersion[] published = [.. all.Where(one => one.Version > BrandVersion.Draft)];
        var draft = all.FirstOrDefault(one => one.Version == BrandVersion.Draft);
        return new(draft ?? published.FirstOrDefault() ?? new BrandVersion(), draft is not null, published);
    }

    private async Task<Result<BrandVersion>> Change(
        string appId,
        string action,
        Actor actor,
        Func<DbConnection, BrandState, Task<Result<BrandVersion>>> change
    ) =>
        await updater.Apply<BrandVersion>(
            appId,
            async (db, _) =>
            {
                if ((await change(db, await Load(db, appId))).Failed(out var made, out var refused))
                {
                    return refused;
                }

                await audit.Add(db, new AuditEntry(appId, action, "", actor) { Detail = Describe(made) });
                return made;
            }
        );

    /// <param name="logo">Null keeps the draft's.</param>
    private async Task<BrandVersion> SaveDraft(DbConnection db, string appId, BrandVersion before, BrandLogo? logo, Actor actor)
    {
        logo ??= new(await store.FindLogo(db, appId, before.Version) ?? [], (int)before.LogoWidth, (int)before.LogoHeight);
        var draft = before with
        {
            Version = BrandVersion.Draft,
            LogoWidth = logo.Width,
            LogoHeight = logo.Height,
            RestoredFrom = null,
            Actor = actor.Name,
            ChangedAt = clock.Now(),
        };
        await store.SaveDraft(db, appId, draft, Convert.ToBase64String(logo.Png));
        return draft;
    }

    private async Task<Result<BrandVersion>> Publish(DbConnection db, string appId, BrandState state, long from, Actor actor)
    {
        var source = from == BrandVersion.Draft ? state.Draft : state.Published.First(one => one.Version == from);
        var next = source with
        {
            Version = (state.Current?.Version ?? 0) + 1,
            RestoredFrom = from == BrandVersion.Draft ? null : from,
            Actor = actor.Name,
            ChangedAt = clock.Now(),
        };
        await store.Publish(db, appId, from, next);
        await store.RemoveOld(db, appId, next.Version - MaxVersions + 1);
        return next;
    }

    private static string Describe(BrandVersion made)
    {
        var brand = made.Brand;
        var what = made.Version == BrandVersion.Draft ? "draft" : $"version {made.Version.ToString(CultureInfo.InvariantCulture)}";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{what}: {brand.Name} {brand.Color}, {brand.Radius} px, {brand.Scheme.ToName()}{(made.HasLogo ? ", logo" : "")}"
        );
    }
}
