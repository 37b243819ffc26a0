using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace PayOnce.EndToEnd.Tests.Nodes;

/// <summary>One of a crowd's answers.</summary>
internal sealed record CrowdAnswer(HttpStatusCode Status, string Text);

/// <summary>
/// Many requests that are under way at the same time, each on a connection of its own: all but the last byte of each is sent, so
/// that none can be answered before all of them are there.
/// </summary>
internal sealed class Crowd : IDisposable
{
    // The server listens with a queue of 512; who finds it full asks again after a second.
    private const int ConnectAtOnce = 200;

    // A body that comes slower than 240 bytes a second is given up (Kestrel's default): with so many, its last byte has 90 seconds. A busy machine took more than 45 to count them.
    private static readonly string Padding = new(' ', 90 * 240);

    private readonly Socket[] sockets;

    private Crowd(Socket[] sockets) => this.sockets = sockets;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>Connects everybody, then sends every request but for its last byte.</summary>
    public static async Task<Crowd> GatherAsync(Uri server, string token, int number, Func<int, (string Path, string Json, string Header)> request)
    {
        var crowd = new Crowd(new Socket[number]);
        var address = new IPEndPoint(IPAddress.Parse(server.Host), server.Port);
        foreach (var wave in Enumerable.Range(0, number).Chunk(ConnectAtOnce))
        {
            await Task.WhenAll(wave.Select(async n =>
            {
                crowd.sockets[n] = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                await crowd.sockets[n].ConnectAsync(address, Cancel);
            }));
        }
        await Task.WhenAll(crowd.sockets.Select((socket, n) =>
        {
            var (path, json, header) = request(n);
            var body = Padding + json;
            var head = FormattableString.Invariant(
                $"POST {path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\nContent-Type: application/json\r\nConnection: close\r\n{header}Content-Length: {body.Length}\r\n\r\n");
            return SendAsync(socket, head + body[..^1]);
        }));
        return crowd;
    }

    /// <summary>Sends the last byte of each, the closing brace, and reads what comes back.</summary>
    public async Task<IReadOnlyList<CrowdAnswer>> AnswersAsync()
    {
        await Task.WhenAll(sockets.Select(socket => SendAsync(socket, "}")));
        return await Task.WhenAll(sockets.Select(ReadAsync));
    }

    public void Dispose()
    {
        foreach (var socket in sockets) socket?.Dispose();
    }

    private static async Task SendAsync(Socket socket, string text)
    {
        var bytes = Encoding.ASCII.GetBytes(text);
        for (var sent = 0; sent < bytes.Length;) sent += await socket.SendAsync(bytes.AsMemory(sent), Cancel);
    }

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
