using Latchkey.Core;

namespace Latchkey.Messages.Outbox;

/// <summary>A filter for the delivery log. Empty values do not filter.</summary>
public sealed record DeliveryFilter
{
    private const int MaxTextLength = 300;
    private static readonly string[] Statuses =
    [
        "",
        MessageStatus.Pending,
        MessageStatus.Sent,
        MessageStatus.Failed,
        MessageStatus.Expired,
        MessageStatus.Mailbox,
    ];
    private static readonly string[] Channels = ["", MessageChannel.Email, MessageChannel.Sms];

    /// <summary>A <see cref="MessageStatus"/>.</summary>
    public string Status { get; init; } = "";

    /// <summary>A <see cref="MessageChannel"/>.</summary>
    public string Channel { get; init; } = "";

    /// <summary>A <see cref="MessageKind"/>.</summary>
    public string Kind { get; init; } = "";

    /// <summary>An e-mail address or phone number, as typed.</summary>
    public string Recipient { get; init; } = "";

    public DayRange Days { get; init; } = DayRange.All;

    public bool IsEmpty => this == new DeliveryFilter();

    /// <summary>The filter as a URL query string; <see cref="Read"/> parses it.</summary>
    public string Query =>
        string.Join(
            '&',
            new (string Name, string Value)[]
            {
                ("status", Status),
                ("channel", Channel),
                ("kind", Kind),
                ("recipient", Recipient),
                ("from", Days.FirstText),
                ("to", Days.LastText),
            }
                .Where(pair => pair.Value.Length > 0)
                .Select(pair => $"{pair.Name}={Uri.EscapeDataString(pair.Value)}")
        );

    /// <summary>Parses a query string. 602 for invalid values; the message says what to do about each.</summary>
    public static Result<DeliveryFilter> Read(Func<string, string> parameter)
    {
        var filter = new DeliveryFilter
        {
            Status = parameter("status"),
            Channel = parameter("channel"),
            Kind = parameter("kind").Trim(),
            Recipient = parameter("recipient").Trim(),
        };
        var days = DayRange.Parse(parameter("from"), parameter("to"));
        string?[] problems =
        [
            days.Error?.Message,
            Statuses.Contains(filter.Status, StringComparer.Ordinal) && Channels.Contains(filter.Channel, StringComparer.Ordinal)
                ? null
                : "Choose a status and a channel from the lists.",
            new[] { filter.Kind, filter.Recipient }.Any(text => text.Length > MaxTextLength || !Field.IsStorable(text))
                ? "Enter a valid address and kind."
                : null,
        ];
        return problems.OfType<string>().ToList() is { Count: > 0 } all
            ? ErrorCodes.InvalidData with
            {
                Message = string.Join(" ", all),
            }
            : filter with
            {
                Days = days.Value ?? DayRange.All,
            };
    }
}
