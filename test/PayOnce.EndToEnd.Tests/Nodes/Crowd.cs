using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace PayOnce.EndToEnd.Tests.Nodes;

/// <summary>One of a crowd's answers.</summary>
internal sealed record CrowdAnswer(HttpStatusCode Status, string Text);

/// <summary>
/// Many requests that are under way at the same time, each on a connection of its own: of each body only blanks are sent, so that
/// none can be answered before all of them are there.
/// </summary>
internal sealed class Crowd : IDisposable
{
    // The server listens with a queue of 512; who finds it full asks again after a second.
    private const int ConnectAtOnce = 200;

    // A body that comes slower than 240 bytes a second is given up (Kestrel's default). A busy machine takes minutes to count so many.
    private static readonly TimeSpan Ahead = TimeSpan.FromSeconds(60), Every = TimeSpan.FromSeconds(20);

    private readonly Socket[] sockets;
    private readonly (string Path, string Json, string Header)[] requests;

    private Crowd((string Path, string Json, string Header)[] requests) => (this.requests, sockets) = (requests, new Socket[requests.Length]);

    /// <summary>Those who have an answer before they have asked.</summary>
    public int Refused => sockets.Count(socket => socket.Available > 0);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>Connects everybody, then begins every request.</summary>
    public static async Task<Crowd> GatherAsync(Uri server, string token, int number, Func<int, (string Path, string Json, string Header)> request)
    {
        var crowd = new Crowd([.. Enumerable.Range(0, number).Select(request)]);
        var address = new IPEndPoint(IPAddress.Parse(server.Host), server.Port);
        foreach (var wave in Enumerable.Range(0, number).Chunk(ConnectAtOnce))
        {
            await Task.WhenAll(wave.Select(async n =>
            {
                crowd.sockets[n] = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                await crowd.sockets[n].ConnectAsync(address, Cancel);
            }));
        }
        await crowd.SendAsync(n =>
            $"POST {crowd.requests[n].Path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\nContent-Type: application/json\r\nConnection: close\r\n{crowd.requests[n].Header}Transfer-Encoding: chunked\r\n\r\n{Blanks(Ahead)}");
        return crowd;
    }

    /// <summary>Keeps every request going for as long as <paramref name="other"/> takes.</summary>
    public async Task WhileAsync(Task other)
    {
        while (await Task.WhenAny(other, Task.Delay(Every, Cancel)) != other) await SendAsync(_ => Blanks(Every));
        await other;
    }

    /// <summary>Sends what each asks for, and reads what comes back.</summary>
    public async Task<IReadOnlyList<CrowdAnswer>> AnswersAsync()
    {
        await SendAsync(n => Chunk(requests[n].Json) + "0\r\n\r\n");
        return await Task.WhenAll(sockets.Select(ReadAsync));
    }

    public void Dispose()
    {
        foreach (var socket in sockets) socket?.Dispose();
    }

    private static string Blanks(TimeSpan enoughFor) => Chunk(new string(' ', (int)enoughFor.TotalSeconds * 240));

    private static string Chunk(string text) => FormattableString.Invariant($"{text.Length:x}\r\n{text}\r\n");

    // Who was refused has been hung up on, perhaps: the answer is there to read.
    private Task SendAsync(Func<int, string> text) => Task.WhenAll(sockets.Select(async (socket, n) =>
    {
        try
        {
            var bytes = Encoding.ASCII.GetBytes(text(n));
            for (var sent = 0; sent < bytes.Length;) sent += await socket.SendAsync(bytes.AsMemory(sent), Cancel);
        }
        catch (SocketException) when (socket.Available > 0)
        {
        }
    }));

    private static async Task<CrowdAnswer> ReadAsync(Socket socket)
    {
        var text = new StringBuilder();
        var piece = new byte[1024];
        while (await socket.ReceiveAsync(piece, Cancel) is > 0 and var read) text.Append(Encoding.Latin1.GetString(piece, 0, read));
        var answer = text.ToString();
        return answer.StartsWith("HTTP/1.1 ", StringComparison.Ordinal)
            ? new CrowdAnswer((HttpStatusCode)int.Parse(answer.AsSpan("HTTP/1.1 ".Length, 3), NumberStyles.None, CultureInfo.InvariantCulture), answer)
            : throw new InvalidDataException($"No answer, but \"{answer}\".");
    }
}
