using System.Globalization;

namespace PayOnce.Bench;

/// <summary>
/// Processor time of everything a side sets to work: the programs started here, and a database server with all its processes. A
/// busy machine makes every side slow, but hardly makes it work more, so the ratio of work stands where the ratio of times does not.
/// </summary>
/// <param name="server">The server's main process; null where there is none.</param>
public sealed class CpuMeter(int? server)
{
    // Linux's USER_HZ, which is 100 wherever .NET runs.
    private const double TicksPerSecond = 100;

    /// <summary>Seconds so far. Only differences mean something.</summary>
    public double Seconds()
    {
        var total = OfEnded(Environment.ProcessId);
        if (server is not { } main) return total;
        total += OfEnded(main) + Own(main);
        foreach (var child in Children(main)) total += Own(child) + OfEnded(child);
        return total;
    }

    /// <summary>The process that started another.</summary>
    public static int? Parent(int process) => Fields(process) is { } fields ? (int)fields[1] : null;

    private static IEnumerable<int> Children(int parent) =>
        from folder in Directory.EnumerateDirectories("/proc")
        let id = int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0
        where id > 0 && Fields(id) is { } fields && fields[1] == parent
        select id;

    private static double Own(int process) => Fields(process) is { } fields ? (fields[11] + fields[12]) / TicksPerSecond : 0;

    /// <summary>Of children that have ended and were waited for, and of theirs.</summary>
    private static double OfEnded(int process) => Fields(process) is { } fields ? (fields[13] + fields[14]) / TicksPerSecond : 0;

    // What /proc/PID/stat has behind the name, from the state (given as 0 here) on; null for a process that is gone.
    private static long[]? Fields(int process)
    {
        try
        {
            var text = File.ReadAllText($"/proc/{process}/stat");
            return [.. text[(text.LastIndexOf(')') + 2)..].Split(' ').Select(field => long.TryParse(field, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : 0)];
        }
        catch (IOException)
        {
            return null;
        }
    }
}
