using System.CommandLine;
using System.Text.Json;
using Latchkey.Activity.Audit;
using Latchkey.Applications.Domains;

namespace Latchkey.Cli.Commands;

/// <summary>latchkey app domain requests, check, approve and refuse.</summary>
internal static class DomainRequestCommands
{
    public static Command Requests()
    {
        var json = LatchkeyCommand.JsonOption();
        var command = new Command("requests", "List the domains that developers ask for, and those whose proof is gone from DNS.") { json };
        command.SetHandler(async context =>
        {
            var requests = context.Get<DomainRequests>();
            var all = (await requests.ListWaiting()).Concat(await requests.ListWithoutProof()).ToList();
            await context.Output.WriteLineAsync(
                context.Parsed.GetValue(json)
                    ? CliJson.WriteList(all, Write)
                    : string.Join('\n', all.Select(one => $"{one.AppId}  {one.Host}  {one.State}  {one.Requester}  {one.Flaw}".TrimEnd()))
            );
            return 0;
        });
        return command;
    }

    public static Command Check()
    {
        var command = new Command("check", "Ask DNS for the proof of a domain.") { DomainCommands.AppId, DomainCommands.Host };
        command.SetHandler(async context =>
        {
            var (appId, host) = DomainCommands.Read(context);
            if ((await context.Get<DomainRequests>().Check(appId, host)).Failed(out var request, out var refused))
            {
                return await context.Fail(refused);
            }

            await context.Output.WriteLineAsync(request.IsProven ? "The TXT record is there." : request.Flaw);
            return request.IsProven ? 0 : 1;
        });
        return command;
    }

    public static Command Approve()
    {
        var command = new Command("approve", "Give a domain to the application that asks for it, if DNS has the proof.")
        {
            DomainCommands.AppId,
            DomainCommands.Host,
        };
        command.SetHandler(async context =>
        {
            var (appId, host) = DomainCommands.Read(context);
            return await context.End(await context.Get<DomainRequests>().Approve(appId, host, Actor.CommandLine));
        });
        return command;
    }

    public static Command Refuse()
    {
        var reason = new Option<string>("--reason")
        {
            Description = "Why. The application's members see it.",
            Required = true,
            HelpName = "TEXT",
        };
        var command = new Command("refuse", "Refuse a domain to the application that asks for it.")
        {
            DomainCommands.AppId,
            DomainCommands.Host,
            reason,
        };
        command.SetHandler(async context =>
        {
            var (appId, host) = DomainCommands.Read(context);
            return await context.End(
                await context.Get<DomainRequests>().Refuse(appId, host, context.Parsed.GetRequiredValue(reason), Actor.CommandLine)
            );
        });
        return command;
    }

    private static void Write(Utf8JsonWriter json, DomainRequest one)
    {
        json.WriteString("appId", one.AppId);
        json.WriteString("appName", one.AppName);
        json.WriteString("host", one.Host);
        json.WriteString("state", one.State);
        json.WriteString("requester", one.Requester);
        json.WriteString("record", one.RecordName);
        json.WriteString("value", one.Proof);
        json.WriteString("flaw", one.Flaw);
    }
}
