using System.Text;

namespace Latchkey.Operations.UserTransfer;

/// <summary>Refuses invalid UTF-16 and UTF-32, in place of substituting characters.</summary>
public sealed class DamagedTextFallback : DecoderFallback
{
    public override int MaxCharCount => 0;

    public override DecoderFallbackBuffer CreateFallbackBuffer() => new Refusal();

    private sealed class Refusal : DecoderFallbackBuffer
    {
        public override int Remaining => 0;

        public override bool Fallback(byte[] bytesUnknown, int index) =>
            throw new UnreadableSourceException("The file is damaged: it is marked as UTF-16 or UTF-32, but its text is not valid.");

        public override char GetNextChar() => '\0';

        public override bool MovePrevious() => false;
    }
}
