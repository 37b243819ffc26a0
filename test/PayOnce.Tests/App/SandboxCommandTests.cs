using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using PayOnce.Sandbox;

namespace PayOnce.Tests.App;

public sealed class SandboxCommandTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("payonce-sandbox-").FullName;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Its_address_is_the_first_line_and_it_answers_there_until_it_is_stopped()
    {
        var (exit, output, error) = await RunAsync(["sandbox", "generic", "--log", "requests.jsonl"], async address =>
        {
            using var client = new HttpClient();
            client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", "sandbox-token");
            Assert.Contains("payonce.generic.1", await client.GetStringAsync(new Uri(address), Cancel), StringComparison.Ordinal);
        });

        Assert.Equal((0, ""), (exit, error));
        Assert.StartsWith("http://127.0.0.1:", output, StringComparison.Ordinal);
        var logged = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(folder, "requests.jsonl"), Cancel)).RootElement;
        Assert.Equal(200, logged.GetProperty("status").GetInt32());
    }

    [Fact]
    public async Task With_json_the_document_is_whole_before_it_is_stopped()
    {
        var (exit, output, _) = await RunAsync(["sandbox", "generic", "--json", "--faults", "token-expired=1", "--seed", "7"], async line =>
        {
            var address = JsonDocument.Parse(line).RootElement.GetProperty("address").GetString()!;
            using var client = new HttpClient();
            Assert.Contains("\"token-expired\":1", await client.GetStringAsync(new Uri(address + "_sandbox/faults"), Cancel), StringComparison.Ordinal);
        });

        Assert.Equal(0, exit);
        Assert.Equal("generic", JsonDocument.Parse(output).RootElement.GetProperty("standIn").GetString());
    }

    [Theory]
    [InlineData("sandbox sap", "There is no stand-in")]
    [InlineData("sandbox generic --set proof=perfect", "proof must be one of")]
    [InlineData("sandbox generic --set colour=red", "There is no option \"colour\"")]
    [InlineData("sandbox generic --faults no-such=0.1", "answer-lost")]
    [InlineData("sandbox generic --faults missing.json", "--faults")]
    [InlineData("sandbox generic --port 70000", "65535")]
    public async Task What_cannot_be_meant_is_wrong_usage(string line, string said)
    {
        var (exit, _, error) = await TestSurroundings.RunAsync(folder, line.Split(' '), "", _ => null, Cancel);

        Assert.Equal(2, exit);
        Assert.Contains(said, error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_taken_port_is_a_fault_in_a_sentence()
    {
        await using var other = await SandboxServer.StartAsync(SandboxCatalogue.All[0].Create(StandInOptions.None, TimeProvider.System), cancel: Cancel);

        var (exit, _, error) = await TestSurroundings.RunAsync(folder, ["sandbox", "generic", "--port", $"{other.Address.Port}"], "", _ => null, Cancel);

        Assert.Equal(1, exit);
        Assert.Contains("The sandbox was not started", error, StringComparison.Ordinal);
    }

    [Fact]
    public void The_manual_names_every_fault()
    {
        var manual = File.ReadAllText(Path.Combine(Tree.SourceTree.Root, "docs", "cli.md"));

        Assert.All(FaultKinds.All, fault => Assert.Contains($"`{fault}`", manual, StringComparison.Ordinal));
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    // Runs the command, does something as soon as its first line is there, and stops it.
    private async Task<(int Exit, string Output, string Error)> RunAsync(string[] args, Func<string, Task> meanwhile)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        await using var output = new FirstLine();
        await using var error = new StringWriter();
        var running = PayOnce.App.Cli.RunAsync(args, TestSurroundings.Create(folder: folder, output: output, error: error, clock: TimeProvider.System), stop.Token);
        await meanwhile(await output.Line.WaitAsync(Cancel));
        await stop.CancelAsync();
        return (await running, Encoding.UTF8.GetString(output.ToArray()), error.ToString());
    }

    private sealed class FirstLine : MemoryStream
    {
        private readonly TaskCompletionSource<string> line = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task<string> Line => line.Task;

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            base.Write(buffer);
            Look();
        }

        public override void Write(byte[] buffer, int offset, int count)
        {
            base.Write(buffer, offset, count);
            Look();
        }

        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            await base.WriteAsync(buffer, cancellationToken);
            Look();
        }

        private void Look()
        {
            var text = Encoding.UTF8.GetString(ToArray());
            if (text.IndexOf('\n', StringComparison.Ordinal) is > 0 and var end) line.TrySetResult(text[..end]);
        }
    }
}
