using Latchkey.Activity.Audit;
using Latchkey.Applications.Credentials;
using Latchkey.Applications.Members;
using Latchkey.Applications.Settings;
using Latchkey.Applications.Status;
using Latchkey.Core;
using Latchkey.Cryptography;
using Latchkey.Data;
using Latchkey.Limits;

namespace Latchkey.Applications;

/// <summary>Creates applications, for the portal and the command line.</summary>
public sealed class ApplicationCreator(
    Database database,
    ApplicationStore store,
    ApplicationEditor editor,
    InitialCredentials credentials,
    MemberStore members,
    ApplicationStatusRules statuses,
    RateLimits limits,
    AuditStore audit
)
{
    private const int MaxLinesOfCreation = 100;

    private static readonly string TooManyApplications = string.Create(
        System.Globalization.CultureInfo.InvariantCulture,
        $"You have created {DefaultLimits.ApplicationsPerDeveloper.PermitLimit} applications within a day, which is the maximum. "
            + $"Try again tomorrow, or ask the operator of this installation."
    );

    /// <summary>Everything that <see cref="Create"/> would refuse about a new application, by name, type or setting.</summary>
    public Dictionary<string, string> Validate(string name, IReadOnlyDictionary<string, string> changes) =>
        changes
            .Prepend(new("name", name))
            .Select(one =>
                (
                    one.Key,
                    editor
                        .Apply(Blank(0), new Dictionary<string, string>(StringComparer.Ordinal) { [one.Key] = one.Value }, Role.Owner)
                        .Error
                )
            )
            .Where(one => one.Error is not null)
            .ToDictionary(one => one.Key, one => one.Error?.Message ?? "", StringComparer.Ordinal);

    /// <summary>
    /// Creates an application with its signing key, App Token and App Secret. 700 when the owner has created too many today, because each
    /// application has its own message limit.
    /// </summary>
    /// <param name="name">1 to 100 characters on one line.</param>
    /// <param name="changes">Settings that differ from the defaults; see <see cref="ApplicationEditor.Apply"/>.</param>
    /// <param name="actor">The creator, for the log.</param>
    /// <param name="ownerId">The developer who becomes its owner; null for an application that only operators can access.</param>
    /// <param name="algorithm">One of <see cref="SigningKeys.Algorithms"/>.</param>
    public async Task<Result<CreatedApplication>> Create(
        string name,
        IReadOnlyDictionary<string, string> changes,
        Actor actor,
        string? ownerId = null,
        string algorithm = JwsKey.Rs256
    )
    {
        var now = database.Clock.Now();
        var named = new Dictionary<string, string>(changes, StringComparer.Ordinal) { ["name"] = name };
        if (editor.Apply(Blank(now), named, Role.Owner).Failed(out var row, out var refused))
        {
            return refused;
        }

        // Checked before creating the key, which is expensive.
        if (
            ownerId is not null
            && await limits.TryAcquire("portal", new RateLimitRequest(DefaultLimits.ApplicationsPerDeveloper, ownerId)) is { } tooMany
        )
        {
            return tooMany with { Message = TooManyApplications };
        }

        var made = credentials.Create(row.Id, algorithm);
        await database.Write(async db =>
        {
            await store.Insert(db, row);
            await statuses.RecordCreation(db, row, actor);
            await credentials.Insert(db, made);
            if (ownerId is not null)
            {
                await members.Set(db, row.Id, ownerId, Role.Owner, now);
            }

            await audit.Add(db, new AuditEntry(row.Id, "createApplication", "", actor));
        });
        return new CreatedApplication(row, made.AppToken, made.AppSecret, made.Key.PublicKey);
    }

    /// <summary>Removes an application that was created just now and that nobody has heard of, as if it had never been there.</summary>
    public Task Undo(CreatedApplication created) =>
        database.Write(async db =>
        {
            await audit.RemoveBatch(db, created.Row.Id, aboutUsers: false, MaxLinesOfCreation);
            await store.Delete(db, created.Row.Id);
        });

    private static ApplicationRow Blank(long now) =>
        new()
        {
            Id = Secrets.AppId(),
            Settings = SettingsDocument.Write(new ApplicationSettings()),
            Revision = 1,
            CreatedAt = now,
            UpdatedAt = now,
        };
}
