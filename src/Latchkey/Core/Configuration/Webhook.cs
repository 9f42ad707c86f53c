namespace Latchkey.Core.Configuration;

/// <summary>Any HTTP service: gets the message as JSON, signed with the shared secret.</summary>
public sealed record Webhook(Uri Url, string Secret) : MessageProvider;
