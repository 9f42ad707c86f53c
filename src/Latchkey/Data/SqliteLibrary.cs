using System.Runtime.InteropServices;
using SQLitePCL;

namespace Latchkey.Data;

/// <summary>Chooses the newer of the system's SQLite and the bundled one, once per process, before the first connection.</summary>
internal static partial class SqliteLibrary
{
    private const int MinVersion = 3_035_000;
    private const string Bundled = "e_sqlite3";
    private const string System = "libsqlite3.so.0";
    private static readonly Lock Loading = new();
    private static bool loaded;

    public static void Load()
    {
        lock (Loading)
        {
            if (loaded)
            {
                return;
            }

            NativeLibrary.SetDllImportResolver(typeof(SQLite3Provider_e_sqlite3).Assembly, Resolve);
            raw.SetProvider(new SQLite3Provider_e_sqlite3());
            loaded = true;
            if (raw.sqlite3_libversion_number() < MinVersion)
            {
                throw new InvalidOperationException(
                    $"SQLite {raw.sqlite3_libversion().utf8_to_string()} is too old; install libsqlite3-0 3.35 or newer."
                );
            }

            if (raw.sqlite3_threadsafe() == 0)
            {
                throw new InvalidOperationException(
                    "This SQLite was built without thread safety; install the distribution's libsqlite3-0."
                );
            }
        }
    }

    private static nint Resolve(string name, global::System.Reflection.Assembly assembly, DllImportSearchPath? path)
    {
        if (name != Bundled)
        {
            return 0;
        }

        var bundled = NativeLibrary.TryLoad(Bundled, assembly, path, out var own) ? own : 0;
        return NativeLibrary.TryLoad(System, out var system) && Version(system) > Version(bundled) ? system : bundled;
    }

    private static unsafe int Version(nint library) =>
        library != 0 && NativeLibrary.TryGetExport(library, "sqlite3_libversion_number", out var address)
            ? ((delegate* unmanaged[Cdecl]<int>)address)()
            : 0;
}
