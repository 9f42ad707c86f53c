namespace Latchkey.Core.Configuration;

/// <summary>A mail server.</summary>
public sealed record SmtpServer(string Host, int Port, bool StartTls, string User, string Password, string From) : MessageProvider;
