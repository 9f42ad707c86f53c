namespace Latchkey.Messages.Outbox;

/// <summary>A file that comes with a mail.</summary>
/// <param name="Name">The file's name: letters, digits, points and hyphens.</param>
/// <param name="ContentType">Such as <c>application/pdf</c>.</param>
/// <param name="Content">The file in base64.</param>
public sealed record MailAttachment(string Name, string ContentType, string Content);
