using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Latchkey.Activity.Audit;
using Latchkey.Applications;
using Latchkey.Core;
using Latchkey.Messages.Outbox;
using Latchkey.Messages.Templates;

namespace Latchkey.Cli.Commands;

/// <summary>latchkey template …</summary>
public static class TemplateCommands
{
    private const int MaxFileBytes = 4 * TemplateValidator.MaxHtmlLength;
    private static readonly Argument<string> AppId = new("APPID") { Description = "The App Id." };
    private static readonly Argument<string> Locale = new("LOCALE") { Description = "One of the application's locales, such as EN." };
    private static readonly Argument<string> Kind = new("KIND") { Description = $"One of {string.Join(", ", MessageKind.Editable)}." };

    public static Command Create() =>
        new("template", "Show and replace the texts of an application's mails, SMS and pages.")
        {
            Show(),
            Set(),
            Reset(),
            Versions(),
            Restore(),
        };

    private static Command Show()
    {
        var json = LatchkeyCommand.JsonOption();
        var command = new Command("show", "Print the template in use.") { AppId, Locale, Kind, json };
        command.SetHandler(async context =>
        {
            if (await Find(context) is not { } application)
            {
                return 1;
            }

            var (template, isOwn) = TemplateRules.GetEffective(application, LocaleOf(context), context.Parsed.GetRequiredValue(Kind));
            await context.Output.WriteLineAsync(
                !context.Parsed.GetValue(json)
                    ? template.Html
                    : CliJson.Write(writer =>
                    {
                        writer.WriteStartObject();
                        writer.WriteBoolean("own", isOwn);
                        writer.WriteString("subject", template.Subject);
                        writer.WriteString("replyTo", template.ReplyTo);
                        writer.WriteString("linkText", template.LinkText);
                        writer.WriteString("html", template.Html);
                        writer.WriteEndObject();
                    })
            );
            return 0;
        });
        return command;
    }

    private static Command Set()
    {
        var subject = new Option<string?>("--subject") { Description = "The subject. Default: unchanged.", HelpName = "TEXT" };
        var replyTo = new Option<string?>("--reply-to") { Description = "Where replies go. Default: unchanged.", HelpName = "ADDRESS" };
        var linkText = new Option<string?>("--link-text")
        {
            Description = "The text of the button for %LINK%. Default: unchanged.",
            HelpName = "TEXT",
        };
        var html = new Option<string?>("--html")
        {
            Description = "A file with the HTML (for sms, the text). Default: unchanged.",
            HelpName = "FILE",
        };
        var command = new Command("set", "Replace a template. Macros: %APP_NAME% %HANDLE% %CODE% %LINK%.")
        {
            AppId,
            Locale,
            Kind,
            subject,
            replyTo,
            linkText,
            html,
        };
        command.SetHandler(async context =>
        {
            if (await Find(context) is not { } application)
            {
                return 1;
            }

            var (locale, kind) = (LocaleOf(context), context.Parsed.GetRequiredValue(Kind));
            var (now, _) = TemplateRules.GetEffective(application, locale, kind);
            var row = new TemplateRow
            {
                Locale = locale,
                Kind = kind,
                Subject = context.Parsed.GetValue(subject) ?? now.Subject,
                ReplyTo = context.Parsed.GetValue(replyTo) ?? now.ReplyTo,
                LinkText = context.Parsed.GetValue(linkText) ?? now.LinkText,
                Html = context.Parsed.GetValue(html) is { } file ? InputFile.ReadText(file, MaxFileBytes) : now.Html,
            };
            var saved = await context.Get<TemplateRules>().Save(application, row, Actor.CommandLine);
            if (saved.Error is { } refused)
            {
                return await context.Fail(refused);
            }

            foreach (var warning in TemplateValidator.Warnings(row).Values.SelectMany(warnings => warnings))
            {
                await context.Error.WriteLineAsync($"latchkey: saved, but: {warning}");
            }

            return 0;
        });
        return command;
    }

    private static Command Reset()
    {
        var command = new Command("reset", "Return to the built-in template. The saved versions stay.") { AppId, Locale, Kind };
        command.SetHandler(async context =>
        {
            if (await Find(context) is not { } application)
            {
                return 1;
            }

            var reset = await context
                .Get<TemplateRules>()
                .Reset(application.Id, LocaleOf(context), context.Parsed.GetRequiredValue(Kind), Actor.CommandLine);
            return await context.End(reset);
        });
        return command;
    }

    private static Command Versions()
    {
        var json = LatchkeyCommand.JsonOption();
        var command = new Command("versions", "List the versions that were saved, the newest first.") { AppId, Locale, Kind, json };
        command.SetHandler(async context =>
        {
            if (await Find(context) is not { } application)
            {
                return 1;
            }

            var versions = await context
                .Get<TemplateRules>()
                .Versions(application.Id, LocaleOf(context), context.Parsed.GetRequiredValue(Kind));
            await context.Output.WriteLineAsync(
                context.Parsed.GetValue(json)
                    ? CliJson.Write(writer => WriteVersions(writer, versions))
                    : string.Join('\n', versions.Select(DescribeVersion).DefaultIfEmpty("No version was saved."))
            );
            return 0;
        });
        return command;
    }

    private static Command Restore()
    {
        var version = new Argument<long>("VERSION") { Description = "The number of an earlier version, as versions prints it." };
        var command = new Command("restore", "Save an earlier version again, under the next number.") { AppId, Locale, Kind, version };
        command.SetHandler(async context =>
            await Find(context) is not { } application
                ? 1
                : await context.End(
                    await context
                        .Get<TemplateRules>()
                        .Restore(
                            application,
                            LocaleOf(context),
                            context.Parsed.GetRequiredValue(Kind),
                            context.Parsed.GetRequiredValue(version),
                            Actor.CommandLine
                        )
                )
        );
        return command;
    }

    private static string DescribeVersion(TemplateVersion version) =>
        string.Create(
                CultureInfo.InvariantCulture,
                $"{version.Version}  {WireDate.Format(version.SavedAt)}  {version.Actor}{AsEarlier(version)}"
            )
            .TrimEnd();

    private static string AsEarlier(TemplateVersion version) =>
        version.RestoredFrom is { } earlier ? string.Create(CultureInfo.InvariantCulture, $"  as version {earlier}") : "";

    private static void WriteVersions(Utf8JsonWriter json, IReadOnlyList<TemplateVersion> versions)
    {
        json.WriteStartArray();
        foreach (var version in versions)
        {
            json.WriteStartObject();
            json.WriteNumber("version", version.Version);
            json.WriteString("savedAt", WireDate.Format(version.SavedAt));
            json.WriteString("savedBy", version.Actor);
            if (version.RestoredFrom is { } earlier)
            {
                json.WriteNumber("restoredFrom", earlier);
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    /// <summary>As the application has it: pt_br is PT-BR.</summary>
    private static string LocaleOf(CommandContext context) =>
        context.Parsed.GetRequiredValue(Locale) is var typed && LanguageTag.Canonicalize(typed) is { } tag ? tag : typed;

    private static async Task<Application?> Find(CommandContext context)
    {
        if (!MessageKind.Editable.Contains(context.Parsed.GetRequiredValue(Kind), StringComparer.Ordinal))
        {
            await context.Error.WriteLineAsync($"latchkey: the templates are {string.Join(", ", MessageKind.Editable)}.");
            return null;
        }

        if (await context.Get<ApplicationCache>().Find(context.Parsed.GetRequiredValue(AppId)) is { } application)
        {
            return application;
        }

        await context.Error.WriteLineAsync("latchkey: there is no application with this id. latchkey app list shows them all.");
        return null;
    }
}
