using System.Globalization;
using System.Text;

namespace Latchkey.Cli;

/// <summary>
/// The output of commands. Names and messages of strangers must not command the terminal they are shown on, so control characters, and
/// marks that change the direction of text, are written as escapes. Output that goes elsewhere is treated alike, because it is shown later.
/// </summary>
public sealed class TerminalWriter(TextWriter inner, bool isTerminal) : TextWriter(CultureInfo.InvariantCulture)
{
    /// <summary>Whether a person sees the output at once.</summary>
    public bool IsTerminal => isTerminal;

    public override Encoding Encoding => inner.Encoding;

    public static TerminalWriter Output() => new(Open(StandardStream.Output()), !Console.IsOutputRedirected);

    public static TerminalWriter Error() => new(Open(StandardStream.Error()), !Console.IsErrorRedirected);

    /// <summary>Writes text of Latchkey's own that may move the cursor.</summary>
    public void WriteRaw(string text) => inner.Write(text);

    public override void Write(char value) => Write([value]);

    public override void Write(string? value) => Write(value.AsSpan());

    public override void Write(char[] buffer, int index, int count) => Write(buffer.AsSpan(index, count));

    public override void Write(ReadOnlySpan<char> buffer)
    {
        var clean = 0;
        for (var i = 0; i < buffer.Length; i++)
        {
            if (IsHarmless(buffer, i))
            {
                continue;
            }

            inner.Write(buffer[clean..i]);
            inner.Write(string.Create(CultureInfo.InvariantCulture, $"\\u{(int)buffer[i]:x4}"));
            clean = i + 1;
        }

        inner.Write(buffer[clean..]);
    }

    public override void WriteLine(string? value)
    {
        Write(value);
        inner.WriteLine();
    }

    public override Task WriteLineAsync(string? value)
    {
        WriteLine(value);
        return Task.CompletedTask;
    }

    public override Task WriteAsync(string? value)
    {
        Write(value);
        return Task.CompletedTask;
    }

    public override void Flush() => inner.Flush();

    public override Task FlushAsync() => inner.FlushAsync();

    private static bool IsHarmless(ReadOnlySpan<char> text, int i) =>
        text[i] switch
        {
            '\n' or '\t' => true,
            '\r' => i + 1 < text.Length && text[i + 1] == '\n',
            '\u2028' or '\u2029' => false, // line and paragraph separator
            (>= '\u202A' and <= '\u202E') or (>= '\u2066' and <= '\u2069') => false, // direction of text
            var other => !char.IsControl(other),
        };

    private static StreamWriter Open(Stream stream) =>
        new(stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false)) { AutoFlush = true };
}
