using System.CommandLine;
using System.Globalization;
using Latchkey.Activity.Audit;
using Latchkey.Applications;
using Latchkey.Core;
using Latchkey.Core.Configuration;
using Latchkey.Operations.UserTransfer;

namespace Latchkey.Cli.Commands;

/// <summary>latchkey user import</summary>
public static class ImportCommand
{
    private const int MaxShown = 20;
    private const string StandardInput = "standard input";

    private static readonly Argument<string> AppId = new("APPID") { Description = "The App Id." };
    private static readonly Argument<string> Source = new("FILE")
    {
        Description = "CSV with a header, JSON lines or a JSON document. - means standard input.",
    };
    private static readonly Option<string?> Format = Choice(
        "--format",
        "csv or json. Default: what the file looks like.",
        FileFormat.Csv,
        FileFormat.Json,
        "jsonl"
    );
    private static readonly Option<string?> Conflict = Choice(
        "--on-conflict",
        "What to do with users who already exist: skip (default), fail, or update them from the file.",
        "skip",
        "fail",
        "update"
    );
    private static readonly Option<string[]> Map = new("--map")
    {
        Description = "Map a column, or a path into JSON, to a field: --map profile.email=handle. --map note= ignores the column.",
        HelpName = "COLUMN=FIELD",
        DefaultValueFactory = _ => [],
    };
    private static readonly Option<bool> IgnoreUnknown = new("--ignore-unknown")
    {
        Description = "Ignore all unknown columns. Without this option, they prevent the import.",
    };
    private static readonly Option<bool> DryRun = new("--dry-run")
    {
        Description = "Check every row and list all bad ones. Changes nothing.",
    };
    private static readonly Option<bool> SkipBad = new("--skip-bad")
    {
        Description =
            "Import the good rows and write the bad ones to the rejects file. Without this option, a bad row prevents the import.",
    };
    private static readonly Option<string?> Rejects = new("--rejects")
    {
        Description = "The rejects file. Default: FILE.rejects",
        HelpName = "FILE",
    };
    private static readonly Option<bool> Prehashed = new("--prehashed")
    {
        Description = "Hashes are of the MD5 hex of the password, for rows without passwordPrehashed.",
    };
    private static readonly Option<bool> Verified = new("--email-verified")
    {
        Description = "Addresses are verified, for rows without emailVerified.",
    };
    private static readonly Option<bool> Json = LatchkeyCommand.JsonOption();

    public static Command Create()
    {
        var command = new Command(
            "import",
            "Import users with their password hashes. If it is interrupted, run it again to continue.\n\nFields: "
                + $"{UserFields.AllNames}, metaData.PATH, inviteMetaData.PATH. See docs/import.md."
        )
        {
            AppId,
            Source,
            Format,
            Conflict,
            Map,
            IgnoreUnknown,
            DryRun,
            SkipBad,
            Rejects,
            Prehashed,
            Verified,
            Json,
        };
        command.SetHandler(Run);
        return command;
    }

    private static async Task<int> Run(CommandContext context)
    {
        if (await context.Get<ApplicationCache>().Find(context.Parsed.GetRequiredValue(AppId)) is not { } application)
        {
            await context.Error.WriteLineAsync("latchkey: there is no application with this id. latchkey app list shows them all.");
            return 1;
        }

        if (FieldMap.Read(context.Parsed.GetRequiredValue(Map)).Failed(out var map, out var badMap))
        {
            return await context.Fail(badMap);
        }

        var path = context.Parsed.GetRequiredValue(Source);
        using var file = await ImportFile.Open(path, context.Get<InstallationSettings>().DataFolder);
        return await Run(
            context,
            application,
            file.OpenSource(context.Parsed.GetValue(Format), map, context.Parsed.GetValue(IgnoreUnknown), context.Get<TimeProvider>()),
            file.IsTemporary ? StandardInput : Path.GetFileName(path)
        );
    }

    private static async Task<int> Run(CommandContext context, Application application, IUserSource source, string name)
    {
        var options = Options(context, name);
        var dry = context.Parsed.GetValue(DryRun);
        var shown = 0;
        var plan = await Check(
            context,
            application,
            source,
            options,
            bad =>
            {
                if (dry || (!options.SkipInvalidRows && shown++ < MaxShown))
                {
                    context.Output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"line {bad.Row.Line}: {bad.Problem}"));
                }
            }
        );
        source.Columns.RequireKnown();
        var refused = UserImport.Validate(application, plan, options);
        if (dry)
        {
            await Report(context, source, plan.Summary, "would be ");
            return refused is null ? ExitCode(plan.Summary, options) : await context.Fail(refused);
        }

        if (refused is not null)
        {
            await context.Error.WriteLineAsync(shown > MaxShown ? $"(the first {MaxShown}; --dry-run lists all)" : "");
            return await context.Fail(refused);
        }

        using var rejects = new RejectsFile(
            context.Parsed.GetValue(Rejects) ?? (name == StandardInput ? "users.rejects" : $"{context.Parsed.GetValue(Source)}.rejects")
        );
        var progress = new ProgressReporter(context.Error, context.Get<TimeProvider>(), "imported");
        var summary = await context
            .Get<UserImport>()
            .Execute(application, source, plan, options, rejects.Add, (so, row) => progress.Report(so.Rows, row.Position, source.Length));
        rejects.Publish();
        progress.Finish(summary.Rows);
        await Report(context, source, summary, "");
        if (summary.Bad > 0)
        {
            await context.Error.WriteLineAsync($"The bad rows are in {rejects.Path}.");
        }

        return ExitCode(summary, options);
    }

    /// <summary>0 when all rows are good, or some of them with --skip-bad.</summary>
    private static int ExitCode(ImportSummary summary, ImportOptions options) =>
        summary.Bad > 0 && (!options.SkipInvalidRows || summary.Bad == summary.Rows) ? 1 : 0;

    private static async Task<ImportPlan> Check(
        CommandContext context,
        Application application,
        IUserSource source,
        ImportOptions options,
        Action<RejectedRow> refused
    )
    {
        var progress = new ProgressReporter(context.Error, context.Get<TimeProvider>(), "checked");
        var plan = await context
            .Get<UserImport>()
            .Plan(application, source, options, refused, (so, row) => progress.Report(so.Rows, row.Position, source.Length));
        progress.Finish(plan.Summary.Rows);
        return plan;
    }

    private static ImportOptions Options(CommandContext context, string name) =>
        new()
        {
            OnConflict = context.Parsed.GetValue(Conflict) switch
            {
                "fail" => OnConflict.Fail,
                "update" => OnConflict.Update,
                _ => OnConflict.Skip,
            },
            SkipInvalidRows = context.Parsed.GetValue(SkipBad),
            Prehashed = context.Parsed.GetValue(Prehashed),
            EmailVerified = context.Parsed.GetValue(Verified),
            Actor = Actor.CommandLine,
            Source = name,
        };

    private static async Task Report(CommandContext context, IUserSource source, ImportSummary summary, string would)
    {
        await context.Output.WriteLineAsync(
            context.Parsed.GetValue(Json)
                ? CliJson.Write(json =>
                {
                    json.WriteStartObject();
                    json.WriteNumber("rows", summary.Rows);
                    json.WriteNumber("added", summary.Added);
                    json.WriteNumber("updated", summary.Updated);
                    json.WriteNumber("skipped", summary.Skipped);
                    json.WriteNumber("bad", summary.Bad);
                    json.WriteEndObject();
                })
                : string.Create(
                    CultureInfo.InvariantCulture,
                    $"{summary.Rows} rows: {summary.Added} {would}added, {summary.Updated} {would}updated, {summary.Skipped} "
                        + $"already there, {summary.Bad} bad"
                )
        );
        await Describe(context.Error, source.Columns);
        await Warn(context.Error, summary);
    }

    private static async Task Describe(TextWriter error, SourceColumns columns)
    {
        if (columns.Foreign.Count > 0)
        {
            var read = columns.Foreign.OrderBy(column => column.Key, StringComparer.Ordinal);
            await error.WriteLineAsync(
                $"Note: recognised: {string.Join(", ", read.Select(column => $"{Strings.Printable(column.Key)}={column.Value}"))}"
            );
        }

        if (columns.Ignored.Count > 0)
        {
            await error.WriteLineAsync($"Note: ignored: {string.Join(", ", columns.Ignored.Select(Strings.Printable))}");
        }
    }

    internal static async Task Warn(TextWriter error, ImportSummary summary)
    {
        if (summary.PlainHashes > 0)
        {
            await error.WriteLineAsync(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"Note: {summary.PlainHashes} hashes are of the password itself. Apps that send its MD5 (all CosyncJWT SDKs "
                        + $"do) cannot log these users in. Use passwordPrehashed or --prehashed if the hash is of the MD5 hex."
                )
            );
        }

        foreach (var note in summary.Notes.OrderBy(note => note.FirstLine))
        {
            await error.WriteLineAsync(
                string.Create(CultureInfo.InvariantCulture, $"Note: {note.Rows} rows, the first at line {note.FirstLine}: {note.Text}.")
            );
        }

        foreach (var (path, rows) in summary.UndefinedPaths)
        {
            await error.WriteLineAsync(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"Note: {rows} rows have {path} in their metadata, which is not a field of the application. It is stored, "
                        + $"but not visible until a field has this path."
                )
            );
        }
    }

    private static Option<string?> Choice(string name, string description, params string[] choices)
    {
        var option = new Option<string?>(name) { Description = description };
        option.AcceptOnlyFromAmong(choices);
        return option;
    }
}
