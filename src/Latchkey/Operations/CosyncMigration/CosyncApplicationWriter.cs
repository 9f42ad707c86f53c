using System.Data.Common;
using Latchkey.Activity.Audit;
using Latchkey.Applications;
using Latchkey.Applications.Credentials;
using Latchkey.Applications.Status;
using Latchkey.Core;
using Latchkey.Cryptography;
using Latchkey.Data;
using Latchkey.Messages.Outbox;
using Latchkey.Messages.Templates;
using Latchkey.Users.Locales;

namespace Latchkey.Operations.CosyncMigration;

/// <summary>Stores an application of a CosyncJWT server with its key, credentials and templates.</summary>
public sealed class CosyncApplicationWriter(
    Database database,
    ApplicationStore store,
    SigningKeyStore signingKeys,
    CredentialStore credentials,
    LegacyCredentialStore legacyCredentials,
    ApplicationStatusRules statuses,
    TemplateRules templates,
    InstallationTokens tokens,
    KeyRing ring,
    AuditStore audit
)
{
    /// <summary>Stores the application unless it exists. Returns a new App Token for new releases of the app.</summary>
    public async Task<string?> Store(CosyncApplication read, CosyncOptions options)
    {
        var now = database.Clock.Now();
        var token = new AppToken(read.Row.Id, Ids.New(database.Clock), now / 1000) { RingKey = ring.CurrentId };
        var isNew = await database.Write(async db =>
        {
            var stores = await store.FindForUpdate(db, read.Row.Id) is null;
            if (stores)
            {
                await StoreApplication(db, read, token, now);
            }

            if (options.OldKeyPem is { } pem)
            {
                await legacyCredentials.SetLegacyKey(db, read.Row.Id, pem, options.SessionsUntil ?? 0);
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
        await legacyCredentials.InsertLegacyServer(
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

    /// <summary>Stores the mail templates, with a note for each omitted one.</summary>
    public async Task StoreTemplates(CosyncFiles files, Application application, Action<string> note)
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
                            Locale = template["locale"] is { } locale ? LanguageTag.Canonicalize(locale) ?? locale : LocaleCodes.Default,
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
}
