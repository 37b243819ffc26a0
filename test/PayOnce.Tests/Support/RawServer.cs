using System.Net;
using System.Net.Sockets;
using System.Text;

namespace PayOnce.Tests.Support;

/// <summary>The other end of a connection, byte for byte: it counts what arrives and answers, closes or resets as told.</summary>
internal sealed class RawServer : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource stop = new();
    private readonly List<Task> serving = [];
    private readonly List<string> requests = [];
    private readonly Task accepting;

    /// <param name="serve">One connection, from its acceptance on.</param>
    public RawServer(Func<Connection, Task> serve)
    {
        listener.Start();
        accepting = AcceptAsync(serve);
    }

    /// <summary>Reads each request whole and answers it with this text.</summary>
    public static RawServer Answering(string answer) => new(async connection =>
    {
        while (await connection.ReadAsync() is not null) await connection.WriteAsync(answer);
    });

    public static string Answer(string status, string body = "", string headers = "") => $"HTTP/1.1 {status}\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\n{headers}\r\n{body}";

    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    public Uri Address => new($"http://127.0.0.1:{Port}/in");

    public int Connections { get; private set; }

    /// <summary>Every request that arrived whole: head and body.</summary>
    public IReadOnlyList<string> Requests
    {
        get
        {
            lock (requests) return [.. requests];
        }
    }

    public async ValueTask DisposeAsync()
    {
        stop.Cancel();
        await accepting;
        listener.Stop();
        await Task.WhenAll(serving);
        stop.Dispose();
    }

    private async Task AcceptAsync(Func<Connection, Task> serve)
    {
        try
        {
            while (true)
            {
                var client = await listener.AcceptTcpClientAsync(stop.Token);
                Connections++;
                serving.Add(ServeAsync(client, serve));
            }
        }
        catch (Exception fault) when (fault is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task ServeAsync(TcpClient client, Func<Connection, Task> serve)
    {
        using var _ = client;
        try
        {
            await serve(new Connection(this, client, stop.Token));
        }
        catch (Exception fault) when (fault is OperationCanceledException or IOException or SocketException or ObjectDisposedException)
        {
            // The client went, or the test is over.
        }
    }

    internal sealed class Connection(RawServer server, TcpClient client, CancellationToken stop)
    {
        private readonly NetworkStream stream = client.GetStream();

        public NetworkStream Stream => stream;

        /// <summary>The next whole request; null if the client closed.</summary>
        public async Task<string?> ReadAsync()
        {
            var text = new StringBuilder();
            var one = new byte[1];
            while (!text.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
            {
                if (await stream.ReadAsync(one, stop) == 0) return null;
                text.Append((char)one[0]);
            }
            var length = text.ToString().Split("\r\n").Where(line => line.StartsWith("Content-Length: ", StringComparison.Ordinal)).Select(line => int.Parse(line["Content-Length: ".Length..], null)).SingleOrDefault();
            var body = new byte[length];
            await stream.ReadExactlyAsync(body, stop);
            var request = text.Append(Encoding.UTF8.GetString(body)).ToString();
            lock (server.requests) server.requests.Add(request);
            return request;
        }

        public async Task WriteAsync(string text) => await stream.WriteAsync(Encoding.UTF8.GetBytes(text), stop);

        public async Task WriteAsync(ReadOnlyMemory<byte> bytes) => await stream.WriteAsync(bytes, stop);

        /// <summary>Breaks the connection off, so that the client's system reports a reset.</summary>
        public void Reset()
        {
            client.Client.LingerState = new LingerOption(true, 0);
            client.Close();
        }

        /// <summary>Waits until the client goes or the test is over.</summary>
        public async Task StayAsync()
        {
            var nothing = new byte[1024];
            while (await stream.ReadAsync(nothing, stop) > 0)
            {
            }
        }
    }
}
