using Latchkey.Api.Sessions;
using Latchkey.Applications.Settings;
using Latchkey.Users.Sessions;

namespace Latchkey.Tests.Api.Sessions;

/// <summary>docs/sessions.md says what the program does.</summary>
public sealed class SessionsDocumentTests
{
    private static readonly string Text = File.ReadAllText(Path.Combine(RepositoryPaths.Root, "docs", "sessions.md"));

    [Fact]
    public void Every_reason_why_a_session_ends_stands_in_it_with_its_message()
    {
        foreach (var reason in Enum.GetValues<SessionEndReason>())
        {
            Text.ShouldContain($"| `{SessionEnd.NameOf(reason)}` | {SessionEndTexts.Describe(reason)} |");
        }
    }

    [Fact]
    public void Its_defaults_are_those_of_a_new_application()
    {
        var settings = new ApplicationSettings();
        Text.ShouldContain($"| `tokenMinutes` | {settings.TokenMinutes} |");
        Text.ShouldContain($"| `sessionDays` | {settings.SessionDays} |");
        Text.ShouldContain($"| `sessionIdleDays` | {settings.SessionIdleDays} |");
        Text.ShouldContain($"| `refreshGraceSeconds` | {settings.RefreshGraceSeconds} |");
        Text.ShouldContain($"| `accessTokenExpiration` | {settings.AccessTokenExpiration} |");
        Text.ShouldContain($"| `userJWTExpiration` | {settings.UserJwtMinutes / 60} |");
    }
}
