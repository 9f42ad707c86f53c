using System.CommandLine;
using Latchkey.Accounts;
using Latchkey.Applications;

namespace Latchkey.Cli.Commands;

/// <summary>latchkey operator …</summary>
public static class OperatorCommands
{
    public static Command Create() =>
        new("operator", "Manage the accounts of operators.")
        {
            DeveloperCommands.CreateAccount("Create an account that can do everything in the portal.", _ => Role.Operator),
        };
}
