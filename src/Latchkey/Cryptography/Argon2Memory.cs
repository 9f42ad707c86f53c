using System.Runtime.InteropServices;

namespace Latchkey.Cryptography;

/// <summary>
/// The memory that hashes of one thread are computed in, kept from one hash to the next: a kernel that has to clear new pages for each
/// hash takes longer for it than the hash does. On Linux it lies in huge pages, where the kernel has any, and is left out of core dumps.
/// Not thread-safe.
/// </summary>
public sealed unsafe partial class Argon2Memory : IDisposable
{
    /// <summary>The size of a huge page on x64, and on arm64 with small pages of 4 KiB.</summary>
    private const nuint Alignment = 2 * 1024 * 1024;

    // Linux, <sys/mman.h>
    private const int ReadAndWrite = 1 | 2;
    private const int PrivateAndAnonymous = 2 | 32;
    private const int AdviseHugePages = 14;
    private const int AdviseNoDump = 16;

    private byte* allocation; // on Linux one alignment larger, because the kernel aligns to small pages
    private ulong* blocks;
    private nuint size;

    /// <summary>In bytes; 0 before the first hash and after <see cref="Release"/>.</summary>
    public nuint Size => size;

    /// <summary>Memory of at least this many bytes, with unknown contents.</summary>
    /// <exception cref="InvalidOperationException">It is not there.</exception>
    internal ulong* Reserve(nuint bytes)
    {
        if (bytes > size)
        {
            Release();
            Allocate((bytes + Alignment - 1) / Alignment * Alignment);
        }

        return blocks;
    }

    /// <summary>Gives the memory back to the system. The next hash takes it anew.</summary>
    public void Release()
    {
        if (OperatingSystem.IsLinux() && size > 0)
        {
            _ = Unmap(allocation, size + Alignment);
        }
        else
        {
            NativeMemory.AlignedFree(allocation);
        }

        allocation = null;
        blocks = null;
        size = 0;
    }

    public void Dispose() => Release();

    private void Allocate(nuint bytes)
    {
        if (OperatingSystem.IsLinux())
        {
            var mapped = Map(null, bytes + Alignment, ReadAndWrite, PrivateAndAnonymous, -1, 0);
            if (mapped == (void*)-1)
            {
                throw NotEnough(bytes, inner: null);
            }

            allocation = (byte*)mapped;
            blocks = (ulong*)(((nuint)mapped + Alignment - 1) / Alignment * Alignment);

            // A kernel without huge pages refuses, and hashes are then slower.
            _ = Advise(blocks, bytes, AdviseHugePages);
            _ = Advise(blocks, bytes, AdviseNoDump);
        }
        else
        {
            try
            {
                allocation = (byte*)NativeMemory.AlignedAlloc(bytes, Alignment);
            }
            catch (OutOfMemoryException e)
            {
                throw NotEnough(bytes, e);
            }

            blocks = (ulong*)allocation;
        }

        size = bytes;
    }

    private static InvalidOperationException NotEnough(nuint bytes, Exception? inner) =>
        new($"Argon2 could not get its {bytes / 1024 / 1024} MiB of memory.", inner);

    [LibraryImport("libc", EntryPoint = "mmap")]
    private static partial void* Map(void* address, nuint length, int protection, int flags, int file, nint offset);

    [LibraryImport("libc", EntryPoint = "munmap")]
    private static partial int Unmap(void* address, nuint length);

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int Advise(void* address, nuint length, int advice);
}
