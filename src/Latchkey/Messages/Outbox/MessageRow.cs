namespace Latchkey.Messages.Outbox;

/// <summary>A message as stored.</summary>
public sealed record MessageRow
{
    public string Id { get; init; } = "";

    /// <summary>The application it is sent for; null for the portal's own mails.</summary>
    public string? AppId
    {
        get;
        init => field = value is { Length: > 0 } ? value : null;
    }

    /// <summary>The column app_id, which is never null: empty for the portal's own mails.</summary>
    public string StoredAppId => AppId ?? "";

    /// <summary>email or sms.</summary>
    public string Channel { get; init; } = MessageChannel.Email;

    public string Recipient { get; init; } = "";

    /// <summary>A <see cref="MessageKind"/>.</summary>
    public string Kind { get; init; } = "";

    /// <summary>A <see cref="MessageStatus"/>.</summary>
    public string Status { get; init; } = MessageStatus.Pending;

    public string? BodySealed { get; init; }

    public int Attempts { get; init; }

    /// <summary>When it is due, or until when it is leased; meaningless once sent or failed.</summary>
    public long NextAttemptAt { get; init; }

    /// <summary>The provider's last response.</summary>
    public string? Answer { get; init; }

    public long CreatedAt { get; init; }

    public long? SentAt { get; init; }

    /// <summary>When its code or link expires; it is not sent after that. Null for a message without either.</summary>
    public long? ExpiresAt { get; init; }
}
