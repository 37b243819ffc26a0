using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.Data.Sqlite;
using PayOnce.App.Host;

namespace PayOnce.App.Tests.GettingStarted;

/// <summary>
/// Does what a guide tells its reader, in an empty folder: writes its files, types its commands in their order, and compares what they
/// say with what the guide shows. <c>payonce sandbox</c> and <c>payonce serve</c> go on in a window of their own, as the guides say.
/// </summary>
internal sealed partial class GuideRunner(Func<string, Task<string>> substitute) : IAsyncDisposable
{
    private const string Anything = "…";

    private readonly string folder = Directory.CreateTempSubdirectory("payonce-guide-").FullName;
    private readonly CancellationTokenSource windows = new();
    private readonly List<Task<int>> open = [];
    private readonly Dictionary<string, string> ports = new(StringComparer.Ordinal);
    private readonly SlowClock clock = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>The guide from its first block to its last. Returns how many commands were carried out.</summary>
    public async Task<int> RunAsync(Guide guide)
    {
        var (commands, said) = (0, "");
        foreach (var block in guide.Blocks)
        {
            var text = await substitute(Port().Replace(block.Text, match => match.Groups[1].Value + PortFor(match.Groups[2].Value)));
            var at = $"{guide.Name}, line {block.Line}";
            if (block.File is { } file) await File.WriteAllTextAsync(Path.Combine(folder, file), text, Cancel);
            else if (block.Kind == "text") MustShow(at, text, said);
            else if (block.Kind == "sh")
            {
                said = "";
                var lines = text.Split('\n').Where(line => line.Length > 0 && !line.StartsWith('#')).ToList();
                foreach (var (index, line) in lines.Index())
                {
                    var (exit, output) = await TypeAsync(Word().Matches(line).Select(word => word.Groups[1].Success ? word.Groups[1].Value : word.Groups[2].Success ? word.Groups[2].Value : word.Value).ToArray());
                    var expected = index == lines.Count - 1 ? block.Exit : 0;
                    Assert.True(exit == expected, $"{at}: {line}\nended with {exit} and not {expected}:\n{output}");
                    said += output;
                    commands++;
                }
            }
        }
        return commands;
    }

    public async ValueTask DisposeAsync()
    {
        await CloseWindowsAsync();
        windows.Dispose();
        SqliteConnection.ClearAllPools();
        Directory.Delete(folder, recursive: true);
    }

    // Ctrl-C in each of them.
    private async Task CloseWindowsAsync()
    {
        await windows.CancelAsync();
        foreach (var window in open) await window;
        open.Clear();
    }

    private async Task<(int Exit, string Output)> TypeAsync(string[] words)
    {
        switch (words)
        {
            case ["payonce", "sandbox" or "serve", ..]: return await OpenWindowAsync(words[1..]);
            case ["payonce", ..]:
                using (var output = new MemoryStream())
                {
                    await using var error = new StringWriter();
                    var exit = await Cli.RunAsync(words[1..], Surroundings(output, error), Cancel);
                    return (exit, Encoding.UTF8.GetString(output.ToArray()) + error);
                }
            case ["curl", "-X", "PUT", var address, "-d", var data]:
                using (var http = new HttpClient())
                {
                    using var answer = await http.PutAsync(address, new ByteArrayContent(await File.ReadAllBytesAsync(Path.Combine(folder, data.TrimStart('@')), Cancel)), Cancel);
                    return (answer.IsSuccessStatusCode ? 0 : 22, await answer.Content.ReadAsStringAsync(Cancel));
                }
            case ["sqlite3", var from, var command] when command.StartsWith(".backup ", StringComparison.Ordinal):
                await using (var source = new SqliteConnection($"Data Source={Path.Combine(folder, from)};Pooling=False"))
                await using (var target = new SqliteConnection($"Data Source={Path.Combine(folder, command[".backup ".Length..])};Pooling=False"))
                {
                    await source.OpenAsync(Cancel);
                    await target.OpenAsync(Cancel);
                    source.BackupDatabase(target);
                }
                return (0, "");
            case ["cp", var from, var to]:
                // As the guides say: nothing has the database open while it is put back.
                await CloseWindowsAsync();
                File.Copy(Path.Combine(folder, from), Path.Combine(folder, to), overwrite: true);
                return (0, "");
            default: throw new InvalidOperationException($"The test does not know the command {string.Join(' ', words)}.");
        }
    }

    // Its address is the first thing it says; from then on it listens.
    private async Task<(int Exit, string Output)> OpenWindowAsync(string[] args)
    {
        var said = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        var output = new Told(text =>
        {
            if (text.Contains("Ctrl-C", StringComparison.Ordinal)) said.TrySetResult(text);
        });
        var error = new StringWriter();
        var window = Task.Run(() => Cli.RunAsync(args, Surroundings(output, error), windows.Token), Cancel);
        open.Add(window);
        await Task.WhenAny(said.Task, window).WaitAsync(TimeSpan.FromSeconds(30), Cancel);
        return said.Task.IsCompleted ? (0, await said.Task) : (await window, error.ToString());
    }

    private Surroundings Surroundings(Stream output, TextWriter error) => new(_ => null, folder, "kari", Stream.Null, output, error, OutputWidth: null, ErrorIsTerminal: false, clock, new ProcessNode());

    private string PortFor(string inGuide)
    {
        if (ports.TryGetValue(inGuide, out var known)) return known;
        using var socket = new TcpListener(IPAddress.Loopback, 0);
        socket.Start();
        return ports[inGuide] = ((IPEndPoint)socket.LocalEndpoint).Port.ToString(System.Globalization.CultureInfo.InvariantCulture);
    }

    private static void MustShow(string at, string expected, string said)
    {
        var pattern = new StringBuilder("^");
        var lines = expected.TrimEnd('\n').Split('\n');
        foreach (var line in lines)
        {
            if (line.Trim() == Anything) pattern.Append("(?:.*\n)*?");
            else pattern.Append(Regex.Escape(line.TrimEnd()).Replace(Anything, "[^\n]*", StringComparison.Ordinal)).Append(" *\n");
        }
        Assert.True(Regex.IsMatch(said.ReplaceLineEndings("\n"), pattern.Append("\n*$").ToString()), $"{at} shows\n{expected}\nand what was said is\n{said}");
    }

    [GeneratedRegex(@"(--port |127\.0\.0\.1:)(\d+)")]
    private static partial Regex Port();

    [GeneratedRegex("\"([^\"]*)\"|'([^']*)'|\\S+")]
    private static partial Regex Word();

    /// <summary>A morning in March that does not get on, so that what is said about the time stands in the guide; timers run as ever.</summary>
    private sealed class SlowClock : TimeProvider
    {
        private static readonly DateTimeOffset Start = new(2026, 3, 5, 9, 0, 0, TimeSpan.Zero);
        private readonly long began = System.GetTimestamp();

        public override DateTimeOffset GetUtcNow() => Start + (System.GetElapsedTime(began) / 1000);
    }

    private sealed class Told(Action<string> tell) : MemoryStream
    {
        public override void Write(byte[] buffer, int offset, int count)
        {
            lock (this) base.Write(buffer, offset, count);
            Tell();
        }

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            lock (this) base.Write(buffer);
            Tell();
        }

        public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
        {
            Write(buffer, offset, count);
            return Task.CompletedTask;
        }

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            Write(buffer.Span);
            return ValueTask.CompletedTask;
        }

        private void Tell() => tell(Encoding.UTF8.GetString(ToArray()));
    }
}
