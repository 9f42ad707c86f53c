using Latchkey.Operations.FirstSteps;

namespace Latchkey.Portal.FirstSteps;

/// <summary>A line of the checklist.</summary>
/// <param name="Title">What to do; the link's text.</param>
/// <param name="IsDone">Whether it is done, from facts.</param>
/// <param name="Text">One sentence.</param>
/// <param name="Address">The page below the application's address where it is done.</param>
/// <param name="IsOptional">The first login does not need it.</param>
public sealed record FirstStep(string Title, bool IsDone, string Text, string Address, bool IsOptional = false)
{
    public static IReadOnlyList<FirstStep> Of(FirstStepFacts facts) =>
        [
            new("Put the App Token into your app", facts.HasCall, "Copy a small client for your language. It has the token.", "/keys/code"),
            new("Sign up the first user", facts.HasSignup, "Call signup in your app, or paste the command for curl.", "/users/signups"),
            new(
                "Enter the code",
                facts.HasUser,
                facts.HasMailProvider
                    ? "The server mails it. Send it with completeSignup."
                    : "No mail provider is set up yet, so the code is in the built-in mailbox. Send it with completeSignup.",
                facts.HasMailProvider ? "/logs/messages" : "/mailbox"
            ),
            new("Log in", facts.HasLogin, "Call login with handle and password. The answer has the user's tokens.", "/keys/code#use"),
            new(
                "Set up a mail provider",
                facts.HasMailProvider,
                "Until then, codes and links reach nobody but the mailbox.",
                "/settings/messages",
                IsOptional: true
            ),
            new("Add a domain", facts.HasDomain, "Hosted pages and tokens then have your own name.", "/domains", IsOptional: true),
            new("Invite members", facts.HasMembers, "Others can look after the application with you.", "/members", IsOptional: true),
        ];
}
