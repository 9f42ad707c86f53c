using System.Globalization;
using Latchkey.Activity.Audit;
using Latchkey.Applications;
using Latchkey.Applications.Credentials;
using Latchkey.Applications.Settings;
using Latchkey.Cryptography;
using Latchkey.Data;
using Latchkey.Operations.UserTransfer;

namespace Latchkey.Operations.CosyncMigration;

/// <summary>
/// Imports applications of a CosyncJWT server with App Id, signing key, App Token, App Secret, settings, templates and users, so that
/// published apps continue to work. A repeated run continues with an existing application that has the same key.
/// </summary>
public sealed class CosyncImport(
    Database database,
    SigningKeyStore signingKeys,
    ApplicationCache applications,
    CosyncApplicationReader reader,
    CosyncApplicationWriter writer,
    UserImport users,
    SigningKeys keys
)
{
    /// <summary>Imports one application; null, with a note that says why, when it cannot.</summary>
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
        void Report(ImportSummary summary, SourceRow row) => onProgress(summary, row, source.Length);
        var application = await applications.Find(read.Row.Id) ?? read.Preview(keys);
        var importOptions = ImportOptions(application.Settings, options);
        var plan = await users.Plan(application, source, importOptions, Refused(note), options.DryRun ? Report : (_, _) => { });
        if (UserImport.Validate(application, plan, importOptions) is { } invalid)
        {
            note($"not moved: {read.Row.Name}: {invalid.Message}");
            return null;
        }

        if (options.DryRun)
        {
            return new CosyncImportResult(read.Row, plan.Summary, AppToken: null);
        }

        var token = await writer.Store(read, options);
        applications.Invalidate(read.Row.Id);
        application =
            await applications.Find(read.Row.Id)
            ?? throw new InvalidOperationException($"the application {read.Row.Id} went while it moved in");
        await writer.StoreTemplates(files, application, note);
        var summary = await users.Execute(application, source, plan, importOptions, _ => { }, Report);
        return new CosyncImportResult(read.Row, summary, token);
    }

    private static Action<RejectedRow> Refused(Action<string> note) =>
        bad => note(string.Create(CultureInfo.InvariantCulture, $"user at line {bad.Row.Line}: left out; {bad.Problem}"));

    private static ImportOptions ImportOptions(ApplicationSettings settings, CosyncOptions options) =>
        new()
        {
            SkipInvalidRows = true,
            Prehashed = true,
            EmailVerified = settings.SignupFlow != SignupFlow.None,
            Actor = Actor.CommandLine,
            Source = "CosyncJWT server",
            LegacySessionsUntil = options.SessionsUntil,
        };
}
