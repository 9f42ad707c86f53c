using System.CommandLine;
using Latchkey.Applications;
using Latchkey.Users;

namespace Latchkey.Cli.Commands;

/// <summary>The arguments that name a user, and who they name.</summary>
/// <param name="Find">Null when there is no such user; then the error is written.</param>
public sealed record UserLookup(
    Argument<string> AppId,
    Argument<string> User,
    Func<CommandContext, Task<(Application Application, User User)?>> Find
);
