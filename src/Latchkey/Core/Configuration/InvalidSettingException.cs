namespace Latchkey.Core.Configuration;

/// <summary>An invalid setting; the message says what to change.</summary>
public sealed class InvalidSettingException(string message) : Exception(message);
