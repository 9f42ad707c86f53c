using System.CommandLine;
using System.Text;
using System.Text.Json;
using Latchkey.Activity.Audit;
using Latchkey.Api.Sessions;
using Latchkey.Applications;
using Latchkey.Core;
using Latchkey.Data;
using Latchkey.Users;
using Latchkey.Users.Administration;
using Latchkey.Users.Passwords;
using Latchkey.Users.Search;
using Latchkey.Users.Sessions;

namespace Latchkey.Cli.Commands;

/// <summary>latchkey user …</summary>
public static class UserCommands
{
    private const int PageSize = 1000;
    private static readonly Argument<string> AppId = new("APPID") { Description = "The App Id." };
    private static readonly Argument<string> UserArgument = new("USER") { Description = "The user's id, e-mail address or user name." };

    /// <param name="more">Commands of features that build on this one.</param>
    public static Command Create(params Command[] more)
    {
        var command = new Command("user", "Manage an application's users.")
        {
            List(),
            Add(),
            Show(),
            Change(
                "suspend",
                "Suspend a user. All sessions end, and login is refused with code 404.",
                (rules, user) => rules.Suspend(user, Actor.CommandLine)
            ),
            Change("activate", "Let a suspended or locked user log in again.", (rules, user) => rules.Activate(user, Actor.CommandLine)),
            Change(
                "delete",
                "Delete a user with all sessions and codes. This cannot be undone.",
                (rules, user) => rules.Delete(user, Actor.CommandLine)
            ),
            Erase(),
            ResetPassword(),
            Sessions(),
            EndSession(),
            LinkCommands.List(new(AppId, UserArgument, Find)),
            LinkCommands.Unlink(new(AppId, UserArgument, Find)),
            SecondFactorCommands.Show(new(AppId, UserArgument, Find)),
            SecondFactorCommands.Reset(new(AppId, UserArgument, Find)),
            UserPasskeyCommands.List(new(AppId, UserArgument, Find)),
            UserPasskeyCommands.Remove(new(AppId, UserArgument, Find)),
        };
        Array.ForEach(more, command.Add);
        return command;
    }

    private static Command List()
    {
        var search = new Option<string>("--search") { Description = "Part of a handle or user name.", DefaultValueFactory = _ => "" };
        var query = new Option<string>("--query")
        {
            Description = "A search as in the portal, such as \"status:locked meta.club:Kiel\"; instead of --search.",
            DefaultValueFactory = _ => "",
        };
        var json = LatchkeyCommand.JsonOption();
        var command = new Command("list", "List users, newest first.") { AppId, search, query, json };
        command.SetHandler(async context =>
        {
            if (await FindApplication(context) is not { } application)
            {
                return 1;
            }

            var (part, typed) = (context.Parsed.GetRequiredValue(search), context.Parsed.GetRequiredValue(query));
            if (part.Length > 0 && typed.Length > 0)
            {
                await context.Error.WriteLineAsync("latchkey: give --search or --query, not both.");
                return 1;
            }

            var read = typed.Length > 0 ? await Search(context, application, typed) : await All(context, application.Id, part);
            if (read.Failed(out var users, out var refused))
            {
                return await context.Fail(refused);
            }

            var text = !context.Parsed.GetValue(json);
            await context.Output.WriteLineAsync(
                text
                    ? string.Join(
                        '\n',
                        users.Select(user =>
                            $"{user.Id}  {user.ShownStatus(application.Settings), -7}  {user.Origin, -10}  {user.Handle}"
                            + (user.UserName is null ? "" : $" ({user.UserName})")
                        )
                    )
                    : CliJson.Write(writer =>
                    {
                        writer.WriteStartArray();
                        users.ForEach(user => Write(writer, application, user));
                        writer.WriteEndArray();
                    })
            );
            return 0;
        });
        return command;
    }

    private static Command Add()
    {
        var handle = new Argument<string>("HANDLE") { Description = "The user's e-mail address." };
        var metaData = new Option<string?>("--metadata") { Description = "The user's metadata, as a JSON document.", HelpName = "JSON" };
        var locale = new Option<string?>("--locale") { Description = "One of the application's locales.", HelpName = "CODE" };
        var stdin = LatchkeyCommand.PasswordStdinOption();
        var json = LatchkeyCommand.JsonOption();
        var command = new Command("add", "Add a user. The address counts as verified.") { AppId, handle, metaData, locale, stdin, json };
        command.SetHandler(async context =>
        {
            if (await FindApplication(context) is not { } application)
            {
                return 1;
            }

            if (await PasswordPrompt.Read(context, context.Parsed.GetValue(stdin)) is not { } password)
            {
                return await FailWithoutPassword(context);
            }

            if (
                (
                    await context
                        .Get<UserCreator>()
                        .Create(
                            application,
                            UserOrigin.CommandLine,
                            context.Parsed.GetRequiredValue(handle),
                            new RawPassword(password),
                            context.Parsed.GetValue(metaData),
                            context.Parsed.GetValue(locale),
                            Actor.CommandLine
                        )
                ).Failed(out var user, out var refused)
            )
            {
                return await context.Fail(refused);
            }

            await context.Output.WriteLineAsync(
                context.Parsed.GetValue(json) ? CliJson.Write(writer => Write(writer, application, user)) : user.Id
            );
            return 0;
        });
        return command;
    }

    private static Command Show()
    {
        var json = LatchkeyCommand.JsonOption();
        var command = new Command("show", "Show a user.") { AppId, UserArgument, json };
        command.SetHandler(async context =>
        {
            if (await Find(context) is not var (application, user))
            {
                return 1;
            }

            var written = CliJson.Write(writer => Write(writer, application, user));
            await context.Output.WriteLineAsync(context.Parsed.GetValue(json) ? written : Text(written));
            return 0;
        });
        return command;
    }

    private static Command Change(string name, string description, Func<UserAdministration, User, Task<Result<Done>>> change)
    {
        var command = new Command(name, description) { AppId, UserArgument };
        command.SetHandler(async context =>
        {
            if (await Find(context) is not var (_, user))
            {
                return 1;
            }

            var done = await change(context.Get<UserAdministration>(), user);
            return await context.End(done);
        });
        return command;
    }

    private static Command Erase()
    {
        var address = new Argument<string>("ADDRESS") { Description = "The e-mail address, of a user or of somebody who was one." };
        var command = new Command("erase", "Erase an address: its user, signups, invitations and messages. Log entries lose the person.")
        {
            AppId,
            address,
        };
        command.SetHandler(async context =>
        {
            if (await FindApplication(context) is not { } application)
            {
                return 1;
            }

            var done = await context
                .Get<UserAdministration>()
                .EraseAddress(application.Id, context.Parsed.GetRequiredValue(address), Actor.CommandLine);
            return await context.End(done);
        });
        return command;
    }

    private static Command ResetPassword()
    {
        var stdin = LatchkeyCommand.PasswordStdinOption();
        var random = new Option<bool>("--random") { Description = "Generate a password and print it once." };
        var command = new Command("reset-password", "Set a user's password. All sessions end, and the user is notified by mail.")
        {
            AppId,
            UserArgument,
            stdin,
            random,
        };
        command.SetHandler(async context =>
        {
            if (await Find(context) is not var (application, user))
            {
                return 1;
            }

            var generate = context.Parsed.GetValue(random);
            if (
                (
                    generate
                        ? UserPasswords.Generate(application.Settings)
                        : await PasswordPrompt.Read(context, context.Parsed.GetValue(stdin))
                )
                is not { } password
            )
            {
                return await FailWithoutPassword(context);
            }

            if (generate)
            {
                await context.Output.WriteLineAsync(password); // before it is set: nobody could learn it afterwards
                await context.Output.FlushAsync();
            }

            var (raw, badFormat) = PasswordPolicy.FromTyped(application.Settings, new RawPassword(password));
            if ((badFormat ?? (await context.Get<UserPasswords>().Set(application, user, raw, Actor.CommandLine)).Error) is { } refused)
            {
                return await context.Fail(refused);
            }

            return 0;
        });
        return command;
    }

    private static Command Sessions()
    {
        var json = LatchkeyCommand.JsonOption();
        var command = new Command("sessions", "List where a user is signed in, and why earlier sessions ended.")
        {
            AppId,
            UserArgument,
            json,
        };
        command.SetHandler(async context =>
        {
            if (await Find(context) is not var (_, user))
            {
                return 1;
            }

            var now = context.Get<TimeProvider>().Now();
            var (live, ended) = await context.Get<UserSessions>().ListAll(user);
            await context.Output.WriteLineAsync(
                context.Parsed.GetValue(json)
                    ? Encoding.UTF8.GetString(SessionJson.WriteList(live.Concat(ended), currentId: "", now))
                    : string.Join('\n', live.Concat(ended).Select(session => Line(session, now)))
            );
            return 0;
        });
        return command;
    }

    private static string Line(Session session, long now)
    {
        var state = session.EndAt(now) is { } end
            ? $"{WireDate.Format(end.At)}  {SessionEndTexts.Describe(end.Reason)}"
            : $"{WireDate.Format(session.LastUsedAt ?? session.CreatedAt)}  live";
        var device = session.DeviceName.Length > 0 ? session.DeviceName : session.UserAgent;
        return $"{session.PublicId}  {WireDate.Format(session.CreatedAt)}  {state}  {session.Client}  {device}";
    }

    private static Command EndSession()
    {
        var id = new Argument<string>("SESSION") { Description = "The session's id, as latchkey user sessions shows it." };
        var command = new Command("end-session", "End one session of a user.") { AppId, UserArgument, id };
        command.SetHandler(async context =>
        {
            if (await Find(context) is not var (_, user))
            {
                return 1;
            }

            var done = await context.Get<UserSessions>().End(user, context.Parsed.GetRequiredValue(id), Actor.CommandLine);
            return await context.End(done);
        });
        return command;
    }

    private static async Task<Result<List<User>>> Search(CommandContext context, Application application, string text)
    {
        var lists = context.Get<UserList>();
        if (lists.Read(UserSearchScope.Of(application), text, "").Failed(out var query, out var refused))
        {
            return refused;
        }

        var (all, cursor) = (new List<User>(), "");
        do
        {
            var page = await lists.Page(application.Id, query, new PageRequest(cursor, "", PageSize));
            all.AddRange(page.Rows);
            cursor = page.Next?.Encoded ?? "";
        } while (cursor.Length > 0);
        return all;
    }

    private static async Task<Result<List<User>>> All(CommandContext context, string appId, string search)
    {
        var all = new List<User>();
        string? cursor = null;
        do
        {
            (var page, cursor) = await context.Get<UserAdministration>().List(appId, search, "", cursor, PageSize);
            all.AddRange(page);
        } while (cursor is not null);
        return all;
    }

    private static async Task<Application?> FindApplication(CommandContext context)
    {
        if (await context.Get<ApplicationCache>().Find(context.Parsed.GetRequiredValue(AppId)) is { } application)
        {
            return application;
        }

        await context.Error.WriteLineAsync("latchkey: there is no application with this id. latchkey app list shows them all.");
        return null;
    }

    private static async Task<(Application Application, User User)?> Find(CommandContext context)
    {
        if (await FindApplication(context) is not { } application)
        {
            return null;
        }

        if (await context.Get<UserAdministration>().Find(application.Id, context.Parsed.GetRequiredValue(UserArgument)) is { } user)
        {
            return (application, user);
        }

        await context.Error.WriteLineAsync("latchkey: the application has no such user.");
        return null;
    }

    private static async Task<int> FailWithoutPassword(CommandContext context)
    {
        await context.Error.WriteLineAsync("latchkey: no password was given, or the two passwords do not match.");
        return 1;
    }

    private static void Write(Utf8JsonWriter json, Application application, User user)
    {
        json.WriteStartObject();
        json.WriteString("id", user.Id);
        json.WriteString("handle", user.Handle);
        json.WriteString("userName", user.UserName);
        json.WriteString("status", user.Status);
        json.WriteBoolean("locked", user.IsLocked(application.Settings));
        json.WriteString("origin", user.Origin);
        json.WriteString("loginProvider", user.LoginProvider);
        json.WriteString("locale", user.Locale);
        json.WriteBoolean("emailVerified", user.EmailVerified);
        json.WritePropertyName("metaData");
        (Metadata.Claims(application.Settings, user) ?? []).WriteTo(json);
        json.WriteString("createdAt", WireDate.Format(user.CreatedAt));
        json.WriteString("updatedAt", WireDate.Format(user.UpdatedAt));
        json.WriteString("lastLogin", user.LastLoginAt is { } at ? WireDate.Format(at) : null);
        json.WriteEndObject();
    }

    private static string Text(string json)
    {
        using var document = JsonDocument.Parse(json);
        return string.Join('\n', document.RootElement.EnumerateObject().Select(p => $"{p.Name, -14}  {p.Value}"));
    }
}
