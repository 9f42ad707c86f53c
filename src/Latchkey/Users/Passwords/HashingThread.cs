using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Latchkey.Users.Passwords;

/// <summary>The calling thread's priority and processor time, as Linux has them for each thread.</summary>
internal static partial class HashingThread
{
    private const int NiceIncrement = 2;
    private const int MaxNice = 19;
    private const int ThreadProcessorClock = 3; // CLOCK_THREAD_CPUTIME_ID

    /// <summary>Lets threads of normal priority go first. Does nothing where a priority is not each thread's own.</summary>
    public static void LowerPriority()
    {
        if (OperatingSystem.IsLinux())
        {
            // "This process" (0, 0) means this thread. A failure only reduces fairness.
            _ = SetPriority(0, 0, Math.Min(MaxNice, GetPriority(0, 0) + NiceIncrement));
        }
    }

    /// <summary>
    /// The time that the thread has run so far. It does not pass while the thread waits for a processor. Elsewhere than on Linux, elapsed
    /// time, which does.
    /// </summary>
    public static TimeSpan ProcessorTime() =>
        OperatingSystem.IsLinux() && Time(ThreadProcessorClock, out var time) == 0
            ? TimeSpan.FromSeconds(time.Seconds) + TimeSpan.FromMicroseconds(time.Nanoseconds / 1000)
            : Stopwatch.GetElapsedTime(0);

    [LibraryImport("libc", EntryPoint = "setpriority")]
    private static partial int SetPriority(int which, uint who, int priority);

    [LibraryImport("libc", EntryPoint = "getpriority")]
    private static partial int GetPriority(int which, uint who);

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    private static partial int Time(int clock, out TimeSpec time);

    /// <summary>struct timespec of 64-bit systems.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private readonly struct TimeSpec
    {
        public readonly long Seconds;
        public readonly long Nanoseconds;
    }
}
