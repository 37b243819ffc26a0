using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace PayOnce.Tests.Support;

/// <summary>A stand-in for a mail server: as much of RFC 5321 as a sender needs, over a real socket, and what goes wrong there on demand.</summary>
internal sealed class MailServer : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource end = new();
    private readonly Task serving;

    public MailServer()
    {
        listener.Start();
        serving = ServeAsync();
    }

    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    /// <summary>What it took: to whom, and the message as it came.</summary>
    public ConcurrentQueue<(IReadOnlyList<string> Recipients, string Message)> Taken { get; } = new();

    /// <summary>Answers a command otherwise than with its usual word; an empty answer breaks the connection off.</summary>
    public Func<string, string?> Otherwise { get; set; } = _ => null;

    public async ValueTask DisposeAsync()
    {
        await end.CancelAsync();
        listener.Stop();
        await serving;
        end.Dispose();
    }

    private async Task ServeAsync()
    {
        while (!end.IsCancellationRequested)
        {
            try
            {
                using var client = await listener.AcceptTcpClientAsync(end.Token);
                await TalkAsync(client.GetStream());
            }
            catch (Exception over) when (over is OperationCanceledException or IOException or SocketException)
            {
                // The sender went away, or the test is over.
            }
        }
    }

    private async Task TalkAsync(NetworkStream stream)
    {
        using var reader = new StreamReader(stream, Encoding.UTF8, leaveOpen: true);
        await using var writer = new StreamWriter(stream, new UTF8Encoding(false)) { NewLine = "\r\n", AutoFlush = true };
        var recipients = new List<string>();
        await writer.WriteLineAsync("220 mail.example.org");
        while (await reader.ReadLineAsync(end.Token) is { } command)
        {
            var answer = Otherwise(command) ?? Usual(command, recipients);
            if (answer.Length == 0) return;
            await writer.WriteLineAsync(answer);
            if (!answer.StartsWith("354", StringComparison.Ordinal)) continue;
            var message = new StringBuilder();
            while (await reader.ReadLineAsync(end.Token) is { } line && line != ".") message.Append(line).Append('\n');
            var taken = Otherwise(".") ?? "250 taken";
            if (taken.StartsWith("250", StringComparison.Ordinal)) Taken.Enqueue((recipients, message.ToString()));
            recipients = [];
            if (taken.Length == 0) return;
            await writer.WriteLineAsync(taken);
        }
    }

    private static string Usual(string command, List<string> recipients)
    {
        if (command.StartsWith("RCPT TO:<", StringComparison.Ordinal)) recipients.Add(command["RCPT TO:<".Length..command.IndexOf('>', StringComparison.Ordinal)]);
        return command.Split(' ')[0] switch
        {
            "EHLO" => "250-mail.example.org\r\n250-8BITMIME\r\n250 AUTH PLAIN",
            "AUTH" => "235 welcome",
            "DATA" => "354 go on",
            "QUIT" => "221 bye",
            _ => "250 well",
        };
    }
}
