using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace PayOnce;

/// <summary>Has the C library give freed memory back to the system; part of how a program of ours runs, as in <c>Program.props</c>.</summary>
internal static class ProgramMemory
{
    // mallopt(3), glibc. Setting one of the first two also stops glibc from raising both each time a large piece is freed, which
    // made it keep 30 MB at the end of a million claims (docs/benchmarks.md).
    private const int TrimThreshold = -1, MmapThreshold = -3, ArenaMax = -8;
    private const int Bytes = 128 * 1024;

    [ModuleInitializer]
    internal static void Set()
    {
        if (!OperatingSystem.IsLinux()) return;
        try
        {
            _ = mallopt(TrimThreshold, Bytes);
            _ = mallopt(MmapThreshold, Bytes);
            _ = mallopt(ArenaMax, 1);
        }
        catch (Exception e) when (e is EntryPointNotFoundException or DllNotFoundException)
        {
            // Another C library, such as musl, has no such settings and no need of them.
        }
    }

    [DllImport("libc")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static extern int mallopt(int parameter, int value);
}
