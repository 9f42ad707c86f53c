using System.Text;

namespace Latchkey.Cli;

/// <summary>Lets what is written as UTF-8 go to a text writer, which may escape it.</summary>
public sealed class TextWriterStream(TextWriter writer) : WriteOnlyStream
{
    private readonly Decoder decoder = Encoding.UTF8.GetDecoder();

    public override void Write(byte[] buffer, int offset, int count)
    {
        var text = new char[decoder.GetCharCount(buffer, offset, count)];
        writer.Write(text, 0, decoder.GetChars(buffer, offset, count, text, 0));
    }

    public override void Flush() => writer.Flush();
}
