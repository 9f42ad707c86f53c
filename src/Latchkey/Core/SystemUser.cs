using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace Latchkey.Core;

/// <summary>The user of the operating system who runs this process.</summary>
public static partial class SystemUser
{
    private const int MaxNameLength = 64;
    private const int StandardError = 2;
    private const string Devices = "/dev/";

    /// <summary>
    /// Names the user and the terminal, as in <c>root, pts/0</c>. After sudo or su it also names the user who logged in, as in
    /// <c>root, logged in as ann, pts/0</c>; root can forge that name.
    /// </summary>
    public static string Describe() =>
        OperatingSystem.IsWindows()
            ? Describe(Environment.UserName, "", "")
            : Describe(NameOf(EffectiveUserId()), LoginName(), TerminalPath());

    /// <param name="user">The user with whose rights the process runs.</param>
    /// <param name="login">The user who logged in; empty for unknown.</param>
    /// <param name="terminal">The path of the terminal's device; empty for none.</param>
    public static string Describe(string user, string login, string terminal)
    {
        var (name, before) = (Printable(user), Printable(login));
        var place = terminal.StartsWith(Devices, StringComparison.Ordinal) ? terminal[Devices.Length..] : terminal;
        return $"{name}{(before.Length > 0 && before != name ? $", logged in as {before}" : "")}, "
            + (place.Length > 0 ? Printable(place) : "no terminal");
    }

    /// <summary>
    /// Bounds a name and replaces what could look like another part of the description. The environment and the directory of users are
    /// not ours.
    /// </summary>
    private static string Printable(string text)
    {
        var clean = new StringBuilder();
        foreach (var rune in text.EnumerateRunes().Take(MaxNameLength))
        {
            clean.Append(
                Rune.IsLetterOrDigit(rune) || rune.Value is '.' or '_' or '-' or '+' or '$' or '@' or '\\' or '/' or ':'
                    ? rune.ToString()
                    : "?"
            );
        }

        return clean.ToString();
    }

    /// <summary>The kernel's login uid (proc_pid_loginuid(5)), which sudo and su keep; without it, what sudo says.</summary>
    private static string LoginName() => ReadLoginId() is { } id ? NameOf(id) : Environment.GetEnvironmentVariable("SUDO_USER") ?? "";

    private static uint? ReadLoginId()
    {
        const string File = "/proc/self/loginuid";
        try
        {
            return
                System.IO.File.Exists(File)
                && uint.TryParse(System.IO.File.ReadAllText(File), NumberStyles.None, CultureInfo.InvariantCulture, out var id)
                && id != uint.MaxValue
                ? id
                : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>The device of the first standard stream that is a terminal; empty for none.</summary>
    private static string TerminalPath() =>
        Enumerable
            .Range(0, StandardError + 1)
            .Select(stream => Marshal.PtrToStringUTF8(TerminalName(stream)))
            .FirstOrDefault(name => name is not null)
        ?? "";

    /// <summary>
    /// The name of a user, which is the first field of passwd on all systems; <c>uid:1234</c> for a user without one, as in containers.
    /// </summary>
    private static string NameOf(uint id) =>
        UserById(id) is not 0 and var entry && Marshal.PtrToStringUTF8(Marshal.ReadIntPtr(entry)) is { Length: > 0 } name
            ? name
            : string.Create(CultureInfo.InvariantCulture, $"uid:{id}");

    [LibraryImport("libc", EntryPoint = "geteuid")]
    private static partial uint EffectiveUserId();

    [LibraryImport("libc", EntryPoint = "getpwuid")]
    private static partial nint UserById(uint id);

    [LibraryImport("libc", EntryPoint = "ttyname")]
    private static partial nint TerminalName(int stream);
}
