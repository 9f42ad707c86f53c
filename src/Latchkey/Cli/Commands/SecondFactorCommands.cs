using System.CommandLine;
using System.Text.Json;
using Latchkey.Activity.Audit;
using Latchkey.Api.TwoFactor;
using Latchkey.Users.Administration;

namespace Latchkey.Cli.Commands;

/// <summary>latchkey user second-factors and latchkey user reset-second-factor.</summary>
public static class SecondFactorCommands
{
    public static Command Show(UserLookup lookup)
    {
        var json = LatchkeyCommand.JsonOption();
        var command = new Command("second-factors", "Show a user's second factors, recovery codes left and remembered devices.")
        {
            lookup.AppId,
            lookup.User,
            json,
        };
        command.SetHandler(async context =>
        {
            if (await lookup.Find(context) is not var (application, user))
            {
                return 1;
            }

            var answer = SecondFactorsAnswer.From(
                application,
                user,
                await context.Get<UserSecondFactors>().Find(application.Settings, user)
            );
            await context.Output.WriteLineAsync(
                context.Parsed.GetValue(json)
                    ? JsonSerializer.Serialize(answer, TwoFactorJson.Default.SecondFactorsAnswer)
                    : string.Join('\n', Lines(answer))
            );
            return 0;
        });
        return command;
    }

    public static Command Reset(UserLookup lookup)
    {
        var command = new Command(
            "reset-second-factor",
            "Switch a user's second factors off, for a user who lost them. Recovery codes, remembered devices and passkeys that count as "
                + "factors end, and the user is told by mail."
        )
        {
            lookup.AppId,
            lookup.User,
        };
        command.SetHandler(async context =>
        {
            if (await lookup.Find(context) is not var (application, user))
            {
                return 1;
            }

            var done = await context.Get<UserSecondFactors>().Reset(application, user, Actor.CommandLine);
            return await context.End(done);
        });
        return command;
    }

    private static IEnumerable<string> Lines(SecondFactorsAnswer answer) =>
        [
            $"{"factors", -20}  {(answer.Methods.Count > 0 ? string.Join(", ", answer.Methods) : "none")}",
            $"{"recovery codes left", -20}  {answer.RecoveryCodesLeft}",
            .. answer.RememberedDevices.Select(device =>
                $"{"remembered device", -20}  {device.CreatedAt} to {device.ExpiresAt}  {device.Client}  {device.DeviceName}"
            ),
        ];
}
