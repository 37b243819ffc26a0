using System.Globalization;
using System.Runtime.InteropServices;

namespace PayOnce.App.Host;

/// <summary>
/// This process as it stands in a lease: <c>host=oslo1 boot=… pid-namespace=… time-namespace=… pid=4711 start=123456</c>. On Linux
/// another process of the same running kernel and namespaces can tell for certain whether it is gone; anywhere else nobody can,
/// and the lease's time must run out.
/// </summary>
internal sealed partial class ProcessNode : INode
{
    private readonly string? machine;
    private long numbers;

    public ProcessNode()
    {
        machine = ThisMachine();
        var start = StartTicks(Environment.ProcessId);
        if (start is null) machine = null;
        Holder = machine is null
            ? string.Create(CultureInfo.InvariantCulture, $"host={HostName()} pid={Environment.ProcessId}")
            : string.Create(CultureInfo.InvariantCulture, $"{machine} pid={Environment.ProcessId} start={start}");
    }

    public string Holder { get; }

    public bool IsGone(string holder)
    {
        if (machine is null || !holder.StartsWith(machine + " pid=", StringComparison.Ordinal)) return false;
        var own = holder[(machine.Length + " pid=".Length)..].Split(" start=");
        if (own.Length != 2
            || !int.TryParse(own[0], NumberStyles.None, CultureInfo.InvariantCulture, out var pid) || pid < 1
            || !long.TryParse(own[1], NumberStyles.None, CultureInfo.InvariantCulture, out var start)) return false;

        // A /proc mounted with hidepid hides other people's processes; kill with signal 0 still tells whether there is one.
        if (Kill(pid, 0) != 0 && Marshal.GetLastPInvokeError() == NoSuchProcess) return true;
        return StartTicks(pid) is { } current && (current != start || IsDeadButNotReaped(pid));
    }

    public long NextNumber() => Interlocked.Increment(ref numbers);

    private static string? ThisMachine()
    {
        if (!OperatingSystem.IsLinux()) return null;
        try
        {
            var boot = File.ReadAllText("/proc/sys/kernel/random/boot_id").Trim();
            var pids = new FileInfo("/proc/self/ns/pid").LinkTarget;
            var time = new FileInfo("/proc/self/ns/time").LinkTarget ?? "none";
            return boot.Length == 0 || pids is null ? null : $"host={HostName()} boot={boot} pid-namespace={Number(pids)} time-namespace={Number(time)}";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    // The holder is split at spaces; a host's name has none, but nothing enforces that.
    private static string HostName() => Environment.MachineName.Replace(' ', '_');

    private static string Number(string link) => new([.. link.Where(char.IsAsciiLetterOrDigit)]);

    // The 22nd field of /proc/PID/stat: when the process started, in ticks since boot. The second, its name, may hold spaces and brackets.
    private static long? StartTicks(int pid) =>
        Stat(pid) is { } fields && long.TryParse(fields[19], NumberStyles.None, CultureInfo.InvariantCulture, out var ticks) ? ticks : null;

    // A zombie with no thread left runs nothing any more; in a container without an init process it may stay for ever.
    private static bool IsDeadButNotReaped(int pid)
    {
        try
        {
            return Stat(pid) is ["Z" or "X", ..] && Directory.EnumerateDirectories($"/proc/{pid}/task").Count() <= 1;
        }
        catch (IOException)
        {
            return false;
        }
    }

    private static string[]? Stat(int pid)
    {
        try
        {
            var stat = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/stat"));
            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            return fields.Length > 19 ? fields : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private const int NoSuchProcess = 3;

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Kill(int pid, int signal);
}
