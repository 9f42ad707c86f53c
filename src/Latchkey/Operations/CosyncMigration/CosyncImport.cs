using System.Data.Common;
using System.Globalization;
using Latchkey.Activity.Audit;
using Latchkey.Applications;
using Latchkey.Applications.Credentials;
using Latchkey.Applications.Settings;
using Latchkey.Applications.Status;
using Latchkey.Core;
using Latchkey.Cryptography;
using Latchkey.Data;
using Latchkey.Messages.Outbox;
using Latchkey.Messages.Templates;
using Latchkey.Operations.UserTransfer;

namespace Latchkey.Operations.CosyncMigration;

/// <summary>
/// Moves applications in from a CosyncJWT server with App Id, signing key, App Token, App Secret, settings, templates and users, so that
/// apps in the stores go on working. Run again, it goes on with an application that is here already, when it has the same key.
/// </summary>
public sealed class CosyncImport(
    Database database,
    ApplicationStore store,
    SigningKeyStore signingKeys,
    CredentialStore credentials,
    ApplicationStatusRules statuses,
    LegacyCredentialStore movedIn,
    ApplicationCache directory,
    CosyncApplicationReader reader,
    TemplateRules templates,
    UserImport users,
    SigningKeys keys,
    InstallationTokens tokens,
    KeyRing ring,
    AuditStore audit,
    TimeProvider clock
)
{
    /// <summary>Moves one application; null, and a note that says why, when it cannot.</summary>
    public async Task<CosyncImportResult?> Run(
        CosyncFiles files,
        CosyncRecord app,
        CosyncOptions options,
        Action<string> note,
        Action<ImportSummary, SourceRow, long> onProgress
    )
    {
        var (read, refused) = reader.Read(app, options.Encryption, options.OldKey, note);
        if (read is null)
        {
            note($"not moved: {refused}");
            return null;
        }

        if (
            await database.Read(db => signingKeys.ListByApplication(db, read.Row.Id)) is { Count: > 0 } there
            && there.All(key => key.PublicKey.Trim() != read.Key.PublicKey.Trim())
        )
        {
            note($"not moved: {read.Row.Name}: an application of this App Id is here, with another key");
            return null;
        }

        var source = new CosyncUsers(files, read.Row.Id, read.Settings);
        source.ResolveConflicts(note);
        return options.DryRun
            ? await Plan(read, source, options, note, onProgress)
            : await Move(files, read, source, options, note, onProgress);
    }

    private async Task<CosyncImportResult?> Plan(
        CosyncApplication read,
        CosyncUsers source,
        CosyncOptions options,
        Action<string> note,
        Action<ImportSummary, SourceRow, long> onProgress
    )
    {
        var plan = await users.Plan(
            read.Preview(keys),
            source,
            ImportOptions(read.Settings, options),
            Refused(note),
            (so, row) => onProgress(so, row, source.Length)
        );
        return new CosyncImportResult(read.Row, plan.Summary, AppToken: null);
    }

    private async Task<CosyncImportResult?> Move(
        CosyncFiles files,
        CosyncApplication read,
        CosyncUsers source,
        CosyncOptions options,
        Action<string> note,
        Action<ImportSummary, SourceRow, long> onProgress
    )
    {
        var token = await Store(read, options);
        directory.Invalidate(read.Row.Id);
        var application =
            await directory.Find(read.Row.Id)
            ?? throw new InvalidOperationException($"the application {read.Row.Id} went while it moved in");
        await StoreTemplates(files, application, note);
        var importOptions = ImportOptions(application.Settings, options);
        var plan = await users.Plan(application, source, importOptions, Refused(note), (_, _) => { });
        if (UserImport.Validate(application, plan, importOptions) is { } tooMany)
        {
            note($"its users are not moved: {tooMany.Message}");
            return new CosyncImportResult(read.Row, new ImportSummary(), token);
        }

        var summary = await users.Execute(
            application,
            source,
            plan,
            importOptions,
            _ => { },
            (so, row) => onProgress(so, row, source.Length)
        );
        return new CosyncImportResult(read.Row, summary, token);
    }

    /// <summary>Stores the application unless it is here, with a new App Token of ours for new releases of the app.</summary>
    private async Task<string?> Store(CosyncApplication read, CosyncOptions options)
    {
        var now = clock.Now();
        var token = new AppToken(read.Row.Id, Ids.New(clock), now / 1000) { RingKey = ring.CurrentId };
        var isNew = await database.Write(async db =>
        {
            var stores = await store.FindForUpdate(db, read.Row.Id) is null;
            if (stores)
            {
                await StoreApplication(db, read, token, now);
            }

            if (options.OldKeyPem is { } pem)
            {
                await movedIn.SetLegacyKey(db, read.Row.Id, pem, options.SessionsUntil ?? 0);
            }

            return stores;
        });
        return isNew ? tokens.Write(token) : null;
    }

    private async Task StoreApplication(DbConnection db, CosyncApplication read, AppToken token, long now)
    {
        await store.Insert(db, read.Row);
        await statuses.RecordCreation(db, read.Row, Actor.CommandLine);
        await signingKeys.Insert(db, read.Key);
        await credentials.InsertToken(db, token);
        await movedIn.InsertLegacyServer(
            db,
            new LegacyServerRow
            {
                AppId = read.Row.Id,
                AppTokenHash = read.AppToken is { } old ? Secrets.Hash(old) : "",
                AddedAt = now,
            }
        );
        if (read.AppSecret is { } secret)
        {
            await credentials.InsertSecret(
                db,
                read.Row.Id,
                new AppSecretRow
                {
                    Hash = Secrets.Hash(secret),
                    Label = "CosyncJWT",
                    CreatedAt = now,
                }
            );
        }

        await audit.Add(db, new AuditEntry(read.Row.Id, "importApplication", "", Actor.CommandLine));
    }

    private async Task StoreTemplates(CosyncFiles files, Application application, Action<string> note)
    {
        foreach (var row in files.Rows(CosyncCollection.EmailTemplates))
        {
            if (
                files.Read(CosyncCollection.EmailTemplates, row) is not { } template
                || (template["appId"] ?? application.Id) != application.Id
            )
            {
                continue;
            }

            var kind = MessageKind.Editable.FirstOrDefault(known =>
                known.Equals(template["templateName"], StringComparison.OrdinalIgnoreCase)
            );
            var saved = kind is null
                ? ErrorCodes.InvalidData with
                {
                    Message = "there is no such template",
                }
                : (
                    await templates.Save(
                        application,
                        new TemplateRow
                        {
                            Locale = template["locale"]?.ToUpperInvariant() ?? "EN",
                            Kind = kind,
                            Subject = template["subject"] ?? "",
                            ReplyTo = template["replyTo"] ?? "",
                            Html = template["htmlTemplate"] ?? "",
                            LinkText = template["localeLinkText"] ?? "",
                        },
                        Actor.CommandLine
                    )
                ).Error;
            if (saved is { } error)
            {
                note($"template at line {row.Line} is left out: {error.Message}");
            }
        }
    }

    private static Action<RejectedRow> Refused(Action<string> note) =>
        bad => note(string.Create(CultureInfo.InvariantCulture, $"user at line {bad.Row.Line}: left out; {bad.Problem}"));

    private static ImportOptions ImportOptions(ApplicationSettings settings, CosyncOptions options) =>
        new()
        {
            SkipInvalidRows = true,
            Prehashed = true,
            EmailVerified = settings.SignupFlow != "none",
            Actor = Actor.CommandLine,
            Source = "CosyncJWT server",
            LegacySessionsUntil = options.SessionsUntil,
        };
}
