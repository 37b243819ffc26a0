using System.Diagnostics;
using System.Text.Json;

namespace PayOnce.Bench;

/// <summary>Programs that a benchmark runs to their end.</summary>
public static class Programs
{
    /// <summary>Our side, as this same program in another process.</summary>
    public static async Task<SideResult> RunSideAsync(CancellationToken cancel, params string[] args)
    {
        // "dotnet PayOnce.Bench.dll side …": the same whether we were started by our own executable or by dotnet.
        var output = await RunAsync("dotnet", [typeof(Programs).Assembly.Location, "side", .. args], input: null, cancel);
        return JsonSerializer.Deserialize<SideResult>(output)!;
    }

    /// <summary>Runs a program with a text on its standard input and returns what it wrote; throws if it failed.</summary>
    public static async Task<string> RunAsync(string program, IReadOnlyList<string> args, string? input, CancellationToken cancel)
    {
        using var process = Process.Start(new ProcessStartInfo(program, args) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true })!;
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(cancel);
            var errors = process.StandardError.ReadToEndAsync(cancel);
            if (input is not null) await process.StandardInput.WriteAsync(input.AsMemory(), cancel);
            process.StandardInput.Close();
            await process.WaitForExitAsync(cancel);
            return process.ExitCode == 0 ? await output : throw new InvalidOperationException($"{program} ended with exit code {process.ExitCode}: {await errors}{await output}");
        }
        finally
        {
            if (!process.HasExited) process.Kill(entireProcessTree: true);
        }
    }

    /// <summary>Throws unless both files have the same bytes.</summary>
    public static async Task MustBeEqualAsync(string ours, string floor, CancellationToken cancel)
    {
        var (oursHash, floorHash) = (await HashAsync(ours, cancel), await HashAsync(floor, cancel));
        if (oursHash != floorHash) throw new InvalidOperationException($"The two sides wrote different files: {ours} and {floor}.");
    }

    private static async Task<string> HashAsync(string path, CancellationToken cancel)
    {
        await using var file = File.OpenRead(path);
        return Convert.ToHexString(await System.Security.Cryptography.SHA256.HashDataAsync(file, cancel));
    }
}

/// <summary>What a side reports of itself.</summary>
public sealed record SideResult(long Claims, long PeakBytes);
