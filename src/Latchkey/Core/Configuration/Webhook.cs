namespace Latchkey.Core.Configuration;

/// <summary>An HTTP service that receives messages as JSON, signed with the shared secret.</summary>
public sealed record Webhook(Uri Url, string Secret) : MessageProvider;
