using System.CommandLine;
using System.Globalization;
using Latchkey.Activity.Audit;
using Latchkey.Applications;
using Latchkey.Applications.Credentials;
using Latchkey.Core;
using Latchkey.Storage;

namespace Latchkey.Cli.Commands;

/// <summary>latchkey storage …</summary>
public static class StorageCommands
{
    private static readonly Argument<string> AppId = new("APPID") { Description = "The App Id." };

    public static Command Create() => new("storage", "Set up and check the buckets with users' files.") { Set(), Test(), Check() };

    private static Command Set()
    {
        var fields = StorageOptions.All;
        var secret = new Option<bool>("--secret-stdin")
        {
            Description = "Read the secret of the key from one line of standard input. Without it, the stored one is kept.",
        };
        var command = new Command("set", "Set the bucket of an application. What is not given stays as it is.") { AppId, secret };
        foreach (var field in fields)
        {
            command.Options.Add(field.Option);
        }

        command.SetHandler(async context =>
        {
            if (await context.Get<ApplicationRules>().Find(context.Parsed.GetRequiredValue(AppId)) is not { } app)
            {
                return await context.Fail(CredentialUpdater.NoSuchApp);
            }

            var rules = context.Get<StorageSettingsRules>();
            var input = await rules.Find(app.Id) is { } current ? StorageInput.From(current) : StorageInput.Default(app.Id);
            input = fields.Aggregate(input, (typed, field) => field.Apply(context.Parsed, typed));
            if (context.Parsed.GetValue(secret))
            {
                input = input with { Secret = await PasswordPrompt.Read(context, fromStdin: true) ?? "" };
            }

            var errors = await rules.Save(app.Id, input, Actor.CommandLine);
            foreach (var (field, error) in errors)
            {
                await context.Error.WriteLineAsync($"latchkey: {StorageOptions.NameOf(field)}: {error}");
            }

            return errors.Count == 0 ? 0 : 1;
        });
        return command;
    }

    private static Command Test()
    {
        var origin = new Option<string>("--origin")
        {
            Description = "The origin of a web app, such as https://app.example.com, to test CORS too.",
            HelpName = "URL",
            DefaultValueFactory = _ => "",
        };
        var command = new Command("test", "Write, read and delete an object in an application's bucket.") { AppId, origin };
        command.SetHandler(async context =>
        {
            var run = await context
                .Get<BucketTest>()
                .Run(
                    context.Parsed.GetRequiredValue(AppId),
                    context.Parsed.GetRequiredValue(origin),
                    Actor.CommandLine,
                    CancellationToken.None
                );
            if (run.Failed(out var steps, out var refused))
            {
                return await context.Fail(refused);
            }

            foreach (var step in steps)
            {
                await context.Output.WriteLineAsync($"{step.Name}: {step.Problem ?? "works"}");
            }

            return steps.All(step => step.Problem is null) ? 0 : 1;
        });
        return command;
    }

    private static Command Check()
    {
        var app = new Option<string>("--app") { Description = "Only this application; by default all with a bucket.", HelpName = "APPID" };
        var json = LatchkeyCommand.JsonOption();
        var command = new Command(
            "check",
            "List objects without a file in the database, and files without an object. Exit code 1 if there are any. Nothing is changed."
        )
        {
            app,
            json,
        };
        command.SetHandler(async context =>
        {
            IReadOnlyList<string> appIds = context.Parsed.GetValue(app) is { } one
                ? [one]
                : await context.Get<StorageSettingsRules>().ListApplications();
            var reports = new List<StorageReport>();
            foreach (var appId in appIds)
            {
                if ((await context.Get<StorageCheck>().Run(appId, CancellationToken.None)).Failed(out var report, out var refused))
                {
                    report = new StorageReport(appId, 0, 0, 0, []) { Problem = refused.Cause ?? refused.Message };
                    await context.Fail(refused with { Message = $"{appId}: {report.Problem}" });
                }

                reports.Add(report);
            }

            var texts = reports.Where(report => report.Problem is null).Select(Text);
            foreach (var text in context.Parsed.GetValue(json) ? [Json(reports)] : texts)
            {
                await context.Output.WriteLineAsync(text);
            }

            return reports.All(report => report is { Problem: null, Findings.Count: 0 }) ? 0 : 1;
        });
        return command;
    }

    private static string Text(StorageReport report)
    {
        var lines = report.Findings.Select(finding =>
            finding.Kind == StorageFindingKind.ObjectWithoutRow
                ? $"{report.AppId}  object without a file: {Strings.Printable(finding.Key)} ({finding.Size} bytes)"
                : $"{report.AppId}  file without its object: {finding.Key}"
        );
        var sum = string.Create(
            CultureInfo.InvariantCulture,
            $"{report.AppId}  {report.Objects} objects: {report.Pending} not completed, {report.Removing} about to be removed, "
        );
        var count = string.Create(CultureInfo.InvariantCulture, $"{report.Findings.Count + report.Unlisted} findings");
        var more = string.Create(CultureInfo.InvariantCulture, $", {report.Unlisted} of them not shown");
        return string.Join('\n', lines.Append($"{sum}{count}{(report.Unlisted > 0 ? more : "")}"));
    }

    private static string Json(IReadOnlyList<StorageReport> reports) =>
        CliJson.WriteList(
            reports,
            (json, report) =>
            {
                json.WriteString("appId", report.AppId);
                json.WriteNumber("objects", report.Objects);
                json.WriteNumber("pending", report.Pending);
                json.WriteNumber("removing", report.Removing);
                json.WriteStartArray("findings");
                foreach (var finding in report.Findings)
                {
                    json.WriteStartObject();
                    json.WriteString("kind", finding.Kind);
                    json.WriteString("key", finding.Key);
                    json.WriteString("assetId", finding.AssetId);
                    json.WriteNumber("size", finding.Size);
                    json.WriteEndObject();
                }

                json.WriteEndArray();
                json.WriteNumber("unlisted", report.Unlisted);
                json.WriteString("problem", report.Problem);
            }
        );
}
