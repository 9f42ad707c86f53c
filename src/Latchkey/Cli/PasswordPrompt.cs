using System.Text;
using Latchkey.Core;

namespace Latchkey.Cli;

/// <summary>Reads passwords from a prompt or standard input, never from an argument, because the process list shows arguments.</summary>
public static class PasswordPrompt
{
    private const int MaxLineLength = 4096;

    /// <summary>One line of standard input, or a password typed twice without echo. Null if there is none or the two differ.</summary>
    /// <exception cref="IOException">It is not UTF-8.</exception>
    public static async Task<string?> Read(CommandContext context, bool fromStdin)
    {
        if (fromStdin || Console.IsInputRedirected)
        {
            return ReadLine(Console.In)?.TrimEnd('\r') is { Length: > 0 } line ? RequireUtf8(line) : null;
        }

        var first = await Ask(context.Error, "Password: ");
        var second = await Ask(context.Error, "Again: ");
        return first.Length > 0 && first == second ? RequireUtf8(first) : null;
    }

    /// <summary>The first line; null if it is too long for a password.</summary>
    private static string? ReadLine(TextReader input)
    {
        var line = new StringBuilder();
        while (input.Read() is >= 0 and not '\n' and var next)
        {
            if (line.Length == MaxLineLength)
            {
                return null;
            }

            line.Append((char)next);
        }

        return line.ToString();
    }

    private static string RequireUtf8(string password) =>
        StrictUtf8.IsDamaged(password) ? throw new IOException("the password is not UTF-8.") : password;

    private static async Task<string> Ask(TextWriter prompt, string question)
    {
        await prompt.WriteAsync(question);
        var typed = new StringBuilder();
        while (Console.ReadKey(intercept: true) is var key && key.Key != ConsoleKey.Enter)
        {
            if (key.Key == ConsoleKey.Backspace)
            {
                typed.Length = Math.Max(0, typed.Length - 1);
            }
            else if (!char.IsControl(key.KeyChar))
            {
                typed.Append(key.KeyChar);
            }
        }

        await prompt.WriteLineAsync();
        return typed.ToString();
    }
}
