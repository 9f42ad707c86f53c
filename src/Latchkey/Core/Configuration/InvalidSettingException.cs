namespace Latchkey.Core.Configuration;

/// <summary>An installation's setting that cannot work; the message says what to change.</summary>
public sealed class InvalidSettingException(string message) : Exception(message);
