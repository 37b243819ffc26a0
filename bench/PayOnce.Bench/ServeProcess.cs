using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Identity;
using PayOnce.Access;
using PayOnce.Stores;

namespace PayOnce.Bench;

/// <summary><c>payonce serve</c> as its users run it, in a process of its own, with a signed-in person and a program that may do everything.</summary>
public sealed partial class ServeProcess : IAsyncDisposable
{
    private const string Password = "correct horse battery staple";

    private const Permission Everything = Permission.Read | Permission.BringClaims | Permission.Sync | Permission.Decide | Permission.Configure;

    private readonly Process process;
    private readonly HttpClient person;
    private readonly HttpClient program;

    private ServeProcess(Process process, Uri address, string token)
    {
        this.process = process;
        person = Client();
        program = Client();
        program.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);

        HttpClient Client() => new(new SocketsHttpHandler { AllowAutoRedirect = false, MaxConnectionsPerServer = 64 }) { BaseAddress = address };
    }

    // Where the build puts the product, beside this program.
    private static string Program { get; } = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "..", "..", "PayOnce.App", Path.GetFileName(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar)), "payonce.dll"));

    /// <summary>Runs a command of the product to its end.</summary>
    public static Task<string> RunAsync(string? input, CancellationToken cancel, params string[] args) => Programs.RunAsync("dotnet", [Program, .. args], input, cancel);

    /// <summary>Starts it, signs in, and returns when it answers.</summary>
    public static async Task<ServeProcess> StartAsync(BenchDatabase database, string keys, CancellationToken cancel)
    {
        var token = $"po_bench_{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16))}";
        await using (var store = database.OpenStore())
        {
            await store.AddTokenAsync(SampleClaims.Organisation, new NewApiToken("bench", "bench", Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(token))), Everything, TimeSpan.FromDays(1)), "bench", cancel);
            var user = new NewUser("kari", "kari@example.org", "Kari Nordmann", Language: null, new PasswordHasher<object>().HashPassword(new object(), Password), "stamp");
            await store.AddUserAsync(user, isOperator: true, cancel);
            await store.SetMembershipAsync(new Membership(SampleClaims.Organisation, user.UserId, Role.Administrator, ClaimantId: null), "bench", cancel);
        }
        var start = new ProcessStartInfo("dotnet", [Program, "serve", "--urls", "http://127.0.0.1:0", "--postgres", database.Superuser, "--keys", keys]) { RedirectStandardInput = true, RedirectStandardOutput = true };
        start.Environment["PAYONCE_ALLOW_ENDPOINTS"] = "127.0.0.1";
        start.Environment["PAYONCE_REQUESTS_PER_SECOND"] = "100000";
        var process = Process.Start(start)!;
        process.StandardInput.Close();
        while (await process.StandardOutput.ReadLineAsync(cancel) is { } line)
        {
            if (Listens().Match(line) is not { Success: true } match) continue;
            _ = process.StandardOutput.BaseStream.CopyToAsync(Stream.Null, CancellationToken.None);
            var server = new ServeProcess(process, new Uri(match.Groups[1].Value), token);
            await server.SignInAsync(cancel);
            return server;
        }
        throw new InvalidOperationException("payonce serve ended before it listened.");
    }

    /// <summary>Asks once, as the program below <c>/api/</c> and as the person elsewhere; in milliseconds to the last byte. Throws if the answer is not what it must be.</summary>
    public async Task<double> AskAsync(string path, CancellationToken cancel)
    {
        var start = Stopwatch.GetTimestamp();
        using var answer = await (path.StartsWith("/api/", StringComparison.Ordinal) ? program : person).GetAsync(path, cancel);
        await answer.Content.CopyToAsync(Stream.Null, cancel);
        var time = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        // A search with one hit leads there.
        return (int)answer.StatusCode == (path.Contains("/search?", StringComparison.Ordinal) && !path.StartsWith("/api/", StringComparison.Ordinal) ? 302 : 200) ? time : throw new InvalidOperationException($"{path} was answered with {(int)answer.StatusCode}.");
    }

    /// <summary>The answer's text, whatever its status.</summary>
    public async Task<string> CallAsync(HttpMethod method, string path, string? json, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(method, path);
        if (json is not null) request.Content = new StringContent(json, Encoding.UTF8, "application/json");
        using var answer = await program.SendAsync(request, cancel);
        var text = await answer.Content.ReadAsStringAsync(cancel);
        return answer.IsSuccessStatusCode ? text : throw new InvalidOperationException($"{method} {path} was answered with {(int)answer.StatusCode}: {text}");
    }

    /// <summary>The kernel's high-water mark of its resident memory, in megabytes.</summary>
    public double PeakMegabytes => Field("VmHWM:") / 1024.0;

    /// <summary>Its resident memory now, in megabytes.</summary>
    public double Megabytes => Field("VmRSS:") / 1024.0;

    public async ValueTask DisposeAsync()
    {
        person.Dispose();
        program.Dispose();
        process.Kill();
        await process.WaitForExitAsync();
        process.Dispose();
    }

    private double Field(string name) =>
        double.Parse(File.ReadLines($"/proc/{process.Id}/status").First(line => line.StartsWith(name, StringComparison.Ordinal))[name.Length..].Replace("kB", "", StringComparison.Ordinal).Trim(), CultureInfo.InvariantCulture);

    private async Task SignInAsync(CancellationToken cancel)
    {
        var page = await person.GetStringAsync("/sign-in", cancel);
        var form = page[page.IndexOf("<form method=\"post\" class=\"narrow\"", StringComparison.Ordinal)..];
        var hidden = Hidden().Matches(form[..form.IndexOf("</form>", StringComparison.Ordinal)]).Select(tag => KeyValuePair.Create(tag.Groups[1].Value, System.Net.WebUtility.HtmlDecode(tag.Groups[2].Value)));
        using var answer = await person.PostAsync("/sign-in", new FormUrlEncodedContent([.. hidden, new("email", "kari@example.org"), new("password", Password)]), cancel);
        if ((int)answer.StatusCode != 302) throw new InvalidOperationException($"Signing in was answered with {(int)answer.StatusCode}.");
    }

    [GeneratedRegex(@"PayOnce listens on (http://127\.0\.0\.1:\d+)\.")]
    private static partial Regex Listens();

    [GeneratedRegex("<input[^>]*type=\"hidden\"[^>]*name=\"([^\"]*)\"[^>]*value=\"([^\"]*)\"")]
    private static partial Regex Hidden();
}
