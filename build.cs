#:property PublishAot=false
#:property UseSharedCompilation=false
// The project's chores, with nothing but the .NET SDK:  dotnet run build.cs -- help
using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;

const string usage = """
    dotnet run build.cs -- COMMAND

      test [--filter TEXT] [-- RUNNER OPTIONS]
                     build everything and run every test; the last line is "N passed, N failed".
                     --filter TEXT   only tests whose full name contains TEXT
      kill [--store sqlite|postgres|pgbouncer] [--transport file|api] [--kills N] [--seed S]
                     a long campaign of SIGKILL on real processes (default: 1000 kills over each store and transport; pgbouncer: PostgreSQL behind it)
      kill --database [--kills N] [--seed S]
                     PostgreSQL itself killed under runs (default: 100 times), and failed over to a stand-by
      model [small]  search every state of the protocol's model, then check the one in Promela with spin; minutes (small: seconds)
      simulate [--seeds N] [--first S] [--minutes M] [--threads T] [--target NAME] [--many backups] [--plant NAME] [--without NAME] [--sum FILE]
      simulate --seed S | --total FILE
                     run the real engine in simulated time under the trouble of N seeds (default 1000), then look for each planted
                     fault; or one seed with its whole log (docs/simulation.md)
      fuzz [--minutes M] [--seed S] [NAME ...]
                     send what nobody should send to every reader of files and answers (default: 10 minutes); crashers in artifacts/crashers
      mutate [FILE ...]
                     change the engine's code in small ways (Stryker.NET) and count the changes that no test notices; hours
      walk           the walk over every page in a browser, in every way (test takes a share); pictures in artifacts/pictures
      guards [NAME ...]
                     take each guard of the protocol out of a copy of the committed code, in turn, and show which tests fail; minutes
      bench [NAME] [OPTIONS]
                     measure (bench --help lists names and options); needs a quiet machine and minutes to hours
      clean          remove what building and testing left behind
      help           this text

    Exit codes: 0 done, 1 failed, 2 wrong usage.
    """;

// This file's own place, so that every command works from any folder.
var root = Path.GetDirectoryName((string)AppContext.GetData("EntryPointFilePath")!)!;
var solution = Path.Combine(root, "PayOnce.slnx");

return args switch
{
    ["test", .. var rest] => Test(rest),
    ["kill", .. var rest] => Kill(rest),
    ["model", .. var rest] => Model(rest),
    ["simulate", .. var rest] => Started("test", "PayOnce.Simulator", rest),
    ["fuzz", .. var rest] => Started("test", "PayOnce.Fuzz", rest),
    ["mutate", .. var rest] => Mutate(rest),
    ["walk"] => Walk(),
    ["guards", .. var rest] => Guards(rest),
    ["bench", .. var rest] => Bench(rest),
    ["clean"] => Clean(),
    ["help" or "--help" or "-h"] => Say(usage),
    [] => WrongUsage("A command is missing."),
    ["clean" or "help" or "walk", var extra, ..] => WrongUsage($"{args[0]} takes no \"{extra}\"."),
    [var unknown, ..] => WrongUsage($"There is no command \"{unknown}\"."),
};

int Test(string[] options)
{
    List<string> runner = [];
    for (var i = 0; i < options.Length; i++)
    {
        if (options[i] == "--")
        {
            runner.AddRange(options[(i + 1)..]);
            break;
        }
        if (options[i] != "--filter") return WrongUsage($"test has no option \"{options[i]}\"; options of the test runner stand behind another --.");
        if (++i == options.Length) return WrongUsage("--filter needs a text.");
        runner.AddRange(["--filter-method", $"*{options[i].Trim('*')}*"]);
    }
    // With a filter, a test project in which nothing matches is no failure; without one it is.
    if (runner.Any(option => option.StartsWith("--filter", StringComparison.Ordinal))) runner.AddRange(["--ignore-exit-code", "8"]);

    if (!Prerequisites.Check([Tool.PostgreSql, Tool.PgBouncer, Tool.Npm, Tool.Chromium])) return 1;
    Children.Environment["DOTNET_TieredPGO"] = "0"; // Compilers and tests run for seconds: measuring code in order to compile it once more took a third of a compiler's time.
    if (Build(solution, "Debug") is var built and not 0) return built;

    // Thousands of small databases are made and thrown away: in memory where there is room, which spares the disk and minutes.
    using MemoryFolder memory = new();

    // The test runner is chosen by the global.json of the folder we are in. Two test projects at a time: they wait for servers, processes and browsers more than they compute. Not more: time-outs should mean something.
    Summary summary = new();
    var exit = Run("dotnet", ["test", "--solution", solution, "--no-build", "--no-progress", "--no-ansi", "--max-parallel-test-modules", "2", .. runner], summary.Read, folder: root);
    if (!summary.Seen) return Fail("The test runner ended without a summary.");
    if (summary.Passed + summary.Failed == 0) exit = Math.Max(exit, Fail("No test ran."));
    if (exit != 0 && summary.Failed == 0 && summary.Skipped == 0) Fail($"The test runner ended with exit code {exit}: see above.");
    if (summary.Skipped > 0) Fail("A skipped test proves nothing: it counts as a failure.");
    summary.RepeatFailures();
    Console.WriteLine($"{summary.Passed} passed, {summary.Failed} failed" + (summary.Skipped > 0 ? $", {summary.Skipped} skipped" : ""));
    return exit == 0 && summary is { Failed: 0, Skipped: 0 } ? 0 : 1;
}

int Kill(string[] options)
{
    // As the campaigns' tests are called: Killed_at_any_moment_over_SQLite_…
    var (stores, campaigns, kills, seed) = (new[] { "SQLite", "PostgreSQL", "PgBouncer" }, new[] { "Killed_at_any_moment", "Killed_while_answers_are_lost" }, "1000", "");
    var database = options is ["--database", ..];
    if (database) (options, stores, campaigns, kills) = (options[1..], ["PostgreSQL"], ["Killed_under_a_run", "Failed_over"], "100");
    for (var i = 0; i + 1 < options.Length; i += 2)
    {
        switch (options[i], options[i + 1])
        {
            case ("--store" or "--transport", _) when database: return WrongUsage($"kill --database does not know \"{options[i]}\".");
            case ("--store", "sqlite" or "postgres" or "pgbouncer"): stores = [options[i + 1] switch { "sqlite" => "SQLite", "postgres" => "PostgreSQL", _ => "PgBouncer" }]; break;
            case ("--transport", "file"): campaigns = ["Killed_at_any_moment"]; break;
            case ("--transport", "api"): campaigns = ["Killed_while_answers_are_lost"]; break;
            case ("--kills", var number) when uint.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out _): kills = number; break;
            case ("--seed", var number) when ulong.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out _): seed = number; break;
            default: return WrongUsage($"kill does not know \"{options[i]} {options[i + 1]}\".");
        }
    }
    if (options.Length % 2 != 0) return WrongUsage($"\"{options[^1]}\" needs a value.");
    Children.Environment[database ? "PAYONCE_DATABASE_KILLS" : "PAYONCE_KILLS"] = kills;
    if (seed.Length > 0) Children.Environment["PAYONCE_KILL_SEED"] = seed;
    string[] chosen = database ? campaigns : [.. from campaign in campaigns from store in stores select $"{campaign}_over_{store}"];
    var exit = Test([.. chosen.SelectMany(name => new[] { "--filter", name })]);
    foreach (var report in Directory.GetFiles(Path.Combine(root, "artifacts", "bin", "PayOnce.EndToEnd.Tests", "debug"), "kills-*.txt").Where(path => chosen.Any(name => path.Contains(name, StringComparison.Ordinal))))
        Console.WriteLine(File.ReadAllText(report).TrimEnd());
    return exit;
}

int Model(string[] options)
{
    if (options is not ([] or ["small"])) return WrongUsage($"model does not know \"{options[^1]}\".");
    var searched = Started("test", "PayOnce.Model", options);
    if (!Prerequisites.Check([Tool.Spin, Tool.Gcc])) return Fail("The model in Promela was not checked: spin or gcc is missing.");
    var spun = Started("test", "PayOnce.Model", "spin", Path.Combine(root, "docs", "model", "payonce.pml"));
    return searched == 0 && spun == 0 ? 0 : Fail("The model is not as expected: see above.");
}

int Walk()
{
    Children.Environment["PAYONCE_PICTURES"] = Path.Combine(root, "artifacts", "pictures");
    return Test(["--filter", "No_page_has_a_barrier"]);
}

int Guards(string[] names)
{
    using MemoryFolder memory = new();
    return Started("test", "PayOnce.Guards", [root, .. names]);
}

int Mutate(string[] files)
{
    using MemoryFolder memory = new();
    if (Run("dotnet", ["tool", "restore"], _ => { }, folder: root) is var restored and not 0) return restored;
    Children.Environment["RunAnalyzers"] = "false"; // A changed engine need not be tidy.
    return Run("dotnet", ["tool", "run", "dotnet-stryker", "--", .. files.SelectMany(file => new[] { "--mutate", file })], Console.WriteLine, Path.Combine(root, "test", "PayOnce.Mutation"));
}

int Bench(string[] options) => Prerequisites.Check([Tool.PostgreSql, Tool.Sqlite]) ? Started("bench", "PayOnce.Bench", options) : 1;

int Clean()
{
    foreach (var folder in Directory.GetDirectories(root, "TestResults", SearchOption.AllDirectories).Append(Path.Combine(root, "artifacts")).Where(Directory.Exists))
    {
        Directory.Delete(folder, recursive: true);
        Console.WriteLine($"removed {Path.GetRelativePath(root, folder)}");
    }
    return 0;
}

// Builds one of our own programs, optimised, and runs it.
int Started(string folder, string name, params string[] options)
{
    var project = Path.Combine(root, folder, name, $"{name}.csproj");
    return Build(project, "Release") is var built and not 0 ? built : Run("dotnet", ["run", "--project", project, "-c", "Release", "--no-build", "--", .. options], Console.WriteLine);
}

int Build(string what, string configuration) =>
    Run("dotnet", ["build", what, "-c", configuration, "-v", "quiet", "--nologo", "-tl:off", "-clp:NoSummary"], Console.WriteLine) == 0 ? 0 : Fail("The build failed.");

static int Run(string program, IReadOnlyList<string> arguments, Action<string> line, string? folder = null)
{
    using var child = Children.Start(program, arguments, folder);
    Thread errors = new(() => Pump(child.StandardError, Console.Error.WriteLine));
    errors.Start();
    Pump(child.StandardOutput, line);
    child.WaitForExit();
    errors.Join();
    return child.ExitCode;

    static void Pump(StreamReader from, Action<string> to)
    {
        while (from.ReadLine() is { } text) to(text);
    }
}

static int Say(string text)
{
    Console.WriteLine(text);
    return 0;
}

static int WrongUsage(string text)
{
    Console.Error.WriteLine($"{text}\n\n{usage}");
    return 2;
}

static int Fail(string text)
{
    Console.Error.WriteLine(text);
    return 1;
}

/// <summary>Counts in the runner's summary, which goes over all test projects, and what it said of each failure.</summary>
sealed partial class Summary
{
    private readonly Dictionary<string, int> counts = [];
    private readonly List<string> failures = [];
    private int follow;

    public bool Seen => counts.Count > 0;
    public int Passed => counts.GetValueOrDefault("succeeded");
    public int Failed => counts.GetValueOrDefault("failed");
    public int Skipped => counts.GetValueOrDefault("skipped");

    // At the end too: whoever keeps the end of a long output alone must find what failed in it.
    public void RepeatFailures() => failures.ForEach(Console.WriteLine);

    public void Read(string line)
    {
        Console.WriteLine(line);
        if (line.StartsWith("failed ", StringComparison.Ordinal)) follow = 16;
        if (follow-- > 0) failures.Add(line);
        if (Count().Match(line) is { Success: true } match) counts[match.Groups[1].Value] = int.Parse(match.Groups[2].ValueSpan, CultureInfo.InvariantCulture);
    }

    [GeneratedRegex(@"^\s+(succeeded|failed|skipped): (\d+)\s*$")]
    private static partial Regex Count();
}

/// <summary>A folder in memory for the tests' temporary files, if the system has one with room; removed at the end.</summary>
sealed class MemoryFolder : IDisposable
{
    private const long Room = 6L << 30;
    private readonly string? folder;

    public MemoryFolder()
    {
        if (!OperatingSystem.IsLinux() || !Directory.Exists("/dev/shm") || new DriveInfo("/dev/shm").AvailableFreeSpace < Room) return;
        folder = $"/dev/shm/payonce-tests-{Environment.ProcessId}";
        // Open to the user that PostgreSQL runs as, like any folder for temporary files.
        Directory.CreateDirectory(folder);
        File.SetUnixFileMode(folder, (UnixFileMode)0b1_111_111_111);
        Children.Environment["TMPDIR"] = folder;
    }

    public void Dispose()
    {
        Children.Environment.Remove("TMPDIR");
        if (folder is not null) Directory.Delete(folder, recursive: true);
    }
}

/// <summary>Processes started here: fed nothing, told to leave nothing running behind them, and ended with us.</summary>
static class Children
{
    private static readonly List<Process> Started = [];
    private static readonly PosixSignalRegistration[] Signals = [.. new[] { PosixSignal.SIGTERM, PosixSignal.SIGINT, PosixSignal.SIGHUP }.Select(signal => PosixSignalRegistration.Create(signal, End))];

    public static Process Start(string program, IReadOnlyList<string> arguments, string? folder = null)
    {
        ProcessStartInfo start = new(program, arguments) { WorkingDirectory = folder ?? "", RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in Environment) start.Environment[name] = value;
        var child = Process.Start(start)!;
        child.StandardInput.Close();
        lock (Started) Started.Add(child);
        return child;
    }

    // Build servers outlive the build and hold its pipes open: a CI that waits for the pipe would wait for them.
    // The runner's summary is read in English.
    public static readonly Dictionary<string, string> Environment = new()
    {
        ["MSBUILDDISABLENODEREUSE"] = "1",
        ["UseSharedCompilation"] = "false",
        ["DOTNET_CLI_USE_MSBUILD_SERVER"] = "0",
        ["DOTNET_CLI_UI_LANGUAGE"] = "en",
        ["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1",
        ["TESTINGPLATFORM_TELEMETRY_OPTOUT"] = "1",
        ["DOTNET_NOLOGO"] = "1",
    };

    // A terminal's Ctrl-C reaches the children by itself; a signal sent to us alone must be handed on, and we wait for their end.
    private static void End(PosixSignalContext context)
    {
        context.Cancel = true;
        lock (Started)
        {
            foreach (var child in Started)
            {
                try
                {
                    if (!child.HasExited) _ = kill(child.Id, 15);
                }
                catch (InvalidOperationException)
                {
                    // Already collected.
                }
            }
        }
    }

    [DllImport("libc")]
    private static extern int kill(int pid, int signal);
}

/// <summary>A program that the tests or the benchmarks start, and where it comes from.</summary>
sealed record Tool(string Name, string Program, string DebianPackage, string Otherwise)
{
    public static Tool PostgreSql { get; } = new("the server programs of PostgreSQL 15 or later", "initdb", "postgresql", "PostgreSQL 15 or later, with initdb and pg_ctl in the PATH");
    public static Tool PgBouncer { get; } = new("the connection pooler PgBouncer", "pgbouncer", "pgbouncer", "PgBouncer, with pgbouncer in the PATH");
    public static Tool Npm { get; } = new("npm, which brings the dashboard's style sheets", "npm", "npm", "Node.js 20 or later, with npm in the PATH");
    public static Tool Chromium { get; } = new("the browser Chromium without a window", "chromium-headless-shell", "chromium-headless-shell", "Chromium's headless shell as /usr/bin/chromium-headless-shell, or any Chromium where the environment variable PAYONCE_CHROMIUM says");
    public static Tool Sqlite { get; } = new("SQLite's command line", "sqlite3", "sqlite3", "sqlite3, in the PATH");
    public static Tool Spin { get; } = new("the model checker spin", "spin", "spin", "spin (spinroot.com), in the PATH");
    public static Tool Gcc { get; } = new("a C compiler", "gcc", "gcc", "gcc, in the PATH");

    public bool IsThere() => this == Chromium && Environment.GetEnvironmentVariable("PAYONCE_CHROMIUM") is { Length: > 0 } chosen ? File.Exists(chosen) : Folders().Any(folder => File.Exists(Path.Combine(folder, Program)));

    private IEnumerable<string> Folders()
    {
        // Debian keeps the server programs of each version apart, and out of the PATH.
        const string debian = "/usr/lib/postgresql";
        const int oldest = 15;
        IEnumerable<string> folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        if (this == PostgreSql && Directory.Exists(debian))
            folders = folders.Concat(Directory.GetDirectories(debian).Where(version => int.TryParse(Path.GetFileName(version), out var number) && number >= oldest).Select(version => Path.Combine(version, "bin")));
        return folders.Concat(["/usr/sbin", "/usr/local/bin", "/usr/local/sbin"]);
    }
}

static class Prerequisites
{
    /// <summary>Installs what is missing where it may; otherwise says what to install.</summary>
    public static bool Check(IReadOnlyList<Tool> tools)
    {
        List<Tool> missing = [.. tools.Where(tool => !tool.IsThere())];
        if (missing.Count == 0) return true;
        var debian = File.Exists("/etc/debian_version") && File.Exists("/usr/bin/apt-get");
        if (debian && Environment.IsPrivilegedProcess)
        {
            Console.WriteLine($"Missing: {string.Join(", ", missing.Select(tool => tool.Name))}. Installing from the system's packages.");
            Install([.. missing.Select(tool => tool.DebianPackage)]);
            missing.RemoveAll(tool => tool.IsThere());
            if (missing.Count == 0) return true;
        }
        Console.Error.WriteLine($"Missing: {string.Join(", ", missing.Select(tool => tool.Name))}.");
        Console.Error.WriteLine(debian
            ? $"As root:  apt-get update && apt-get install {string.Join(' ', missing.Select(tool => tool.DebianPackage))}   (their own services are not needed: the tests start what they need)"
            : $"Install {string.Join("; ", missing.Select(tool => tool.Otherwise))}.");
        return false;
    }

    // The packages would create a database cluster and start services of their own; the tests want the programs alone.
    private static void Install(IReadOnlyList<string> packages)
    {
        using TemporaryFile noCluster = new("/etc/postgresql-common/createcluster.d/payonce.conf", "create_main_cluster = false\n", executable: false);
        using TemporaryFile noServices = new("/usr/sbin/policy-rc.d", "#!/bin/sh\nexit 101\n", executable: true);
        if (!Apt(["install", "-y", "--no-install-recommends", .. packages]) && Apt(["update"])) Apt(["install", "-y", "--no-install-recommends", .. packages]);
    }

    private static bool Apt(IReadOnlyList<string> arguments)
    {
        // Another installer may be at work: wait for it rather than fail.
        using var apt = Children.Start("env", ["DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq", "-o", "DPkg::Lock::Timeout=300", "-o", "Dpkg::Use-Pty=0", .. arguments]);
        apt.OutputDataReceived += (_, line) => { if (line.Data is not null) Console.WriteLine(line.Data); };
        apt.ErrorDataReceived += (_, line) => { if (line.Data is not null) Console.Error.WriteLine(line.Data); };
        apt.BeginOutputReadLine();
        apt.BeginErrorReadLine();
        apt.WaitForExit();
        return apt.ExitCode == 0;
    }

    /// <summary>A file that is there for the length of a block; one that was there before stays as it is.</summary>
    private sealed class TemporaryFile : IDisposable
    {
        private readonly string? ours;

        public TemporaryFile(string path, string text, bool executable)
        {
            if (File.Exists(path)) return;
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, text);
            if (executable && !OperatingSystem.IsWindows()) File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute);
            ours = path;
        }

        public void Dispose()
        {
            if (ours is not null) File.Delete(ours);
        }
    }
}
