using Latchkey.Activity.Audit;
using Latchkey.Applications;
using Latchkey.Core;
using Latchkey.Data;
using Latchkey.Messages.Templates;

namespace Latchkey.Users.Locales;

/// <summary>The languages that an application offers, one added or removed at a time.</summary>
public sealed class LocaleRules(Database database, ApplicationRules applications, UserStore users)
{
    /// <summary>Users are counted no further: it is a warning, not a statistic.</summary>
    public const int MaxCounted = 10_000;

    /// <summary>602 for one that is not among <see cref="Languages.All"/>.</summary>
    public async Task<Result<Done>> Add(string appId, string code, Actor actor) =>
        Languages.All.Any(language => language.Code == code)
            ? await Set(appId, locales => locales.Append(code), actor)
            : ErrorCodes.InvalidData with
            {
                Message = "Choose a language from the list.",
            };

    /// <summary>602 for EN. Own templates of the locale and the choice of its users stay stored, and come back with it.</summary>
    public async Task<Result<Done>> Remove(string appId, string code, Actor actor) =>
        code == MessageTemplates.FallbackLocale
            ? ErrorCodes.InvalidData with
            {
                Message = "English cannot be removed, because it is the default language.",
            }
            : await Set(appId, locales => locales.Where(one => one != code), actor);

    /// <summary>How many users chose the locale, <see cref="MaxCounted"/> at most; not for EN.</summary>
    public Task<int> CountUsers(string appId, string code) => database.Read(db => users.CountByLocale(db, appId, code, MaxCounted));

    private async Task<Result<Done>> Set(string appId, Func<IReadOnlyList<string>, IEnumerable<string>> change, Actor actor)
    {
        var changed = await applications.Change(
            appId,
            settings => new Dictionary<string, string>(StringComparer.Ordinal) { ["locales"] = string.Join(',', change(settings.Locales)) },
            new ChangeContext(actor, Role.Editor)
        );
        return changed.Error is { } refused ? refused : default(Done);
    }
}
