using Latchkey.Activity.Audit;
using Latchkey.Applications;
using Latchkey.Core;
using Latchkey.Data;
using Latchkey.Messages.Templates;

namespace Latchkey.Users.Locales;

/// <summary>Adds and removes the locales that an application offers.</summary>
public sealed class LocaleRules(Database database, ApplicationRules applications, UserStore users)
{
    /// <summary>The highest number of users that is counted, for a warning.</summary>
    public const int MaxCounted = 10_000;

    /// <summary>Adds a locale; 602 when it is not in <see cref="Languages.All"/>.</summary>
    public async Task<Result<Done>> Add(string appId, string code, Actor actor) =>
        Languages.All.Any(language => language.Code == code)
            ? await Set(appId, locales => locales.Append(code), actor)
            : ErrorCodes.InvalidData with
            {
                Message = "Choose a language from the list.",
            };

    /// <summary>
    /// Removes a locale; 602 for EN. The locale's templates and its users' choice are kept, and apply again when it is added again.
    /// </summary>
    public async Task<Result<Done>> Remove(string appId, string code, Actor actor) =>
        code == MessageTemplates.FallbackLocale
            ? ErrorCodes.InvalidData with
            {
                Message = "English cannot be removed, because it is the default language.",
            }
            : await Set(appId, locales => locales.Where(one => one != code), actor);

    /// <summary>Counts the users of a locale, up to <see cref="MaxCounted"/>; EN is not counted.</summary>
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
