using Latchkey.Core.Configuration;
using Latchkey.Cryptography;

namespace Latchkey.Operations.KeyRotation;

/// <summary>Adds keys to the key ring. A new key becomes active only after a delay, when every node has loaded it.</summary>
public sealed class KeyRingRotation(KeyFolder folder, KeyRing ring, TimeProvider clock)
{
    /// <summary>Enough when all servers share the folder, which they poll every second.</summary>
    public static readonly TimeSpan SharedFolderDelay = TimeSpan.FromMinutes(1);

    /// <summary>Enough to copy a file to every node or into a mounted secret, and for platforms to refresh the mount.</summary>
    public static readonly TimeSpan ManualCopyDelay = TimeSpan.FromHours(1);

    /// <summary>Creates a key that becomes active after this time. Returns its id and file.</summary>
    /// <param name="elsewhere">Another folder than the key ring's, for a key to be copied manually.</param>
    /// <exception cref="InvalidSettingException">The folder is not writable.</exception>
    public (string Id, string File) Rotate(TimeSpan after, KeyFolder? elsewhere = null)
    {
        // Ids must sort by age even if the clock was set back
        var (wanted, next) = (clock.GetUtcNow() + after, ring.Keys[0].ActiveFrom.AddSeconds(1));
        var target = elsewhere ?? folder;
        var id = target.Create(wanted > next ? wanted : next);
        ring.Reload();
        return (id, target.FileOf(id));
    }
}
