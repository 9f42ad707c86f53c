using System.Runtime.InteropServices;

namespace Latchkey.Cli;

/// <summary>
/// Standard output or standard error. Unlike the console's stream it does not pass over a pipe that nobody reads, so a command learns that
/// its answer is lost.
/// </summary>
public sealed partial class StandardStream : WriteOnlyStream
{
    private const int Interrupted = 4; // EINTR
    private const int OutputDescriptor = 1;
    private const int ErrorDescriptor = 2;

    private readonly int descriptor;

    private StandardStream(int descriptor) => this.descriptor = descriptor;

    public static Stream Output() => OperatingSystem.IsWindows() ? Console.OpenStandardOutput() : new StandardStream(OutputDescriptor);

    public static Stream Error() => OperatingSystem.IsWindows() ? Console.OpenStandardError() : new StandardStream(ErrorDescriptor);

    /// <exception cref="IOException">Nobody reads the output, or its disk is full.</exception>
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        while (buffer.Length > 0)
        {
            var written = Write(descriptor, buffer, (nuint)buffer.Length);
            if (written >= 0)
            {
                buffer = buffer[(int)written..];
            }
            else if (Marshal.GetLastPInvokeError() != Interrupted)
            {
                throw new IOException($"The output cannot be written: {Marshal.GetLastPInvokeErrorMessage()}.");
            }
        }
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Flush()
    {
        // Nothing is buffered.
    }

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    private static partial nint Write(int descriptor, ReadOnlySpan<byte> buffer, nuint count);
}
