using System.CommandLine;
using Latchkey.Cli;
using Latchkey.Cli.Commands;
using Latchkey.Hosting;

namespace Latchkey;

/// <summary>The commands. What the server is made of stands in Hosting/LatchkeyServer.cs.</summary>
public static class Program
{
    /// <summary>Each is made once, because options that several commands share remember every command that they were given to.</summary>
    private static readonly Lazy<RootCommand> Root = new(Commands);

    /// <summary>A server starts faster without the other commands.</summary>
    private static readonly Lazy<RootCommand> ServeAlone = new(() =>
        new(LatchkeyCommand.Purpose) { InstallationOptions.Data, InstallationOptions.Database, ServeCommand.Create(WebServer.Run) }
    );

    public static Task<int> Main(string[] args) => Run(args, TerminalWriter.Output(), TerminalWriter.Error());

    /// <summary>The server ends by itself when it is told to, in its own time; System.CommandLine would give it two seconds.</summary>
    public static Task<int> Run(IReadOnlyList<string> arguments, TextWriter output, TextWriter error) =>
        (arguments is ["serve", ..] ? ServeAlone : Root)
            .Value.Parse(arguments)
            .InvokeAsync(
                new InvocationConfiguration
                {
                    Output = output,
                    Error = error,
                    ProcessTerminationTimeout = null,
                }
            );

    public static RootCommand Commands() =>
        new(LatchkeyCommand.Purpose)
        {
            InstallationOptions.Data,
            InstallationOptions.Database,
            ServeCommand.Create(WebServer.Run),
            BackupCommands.Backup(),
            BackupCommands.Restore(),
            DoctorCommand.Create(),
            MaintenanceCommands.Migrate(),
            MaintenanceCommands.Version(),
            OperatorCommands.Create(),
            DeveloperCommands.Create(),
            ApplicationCommands.Create(
                MemberCommands.Create(),
                DomainCommands.Create(),
                BrandingCommands.Create(),
                SigningKeyCommands.Create(),
                AppTokenCommands.Create(),
                AppSecretCommands.Create(),
                CosyncCommands.Import(),
                CosyncCommands.LegacyTokens()
            ),
            ClientCommands.Create(),
            ProviderCommands.Create(),
            ResourceCommands.Create(),
            BillingCommands.Create(),
            KeyRingCommands.Create(),
            InstallationCommands.Create(),
            LimitCommands.Create(),
            UserCommands.Create(ImportCommand.Create(), ExportCommand.Create()),
            MailboxCommand.Create(),
            LogCommand.Create(),
            TemplateCommands.Create(),
            StorageCommands.Create(),
        };
}
