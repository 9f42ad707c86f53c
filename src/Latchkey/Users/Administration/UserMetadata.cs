using Latchkey.Activity.Audit;
using Latchkey.Applications;
using Latchkey.Applications.Settings;
using Latchkey.Core;
using Latchkey.Cryptography;
using Latchkey.Data;

namespace Latchkey.Users.Administration;

/// <summary>Administrative changes of a user's own metadata, including fields that the user may not edit.</summary>
public sealed class UserMetadata(UserStore users, UserChanges changes, TimeProvider clock)
{
    public const string Action = "setUserMetadata";

    /// <summary>Replaces all metadata; 604 as at signup, and for a document that does not parse, even without fields.</summary>
    public async Task<Result<Done>> Set(Application application, User user, string metaData, Actor actor)
    {
        if (Metadata.Paths(metaData).Error is { } notJson)
        {
            return notJson;
        }

        return Metadata.Validate(application.Settings.MetaData, metaData).Failed(out var values, out var refused)
            ? refused
            : await changes.Apply(
                user,
                Action,
                actor,
                db => users.SetMetadata(db, user.AppId, user.Id, Metadata.Write(values), clock.Now())
            );
    }

    /// <summary>A token for optimistic concurrency: it changes when the metadata changes.</summary>
    public static string ConcurrencyToken(User user) => Secrets.Hash(user.Metadata);

    /// <summary>
    /// Replaces the values of the defined fields and keeps those of deleted fields. 604 as at signup and for an unknown path; <see
    /// cref="ErrorCodes.InvalidData"/> when the metadata was changed since <paramref name="expectedToken"/>.
    /// </summary>
    public async Task<Result<Done>> Edit(Application application, User user, string json, string expectedToken, Actor actor)
    {
        if (Validate(application.Settings, json).Failed(out var values, out var refused))
        {
            return refused;
        }

        var fields = application.Settings.MetaData.Select(field => field.Path).ToHashSet(StringComparer.Ordinal);
        var edited = Metadata
            .Read(user.Metadata)
            .Where(value => !fields.Contains(value.Key))
            .Concat(values)
            .ToDictionary(StringComparer.Ordinal);
        return ConcurrencyToken(user) != expectedToken
            ? ConcurrencyConflict
            : await changes.Apply(
                user,
                Action,
                actor,
                async db =>
                    await users.ReplaceMetadata(db, user.AppId, user.Id, user.Metadata, Metadata.Write(edited), clock.Now())
                        ? default(Done)
                        : (Result<Done>)ConcurrencyConflict
            );
    }

    private static readonly Error ConcurrencyConflict = ErrorCodes.InvalidData with
    {
        Message =
            "Somebody else changed the metadata while this form was open. Nothing was saved. Compare the values, and save again to "
            + "replace them with yours.",
    };

    private static Result<IReadOnlyDictionary<string, string>> Validate(ApplicationSettings settings, string json)
    {
        if (Metadata.Paths(json).Failed(out var paths, out var notJson))
        {
            return notJson with { Message = "Enter a JSON object in which each name is used once." };
        }

        var inputs = MetadataForm.Inputs(settings.MetaData).ToList();
        var problems = paths
            .Where(path => !inputs.Any(field => field.Path == path))
            .Select(path => $"{path} is not a field of this application. First define it under Settings, Metadata.")
            .Concat(inputs.Select(field => Metadata.Validate([field], json).Error?.Cause).OfType<string>().Select(cause => $"{cause}."))
            .ToList();
        if (problems.Count > 0)
        {
            return ErrorCodes.InvalidMetadata with { Message = $"Not saved: {string.Join(" ", problems)}" };
        }

        return Metadata.Validate(settings.MetaData, json).Failed(out var values, out var refused)
            ? refused
            : values.ToDictionary(StringComparer.Ordinal);
    }
}
