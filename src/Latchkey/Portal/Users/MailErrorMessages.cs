using Latchkey.Core;

namespace Latchkey.Portal.Users;

/// <summary>Error messages for developers who manage users.</summary>
public static class MailErrorMessages
{
    /// <summary>Of a message that was not sent.</summary>
    public static string ForMail(Error refused) =>
        refused.Code switch
        {
            700 when refused.RetryAfter is { } wait =>
                $"Not sent: one address gets at most one mail per minute and five per hour. Try again in {FormatWait(wait)}.",
            700 => "Not sent: too many mails were sent. Try again later.",
            611 or 612 => "This user signs in with Apple or Google and has no password to reset.",
            406 => "Invitations are off in this application. Switch them on under JWT, Permissions.",
            _ => Sentence(refused.Message),
        };

    /// <summary>A time to wait, as people say it: seconds, then minutes.</summary>
    public static string FormatWait(TimeSpan wait) =>
        wait.TotalSeconds < 90
            ? $"{Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds))} seconds"
            : $"{(int)Math.Ceiling(wait.TotalMinutes)} minutes";

    private static string Sentence(string message) =>
        message.Length == 0 || message[^1] == '.' ? message : $"{char.ToUpperInvariant(message[0])}{message[1..]}.";
}
