using System.Globalization;
using Latchkey.Activity.Audit;
using Latchkey.Api.Sessions;
using Latchkey.Core;
using Latchkey.Messages.Outbox;
using Latchkey.Portal.Messages;
using Latchkey.Users.Sessions;
using Latchkey.Users.Timeline;

namespace Latchkey.Portal.Users;

/// <summary>The events of a user's timeline as sentences for support. Nothing secret is in what they are made of.</summary>
public static class TimelineTexts
{
    public static IReadOnlyList<(string Value, string Text)> Kinds { get; } =
    [
        ("", "everything"),
        (TimelineKind.Sessions, "sign-ins and sessions"),
        (TimelineKind.Refused, "refused calls"),
        (TimelineKind.Done, "changes"),
        (TimelineKind.Messages, "mails and SMS"),
    ];

    /// <summary>What happened, as one sentence without the full stop.</summary>
    public static string Describe(TimelineEvent happened) =>
        happened switch
        {
            { Session: { } session, End: { } end } => Ended(session, end),
            { Session: { } session } => SignedIn(session),
            { Message: { } message } => Sent(message),
            { Call: { } call } => Called(call),
            _ => throw new ArgumentException("an event of no kind", nameof(happened)),
        };

    /// <summary>The word in the badge, by which the badge has its colour.</summary>
    public static string Badge(TimelineEvent happened) =>
        happened switch
        {
            { End: not null } => "ended",
            { Session: not null } => "signed in",
            { Message: { } message } => DeliveryLog.StatusText(message.Status),
            { Call.Code: 0 } => "done",
            _ => "refused",
        };

    private static string SignedIn(Session session)
    {
        var methods = UserTexts.Methods(session);
        return $"Signed in{(methods.Length > 0 ? $" with {methods}" : "")}{From(session.Client)}, {UserTexts.Device(session)}";
    }

    private static string Ended(Session session, SessionEnd end) =>
        $"Session on {UserTexts.Device(session)} ended: {SessionEndTexts.Describe(end.Reason)}{From(end.Client)}";

    private static string Sent(DeliveryLine message)
    {
        var name = $"{(message.Channel == MessageChannel.Sms ? "SMS" : "Mail")} “{TemplateDescription.ForKind(message.Kind).Title}”";
        var answer = message.Answer is { Length: > 0 } said ? $": {said}" : "";
        return message.Status switch
        {
            MessageStatus.Sent => $"{name} accepted by the provider{answer}",
            MessageStatus.Failed => $"{name} not delivered{answer}",
            MessageStatus.Expired => $"{name} not delivered: its code expired before a provider took it{answer}",
            MessageStatus.Mailbox => $"{name} not sent: no provider is set up, so it is in the mailbox",
            _ => $"{name} waits to be sent{(message.Attempts > 0 ? $", tried {Times(message.Attempts)}" : "")}{answer}",
        };
    }

    private static string Called(LogLine call)
    {
        var by = call.Actor == AuditEntry.ByUser ? "" : $" by {(call.Actor == AuditEntry.ByServer ? "your server" : call.Actor)}";
        var times = call.Count > 1 ? $", {Times(call.Count)} within a minute" : "";
        var what =
            call.Code == 0
                ? $"{ActionTexts.Done(call.Action)}{(call.Detail.Length > 0 ? $" ({call.Detail})" : "")}"
                : $"{ActionTexts.Name(call.Action)} refused: {Reason(call)} ({call.Code.ToString(CultureInfo.InvariantCulture)})";
        return $"{what}{by}{From(call.Client)}{times}";
    }

    /// <summary>A login of a user who is there fails with 600 for one reason only, unless the log has another.</summary>
    private static string Reason(LogLine call) =>
        call is { Action: "login", Detail.Length: 0 } && call.Code == ErrorCodes.InvalidCredentials.Code ? "wrong password"
        : call.Detail.Length > 0 ? call.Detail
        : ErrorCodes.Meaning(call.Code);

    private static string From(string client) => client.Length > 0 ? $" from {client}" : "";

    private static string Times(int count) => count == 1 ? "once" : $"{count.ToString(CultureInfo.InvariantCulture)} times";
}
