namespace Latchkey.Core;

/// <summary>
/// A folder for copies of files with secrets, which only its owner can enter. It and its content are deleted on dispose, and when a signal
/// ends the process.
/// </summary>
public sealed class TemporaryFolder : IDisposable
{
    private readonly InterruptionCleanup cleanup;

    /// <summary>Creates the folder <c>NAME.RANDOM</c>.</summary>
    /// <param name="parent">The folder to create it in. Not /tmp, which may be small or in memory.</param>
    /// <param name="name">What the folder is for.</param>
    /// <exception cref="IOException">It cannot be created.</exception>
    public TemporaryFolder(string parent, string name)
    {
        FullPath = Path.Combine(Path.GetFullPath(parent), $"{name}.{Path.GetRandomFileName()}");
        cleanup = new InterruptionCleanup(Delete);
        OwnerOnlyFolder.Create(FullPath);
    }

    public string FullPath { get; }

    public void Dispose()
    {
        cleanup.Dispose();
        Delete();
    }

    private void Delete()
    {
        if (Directory.Exists(FullPath))
        {
            Directory.Delete(FullPath, recursive: true);
        }
    }
}
