using System.Net;
using System.Net.Sockets;

namespace PayOnce.Tests.Support;

/// <summary>What the network does to a COMMIT.</summary>
public enum LostCommit
{
    /// <summary>The server commits; its answer never comes.</summary>
    AnswerSwallowed,

    /// <summary>The connection breaks before the server has heard of it.</summary>
    NeverArrives,
}

/// <summary>A stretch of network between a client and PostgreSQL that breaks when it is told to: real sockets, real loss.</summary>
public sealed class TcpProxy : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource stop = new();
    private readonly List<Task> connections = [];
    private readonly Queue<LostCommit> planned = new();
    private readonly Lock one = new();
    private readonly int server;
    private readonly Task accepting;

    public TcpProxy(int server)
    {
        this.server = server;
        listener.Start();
        accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    /// <summary>Commits that were lost.</summary>
    public int Lost { get; private set; }

    /// <summary>Connections that were made.</summary>
    public int Connections { get; private set; }

    /// <summary>True while whoever connects is turned away at once.</summary>
    public bool Closed { get; set; }

    /// <summary>The next COMMIT, and with several the ones after it, whichever connection they come on.</summary>
    public void LoseCommits(params LostCommit[] how)
    {
        lock (one)
            foreach (var each in how) planned.Enqueue(each);
    }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        listener.Dispose();
        await accepting;
        await Task.WhenAll(connections);
        stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var client = await listener.AcceptTcpClientAsync(stop.Token);
                if (Closed)
                {
                    client.Dispose();
                    continue;
                }
                Connections++;
                connections.Add(CarryAsync(client));
            }
        }
        catch (Exception end) when (end is OperationCanceledException or SocketException or ObjectDisposedException)
        {
        }
    }

    private async Task CarryAsync(TcpClient client)
    {
        using var broken = CancellationTokenSource.CreateLinkedTokenSource(stop.Token);
        using (client)
        using (var upstream = new TcpClient())
        {
            try
            {
                await upstream.ConnectAsync(IPAddress.Loopback, server, broken.Token);
                client.NoDelay = upstream.NoDelay = true;
                var swallow = false;
                var up = CopyAsync(client.GetStream(), upstream.GetStream(), sent =>
                {
                    if (!IsCommit(sent) || !TryTake(out var how)) return true;
                    if (how == LostCommit.NeverArrives) return false;
                    swallow = true;
                    return true;
                }, broken.Token);
                var down = CopyAsync(upstream.GetStream(), client.GetStream(), _ => !swallow, broken.Token);
                await Task.WhenAny(up, down);
                await broken.CancelAsync();
                await Task.WhenAll(up, down);
            }
            catch (Exception end) when (end is OperationCanceledException or IOException or SocketException)
            {
            }
        }
    }

    /// <summary>Ends when a side closes, or when <paramref name="pass"/> says that the network breaks here.</summary>
    private static async Task CopyAsync(NetworkStream from, NetworkStream to, Func<ReadOnlyMemory<byte>, bool> pass, CancellationToken cancel)
    {
        var buffer = new byte[1 << 16];
        while (await from.ReadAsync(buffer, cancel) is > 0 and var length && pass(buffer.AsMemory(0, length))) await to.WriteAsync(buffer.AsMemory(0, length), cancel);
    }

    /// <summary>A simple query: type, length, text, zero.</summary>
    private static bool IsCommit(ReadOnlyMemory<byte> sent) => sent.Span.IndexOf("Q\0\0\0\vCOMMIT\0"u8) >= 0;

    private bool TryTake(out LostCommit how)
    {
        lock (one)
        {
            if (!planned.TryDequeue(out how)) return false;
            Lost++;
            return true;
        }
    }
}
