using System.Runtime.InteropServices;

namespace Latchkey.Core;

/// <summary>
/// Deletes what must not stay when a signal (Ctrl+C, kill, a closed terminal) ends the process, which then runs no finally blocks. Dispose
/// it when the work is done.
/// </summary>
public sealed class InterruptionCleanup : IDisposable
{
    private static readonly PosixSignal[] Signals = [PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP];

    private readonly PosixSignalRegistration[] registrations;

    /// <param name="delete">Runs on another thread, while the work may still go on.</param>
    public InterruptionCleanup(Action delete) =>
        registrations = [.. Signals.Select(signal => PosixSignalRegistration.Create(signal, _ => delete()))];

    public void Dispose() => Array.ForEach(registrations, registration => registration.Dispose());
}
