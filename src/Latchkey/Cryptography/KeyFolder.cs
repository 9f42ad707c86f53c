using System.Security.Cryptography;
using System.Text;
using Latchkey.Core;
using Latchkey.Core.Configuration;

namespace Latchkey.Cryptography;

/// <summary>
/// The folder of the key ring: one file <c>ID.key</c> per key, in base64 or encrypted under a passphrase. It may be a read-only mount:
/// only creating and encrypting keys writes to it.
/// </summary>
public sealed class KeyFolder(string path, string? passphrase = null)
{
    private const int KeyBytes = 32;
    private const string Extension = ".key";
    private const int MaxFileBytes = 4096;
    private const UnixFileMode GroupAndOthers =
        UnixFileMode.GroupRead
        | UnixFileMode.GroupWrite
        | UnixFileMode.GroupExecute
        | UnixFileMode.OtherRead
        | UnixFileMode.OtherWrite
        | UnixFileMode.OtherExecute;

    private readonly Passphrase? passphrase = passphrase is null ? null : new(passphrase);

    public string Path { get; } = FilePath.Parse(path, "The folder of the key ring");

    public string FileOf(string id) => System.IO.Path.Combine(Path, id + Extension);

    /// <summary>Reads the keys of the folder that are not in <paramref name="known"/>.</summary>
    /// <exception cref="InvalidSettingException">A file is not a key, or its passphrase is missing or wrong.</exception>
    public IReadOnlyList<RootKey> Read(IReadOnlyCollection<string> known) =>
        [.. Ids().Where(id => !known.Contains(id, StringComparer.Ordinal)).Select(id => Parse(id, Text(id), FileOf(id)))];

    /// <summary>Creates a key that encrypts from this time on. Adds seconds until the time is unique.</summary>
    /// <exception cref="InvalidSettingException">The folder is not writable.</exception>
    public string Create(DateTimeOffset sealsFrom)
    {
        var secret = RandomNumberGenerator.GetBytes(KeyBytes);
        for (var time = sealsFrom; ; time = time.AddSeconds(1))
        {
            var id = RootKey.IdAt(time);
            if (TryWrite(id, Format(id, secret, passphrase)))
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
        TryWrite(id, Format(id, RandomNumberGenerator.GetBytes(KeyBytes), passphrase), onlyFirst: true);
    }

    /// <summary>
    /// Re-encrypts every key file under another passphrase, or under this folder's own. All are written before the first is replaced: a
    /// ring under two passphrases opens with neither. If the process dies all the same, a repetition completes the change. Returns how
    /// many.
    /// </summary>
    /// <exception cref="InvalidSettingException">The folder is not writable, or a key cannot be read.</exception>
    public int Encrypt(string? newPassphrase)
    {
        var under =
            (newPassphrase is null ? passphrase : new Passphrase(newPassphrase))
            ?? throw new InvalidSettingException(
                "Set LATCHKEY_KEYS_PASSPHRASE, or LATCHKEY_KEYS_PASSPHRASE_FILE, to the passphrase for the keys."
            );
        var keys = Ids().Select(id => ReadEither(id, under)).ToList();
        var files = new List<OutputFile>();
        try
        {
            foreach (var key in keys)
            {
                files.Add(OutputFile.Create(FileOf(key.Id), overwrite: true));
                files[^1].Content.Write(Encoding.ASCII.GetBytes(Format(key.Id, key.Secret, under) + "\n"));
                files[^1].Content.Flush(flushToDisk: true);
            }

            files.ForEach(file => file.Publish());
            return files.Count;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw NotWritable(e.Message);
        }
        finally
        {
            files.ForEach(file => file.Dispose());
        }
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
                .Where(id => passphrase is not null && !IsEncrypted(id))
                .Select(FileOf)
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

    /// <summary>Writes a key file of a backup. A key that is there stays as it is.</summary>
    /// <exception cref="InvalidSettingException">The folder is not writable.</exception>
    public void Restore(string id, string text) => TryWrite(id, text);

    /// <summary>Creates the folder if it is missing.</summary>
    /// <exception cref="InvalidSettingException">The folder is not writable.</exception>
    public void RequireWritable()
    {
        try
        {
            OwnerOnlyFolder.Create(Path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw NotWritable(e.Message);
        }

        if (!FileAccessRights.CanWrite(Path))
        {
            throw NotWritable("this user may not write there, or the file system is read-only");
        }
    }

    /// <summary>Whether there is any key.</summary>
    public bool HasKeys => Ids().Any();

    /// <summary>Whether it is a read-only mount or owned by another user: its permissions are then managed elsewhere.</summary>
    public bool IsReadOnly => !FileAccessRights.CanWrite(Path);

    public bool IsEncrypted(string id) => Passphrase.IsEncrypted(Text(id));

    /// <summary>The text of a key file: base64, or encrypted under a passphrase.</summary>
    public string Text(string id) => InputFile.ReadText(FileOf(id), MaxFileBytes).Trim();

    private IEnumerable<string> Ids() =>
        (Directory.Exists(Path) ? Directory.EnumerateFiles(Path, $"*{Extension}") : [])
            .Select(file => System.IO.Path.GetFileNameWithoutExtension(file))
            .Order(StringComparer.Ordinal);

    /// <summary>The key of a file under this folder's passphrase, or under the one that it is to get.</summary>
    private RootKey ReadEither(string id, Passphrase next)
    {
        var text = Text(id);
        return Passphrase.IsEncrypted(text) && passphrase?.Decrypt(id, text) is null && next.Decrypt(id, text) is { } secret
            ? RootKey.Create(id, secret)
            : Parse(id, text, FileOf(id));
    }

    /// <summary>A key from the text of its file.</summary>
    /// <param name="id">The file's name without its extension.</param>
    /// <param name="text">The text of the file.</param>
    /// <param name="source">Where it stands, for the message.</param>
    /// <exception cref="InvalidSettingException">It is not a key, or its passphrase is missing or wrong.</exception>
    public RootKey Parse(string id, string text, string source)
    {
        if (RootKey.ParseTime(id) is null)
        {
            throw new InvalidSettingException(
                $"{source} does not have the name of a key. The name must be the time from which the key is active, such as "
                    + "20260131120000.key."
            );
        }

        if (Passphrase.IsEncrypted(text))
        {
            return passphrase is null
                ? throw new InvalidSettingException(
                    $"{source} is encrypted: set LATCHKEY_KEYS_PASSPHRASE, or LATCHKEY_KEYS_PASSPHRASE_FILE, to its passphrase."
                )
                : RootKey.Create(
                    id,
                    passphrase.Decrypt(id, text) ?? throw new InvalidSettingException($"The passphrase does not decrypt {source}.")
                );
        }

        var secret = new byte[KeyBytes];
        return Convert.TryFromBase64String(text, secret, out var length) && length == KeyBytes
            ? RootKey.Create(id, secret)
            : throw new InvalidSettingException($"{source} is not a key of {KeyBytes} bytes in base64.");
    }

    private static string Format(string id, byte[] secret, Passphrase? under) =>
        under?.Encrypt(id, secret) ?? Convert.ToBase64String(secret);

    /// <summary>Nobody ever reads a partial key. False when the key exists, which is never replaced.</summary>
    private bool TryWrite(string id, string text, bool onlyFirst = false)
    {
        try
        {
            OwnerOnlyFolder.Create(Path);
            using var file = OutputFile.Create(FileOf(id), overwrite: false);
            file.Content.Write(Encoding.ASCII.GetBytes(text + "\n"));
            if (!onlyFirst || !Ids().Any())
            {
                file.Publish();
            }

            return true;
        }
        catch (IOException) when (File.Exists(FileOf(id)))
        {
            return false;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw NotWritable(e.Message);
        }
    }

    private InvalidSettingException NotWritable(string reason) =>
        new(
            $"The key ring's folder {Path} cannot be written ({reason}). If it is a mounted secret, create the key in "
                + "another folder (latchkey keyring rotate --to FOLDER) and add the file to the secret."
        );

    [System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
    private static bool IsOpenToOthers(string path)
    {
        var target = new FileInfo(path).ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? path;
        return (File.GetUnixFileMode(target) & GroupAndOthers) != UnixFileMode.None;
    }
}
