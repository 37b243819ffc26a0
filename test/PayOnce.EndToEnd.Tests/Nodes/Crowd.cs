using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace PayOnce.EndToEnd.Tests.Nodes;

/// <summary>One of a crowd's answers.</summary>
internal sealed record CrowdAnswer(HttpStatusCode Status, string Text)
{
    /// <exception cref="InvalidDataException">It is no answer.</exception>
    public static CrowdAnswer Of(string text) => text.StartsWith("HTTP/1.1 ", StringComparison.Ordinal)
        ? new CrowdAnswer((HttpStatusCode)int.Parse(text.AsSpan("HTTP/1.1 ".Length, 3), NumberStyles.None, CultureInfo.InvariantCulture), text)
        : throw new InvalidDataException($"No answer, but \"{text}\".");

    /// <summary>What who waited too long for one of the few connections to the database is told, as documented.</summary>
    public bool SaysUnavailable => Status is HttpStatusCode.ServiceUnavailable && Text.Contains("unavailable", StringComparison.Ordinal) && Text.Contains("Retry-After", StringComparison.Ordinal);
}

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

    private readonly IPEndPoint server;
    private readonly string token;
    private readonly (string Path, string Json, string Header)[] requests;
    private readonly Socket[] sockets;

    private Crowd(IPEndPoint server, string token, (string Path, string Json, string Header)[] requests) =>
        (this.server, this.token, this.requests, sockets) = (server, token, requests, new Socket[requests.Length]);

    /// <summary>How often one of them was told that the database is unavailable, and asked again.</summary>
    public int AskedAgain { get; private set; }

    /// <summary>How often one of them was hung up on without an answer, and asked again: who is refused while still sending may not hear it.</summary>
    public int Unheard { get; private set; }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>Connects everybody, then begins every request.</summary>
    public static async Task<Crowd> GatherAsync(Uri server, string token, int number, Func<int, (string Path, string Json, string Header)> request)
    {
        var crowd = new Crowd(new IPEndPoint(IPAddress.Parse(server.Host), server.Port), token, [.. Enumerable.Range(0, number).Select(request)]);
        var everybody = Enumerable.Range(0, number).ToList();
        await crowd.ConnectAsync(everybody);
        await crowd.SendAsync(everybody, crowd.Beginning);
        return crowd;
    }

    /// <summary>Keeps every request going for as long as <paramref name="other"/> takes; who is told that the database is unavailable asks again.</summary>
    /// <exception cref="InvalidDataException">Somebody was answered otherwise.</exception>
    public async Task WhileAsync(Task other)
    {
        while (await Task.WhenAny(other, Task.Delay(Every, Cancel)) != other)
        {
            var answered = Everybody().Where(n => sockets[n].Poll(TimeSpan.Zero, SelectMode.SelectRead)).ToList();
            foreach (var n in answered)
            {
                var text = await ReadAsync(sockets[n]);
                if (text.Length == 0) Unheard++;
                else if (!CrowdAnswer.Of(text).SaysUnavailable) throw new InvalidDataException($"Answered before it was asked: \"{text}\".");
                sockets[n].Dispose();
            }
            AskedAgain += answered.Count;
            await ConnectAsync(answered);
            await SendAsync(answered, Beginning);
            await SendAsync(Everybody().Except(answered), _ => Blanks(Every));
        }
        await other;
    }

    /// <summary>Sends what each asks for, and reads what comes back; who is hung up on asks once more.</summary>
    public async Task<IReadOnlyList<CrowdAnswer>> AnswersAsync()
    {
        await SendAsync(Everybody(), n => Chunk(requests[n].Json) + "0\r\n\r\n");
        var answers = await Task.WhenAll(sockets.Select(ReadAsync));
        var unheard = Everybody().Where(n => answers[n].Length == 0).ToList();
        Unheard += unheard.Count;
        foreach (var n in unheard) sockets[n].Dispose();
        await ConnectAsync(unheard);
        await SendAsync(unheard, n => Beginning(n) + Chunk(requests[n].Json) + "0\r\n\r\n");
        foreach (var n in unheard) answers[n] = await ReadAsync(sockets[n]);
        return [.. answers.Select(CrowdAnswer.Of)];
    }

    public void Dispose()
    {
        foreach (var socket in sockets) socket?.Dispose();
    }

    private IEnumerable<int> Everybody() => Enumerable.Range(0, sockets.Length);

    private async Task ConnectAsync(IEnumerable<int> whom)
    {
        foreach (var wave in whom.Chunk(ConnectAtOnce))
        {
            await Task.WhenAll(wave.Select(async n =>
            {
                sockets[n] = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                await sockets[n].ConnectAsync(server, Cancel);
            }));
        }
    }

    private string Beginning(int n) =>
        $"POST {requests[n].Path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\nContent-Type: application/json\r\nConnection: close\r\n{requests[n].Header}Transfer-Encoding: chunked\r\n\r\n{Blanks(Ahead)}";

    private static string Blanks(TimeSpan enoughFor) => Chunk(new string(' ', (int)enoughFor.TotalSeconds * 240));

    private static string Chunk(string text) => FormattableString.Invariant($"{text.Length:x}\r\n{text}\r\n");

    // Who was refused has been hung up on, perhaps: reading tells.
    private Task SendAsync(IEnumerable<int> whom, Func<int, string> text) => Task.WhenAll(whom.Select(async n =>
    {
        var socket = sockets[n];
        try
        {
            var bytes = Encoding.ASCII.GetBytes(text(n));
            for (var sent = 0; sent < bytes.Length;) sent += await socket.SendAsync(bytes.AsMemory(sent), Cancel);
        }
        catch (SocketException)
        {
        }
    }));

    // Until the server hangs up: what can be read by then is the answer.
    private static async Task<string> ReadAsync(Socket socket)
    {
        var text = new StringBuilder();
        var piece = new byte[1024];
        try
        {
            while (await socket.ReceiveAsync(piece, Cancel) is > 0 and var read) text.Append(Encoding.Latin1.GetString(piece, 0, read));
        }
        catch (SocketException)
        {
        }
        return text.ToString();
    }
}
