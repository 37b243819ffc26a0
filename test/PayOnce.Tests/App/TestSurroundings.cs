using System.Text;
using PayOnce.App;
using PayOnce.App.Host;
using PayOnce.Tests.Support;

namespace PayOnce.Tests.App;

/// <summary>The command line inside the test's process, over a folder of its own.</summary>
internal static class TestSurroundings
{
    public static Surroundings Create(Func<string, string?>? variables = null, string? folder = null, Stream? output = null, TextWriter? error = null, string input = "", TimeProvider? clock = null, int? width = null, INode? node = null) =>
        new(variables ?? (_ => null), folder ?? Path.GetTempPath(), "kari", new MemoryStream(Encoding.UTF8.GetBytes(input)), output ?? Stream.Null, error ?? TextWriter.Null,
            width, ErrorIsTerminal: false, clock ?? new ManualTime(), node ?? new ProcessNode());

    /// <summary>Carries out one command line.</summary>
    public static async Task<(int Exit, string Output, string Error)> RunAsync(string folder, string[] args, string input, Func<string, string?> variables, CancellationToken stop, INode? node = null)
    {
        using var output = new MemoryStream();
        await using var error = new StringWriter();
        var exit = await Cli.RunAsync(args, Create(variables, folder, output, error, input, TimeProvider.System, node: node), stop);
        return (exit, Encoding.UTF8.GetString(output.ToArray()), error.ToString());
    }
}
