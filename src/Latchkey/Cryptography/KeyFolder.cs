using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Latchkey.Core.Configuration;

namespace Latchkey.Cryptography;

/// <summary>
/// The folder of the key ring: one file <c>ID.key</c> per key, in base64 or encrypted under a passphrase. It may be a read-only mount:
/// only creating and encrypting keys writes to it.
/// </summary>
public sealed partial class KeyFolder(string path, string? passphrase = null)
{
    private const int KeyBytes = 32;
    private const string Extension = ".key";
    private const int Writable = 2; // W_OK of access(2)
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const UnixFileMode GroupAndOthers =
        UnixFileMode.GroupRead
        | UnixFileMode.GroupWrite
        | UnixFileMode.GroupExecute
        | UnixFileMode.OtherRead
        | UnixFileMode.OtherWrite
        | UnixFileMode.OtherExecute;

    private readonly Passphrase? passphrase = passphrase is null ? null : new(passphrase);

    public string Path { get; } = System.IO.Path.GetFullPath(path);

    public string FileOf(string id) => System.IO.Path.Combine(Path, id + Extension);

    /// <summary>Reads the keys of the folder that are not in <paramref name="known"/>.</summary>
    /// <exception cref="InvalidSettingException">A file is not a key, or its passphrase is missing or wrong.</exception>
    public IReadOnlyList<RootKey> Read(IReadOnlyCollection<string> known) =>
        Directory.Exists(Path)
            ? [.. Ids().Where(id => !known.Contains(id, StringComparer.Ordinal)).Select(id => RootKey.Create(id, ReadSecret(id)))]
            : [];

    /// <summary>Creates a key that encrypts from this time on. Adds seconds until the time is unique.</summary>
    /// <exception cref="InvalidSettingException">The folder is not writable.</exception>
    public string Create(DateTimeOffset sealsFrom)
    {
        var secret = RandomNumberGenerator.GetBytes(KeyBytes);
        for (var time = sealsFrom; ; time = time.AddSeconds(1))
        {
            var id = RootKey.IdAt(time);
            if (TryWrite(id, Text(id, secret, passphrase), overwrite: false))
            {
                return id;
            }
        }
    }

    /// <summary>Creates the first key. Of concurrent first starts, only one creates it.</summary>
    /// <exception cref="InvalidSettingException">The folder is not writable.</exception>
    public void CreateFirst(DateTimeOffset now)
    {
        var id = RootKey.IdAt(now);
        TryWrite(id, Text(id, RandomNumberGenerator.GetBytes(KeyBytes), passphrase), overwrite: false, onlyFirst: true);
    }

    /// <summary>Re-encrypts every key file under another passphrase, or under this folder's own. Returns how many.</summary>
    /// <exception cref="InvalidSettingException">The folder is not writable, or a key cannot be read.</exception>
    public int Encrypt(string? newPassphrase)
    {
        var under = newPassphrase is null ? passphrase : new Passphrase(newPassphrase);
        var keys = Ids().Select(id => (Id: id, Secret: ReadSecret(id))).ToList();
        foreach (var (id, secret) in keys)
        {
            TryWrite(
                id,
                Text(
                    id,
                    secret,
                    under
                        ?? throw new InvalidSettingException(
                            "Set LATCHKEY_KEYS_PASSPHRASE, or LATCHKEY_KEYS_PASSPHRASE_FILE, to the passphrase for the keys."
                        )
                ),
                overwrite: true
            );
        }

        return keys.Count;
    }

    /// <summary>Recommendations for the operator about the folder, in sentences.</summary>
    public IReadOnlyList<string> Warnings()
    {
        if (!HasKeys)
        {
            return [];
        }

        List<string> warnings =
        [
            .. Ids()
                .Where(_ => passphrase is not null)
                .Select(FileOf)
                .Where(file => !Passphrase.IsEncrypted(File.ReadAllText(file)))
                .Select(file => $"{file} is not encrypted, although a passphrase is set. Run latchkey keyring encrypt."),
        ];
        if (!OperatingSystem.IsWindows())
        {
            warnings.AddRange(
                Ids()
                    .Select(FileOf)
                    .Prepend(Path)
                    .Where(IsOpenToOthers)
                    .Select(open =>
                        IsReadOnly
                            ? $"{open} can be read by its group or by others, and this user cannot change that. Mount the secret "
                                + "for this user only (Kubernetes: defaultMode 0400). With fsGroup, its group can also read it, which "
                                + "is fine if nobody else is in that group."
                            : $"{open} can be read by other users of this machine: chmod go= {open}"
                    )
            );
        }

        return warnings;
    }

    /// <summary>Restores a key file of a backup.</summary>
    /// <exception cref="InvalidSettingException">The folder is not writable.</exception>
    public void Restore(string name, string text) =>
        TryWrite(System.IO.Path.GetFileNameWithoutExtension(name), text.Trim(), overwrite: false);

    /// <summary>Whether there is any key.</summary>
    public bool HasKeys => Directory.Exists(Path) && Ids().Any();

    /// <summary>Whether it is a read-only mount or owned by another user: its permissions are then managed elsewhere.</summary>
    public bool IsReadOnly => !OperatingSystem.IsWindows() && Access(Path, Writable) != 0;

    public bool IsEncrypted(string id) => Passphrase.IsEncrypted(File.ReadAllText(FileOf(id)));

    private IEnumerable<string> Ids() =>
        Directory
            .EnumerateFiles(Path, $"*{Extension}")
            .Select(file => System.IO.Path.GetFileNameWithoutExtension(file))
            .Order(StringComparer.Ordinal);

    private byte[] ReadSecret(string id)
    {
        var file = FileOf(id);
        if (RootKey.ParseTime(id) is null)
        {
            throw new InvalidSettingException(
                $"{file} does not have the name of a key. The name must be the time from which the key is active, such as "
                    + "20260131120000.key."
            );
        }

        var text = File.ReadAllText(file).Trim();
        if (Passphrase.IsEncrypted(text))
        {
            return passphrase is null
                ? throw new InvalidSettingException(
                    $"{file} is encrypted: set LATCHKEY_KEYS_PASSPHRASE, or LATCHKEY_KEYS_PASSPHRASE_FILE, to its passphrase."
                )
                : passphrase.Decrypt(id, text) ?? throw new InvalidSettingException($"The passphrase does not decrypt {file}.");
        }

        var secret = new byte[KeyBytes];
        return Convert.TryFromBase64String(text, secret, out var length) && length == KeyBytes
            ? secret
            : throw new InvalidSettingException($"{file} is not a key of {KeyBytes} bytes in base64.");
    }

    private static string Text(string id, byte[] secret, Passphrase? under) => under?.Encrypt(id, secret) ?? Convert.ToBase64String(secret);

    /// <summary>
    /// Writes a draft and renames it, so that nobody reads a partial key. False when the key exists and must not be replaced.
    /// </summary>
    private bool TryWrite(string id, string text, bool overwrite, bool onlyFirst = false)
    {
        var draft = System.IO.Path.Combine(Path, $".{id}.{Environment.ProcessId}");
        try
        {
            CreateOwnerOnly();
            WriteDraft(draft, text);
            if (!onlyFirst || !Ids().Any())
            {
                File.Move(draft, FileOf(id), overwrite);
            }

            return true;
        }
        catch (IOException) when (!overwrite && File.Exists(FileOf(id)))
        {
            return false;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InvalidSettingException(
                $"The key ring's folder {Path} cannot be written ({e.Message}). If it is a mounted secret, create the key in "
                    + "another folder (latchkey keyring rotate --to FOLDER) and add the file to the secret."
            );
        }
        finally
        {
            if (File.Exists(draft))
            {
                File.Delete(draft);
            }
        }
    }

    private static void WriteDraft(string draft, string text)
    {
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using var file = new FileStream(draft, options);
        file.Write(Encoding.ASCII.GetBytes(text + "\n"));
        file.Flush(flushToDisk: true);
    }

    private void CreateOwnerOnly()
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(Path);
        }
        else
        {
            Directory.CreateDirectory(Path, OwnerOnly);
        }
    }

    [System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
    private static bool IsOpenToOthers(string path)
    {
        var target = new FileInfo(path).ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? path;
        return (File.GetUnixFileMode(target) & GroupAndOthers) != UnixFileMode.None;
    }

    [LibraryImport("libc", EntryPoint = "access", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Access(string path, int mode);
}
