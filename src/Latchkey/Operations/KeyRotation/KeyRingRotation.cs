using Latchkey.Core.Configuration;
using Latchkey.Cryptography;

namespace Latchkey.Operations.KeyRotation;

/// <summary>Adds keys to the ring. A new key seals only some time after it was made, when every node has seen it.</summary>
public sealed class KeyRingRotation(KeyFolder folder, KeyRing ring, TimeProvider clock)
{
    /// <summary>Enough for a server that has the folder: it looks every second.</summary>
    public static readonly TimeSpan SharedFolderDelay = TimeSpan.FromMinutes(1);

    /// <summary>Enough to bring a file to every node or into a mounted secret, and for platforms to mount it anew.</summary>
    public static readonly TimeSpan ManualCopyDelay = TimeSpan.FromHours(1);

    /// <summary>Makes a key that seals after this time; its id, and the file that holds it.</summary>
    /// <param name="elsewhere">Another folder than the ring's, for a key that somebody carries to it.</param>
    /// <exception cref="InvalidSettingException">The folder cannot be written.</exception>
    public (string Id, string File) Rotate(TimeSpan after, KeyFolder? elsewhere = null)
    {
        // Ids must sort by age whatever the clock says
        var (wanted, next) = (clock.GetUtcNow() + after, ring.Keys[0].ActiveFrom.AddSeconds(1));
        var target = elsewhere ?? folder;
        var id = target.Create(wanted > next ? wanted : next);
        ring.Reload();
        return (id, target.FileOf(id));
    }
}
