namespace Latchkey.Core.Configuration;

/// <summary>Reads a secret from a file named by a variable, as mounted by container platforms.</summary>
public static class SecretFile
{
    private const int MaxBytes = 64 * 1024;

    /// <summary>The file's text without a final line break.</summary>
    /// <exception cref="InvalidSettingException">The file cannot be read, is empty, or is longer than 64 KiB.</exception>
    public static string Read(string path)
    {
        try
        {
            return InputFile.ReadText(path, MaxBytes).TrimEnd('\r', '\n') is { Length: > 0 } secret
                ? secret
                : throw new InvalidSettingException($"{path} is empty. It must contain a secret.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InvalidSettingException($"{path} cannot be read: {e.Message}");
        }
    }
}
