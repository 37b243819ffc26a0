using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using PayOnce.Exporters.Api;
using PayOnce.Tests.Support;

namespace PayOnce.Tests.Exporters.Api;

/// <summary>One request is sent once, and what is called "not processed" provably was not. The other end is a plain socket that counts.</summary>
public sealed class AccountingClientTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    private readonly HttpMessageInvoker http = new(AccountingHandler.Create(EndpointRules.Parse(null, loopback: true).Rules!));
    private readonly ManualTime clock = new();
    private readonly AccountingClient client;

    public AccountingClientTests() => client = new AccountingClient(http, clock);

    public void Dispose() => http.Dispose();

    [Theory]
    [InlineData("200 OK", "", WireClass.Answered)]
    [InlineData("201 Created", "", WireClass.Answered)]
    [InlineData("204 No Content", "", WireClass.Answered)]
    [InlineData("301 Moved Permanently", "Location: /other\r\n", WireClass.Unknown)]
    [InlineData("302 Found", "Location: /other\r\n", WireClass.Unknown)]
    [InlineData("307 Temporary Redirect", "Location: /other\r\n", WireClass.Unknown)]
    [InlineData("308 Permanent Redirect", "Location: /other\r\n", WireClass.Unknown)]
    [InlineData("400 Bad Request", "", WireClass.Refused)]
    [InlineData("401 Unauthorized", "WWW-Authenticate: Basic\r\n", WireClass.Refused)]
    [InlineData("408 Request Timeout", "", WireClass.Unknown)]
    [InlineData("409 Conflict", "", WireClass.Refused)]
    [InlineData("429 Too Many Requests", "", WireClass.NotProcessed)]
    [InlineData("500 Internal Server Error", "Retry-After: 3\r\n", WireClass.Unknown)]
    [InlineData("502 Bad Gateway", "", WireClass.Unknown)]
    [InlineData("503 Service Unavailable", "", WireClass.Unknown)]
    [InlineData("503 Service Unavailable", "Retry-After: 3\r\n", WireClass.NotProcessed)]
    [InlineData("504 Gateway Timeout", "", WireClass.Unknown)]
    public async Task Each_answer_has_its_class_and_gives_exactly_one_request(string status, string headers, WireClass expected)
    {
        await using var server = RawServer.Answering(RawServer.Answer(status, headers: headers));
        var answer = await SendAsync(Post(server.Address));
        Assert.Equal((expected, int.Parse(status[..3], null)), (answer.Class, answer.Status));
        Assert.Equal(expected == WireClass.Answered, answer.Error is null);
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task An_answer_comes_whole_with_its_headers()
    {
        await using var server = RawServer.Answering(RawServer.Answer("200 OK", "{\"å\":1}", "ETag: W/\"1\"\r\nX-Two: a\r\nX-Two: b\r\n"));
        var answer = await SendAsync(Post(server.Address));
        Assert.Equal("{\"å\":1}", Encoding.UTF8.GetString(answer.Body.Span));
        Assert.Equal(("W/\"1\"", "a"), (answer.Headers["etag"], answer.Headers["x-two"]));
    }

    [Theory]
    [InlineData("7", 7)]
    [InlineData("Mon, 02 Mar 2026 07:01:00 GMT", 60)]
    [InlineData("Mon, 02 Mar 2026 06:00:00 GMT", 0)]
    [InlineData("soon", null)]
    public async Task Retry_After_is_read_as_seconds_or_as_a_date(string told, int? seconds)
    {
        await using var server = RawServer.Answering(RawServer.Answer("429 Too Many Requests", headers: $"Retry-After: {told}\r\n"));
        Assert.Equal(seconds, (await SendAsync(Post(server.Address))).RetryAfter?.TotalSeconds);
    }

    [Fact]
    public async Task A_port_where_nobody_listens_is_not_processed()
    {
        Uri address;
        await using (var gone = RawServer.Answering("")) address = gone.Address;
        var answer = await SendAsync(Post(address));
        Assert.Equal(WireClass.NotProcessed, answer.Class);
        Assert.Contains("refused", answer.Error, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task A_name_that_does_not_exist_is_not_processed()
    {
        var rules = EndpointRules.Parse(null, loopback: false, (_, _) => throw new SocketException((int)SocketError.HostNotFound)).Rules!;
        using var lost = new HttpMessageInvoker(AccountingHandler.Create(rules));
        var answer = await new AccountingClient(lost, clock).SendAsync(Post(new Uri("https://books.example/in")), Patience, Cancel);
        Assert.Equal(WireClass.NotProcessed, answer.Class);
    }

    [Fact]
    public async Task A_certificate_that_nobody_vouches_for_ends_it_before_a_byte_of_the_request_went_out()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UnixEpoch, new DateTimeOffset(2100, 1, 1, 0, 0, 0, TimeSpan.Zero));
        var received = 0;
        await using var server = new RawServer(async connection =>
        {
            await using var tls = new SslStream(connection.Stream);
            await tls.AuthenticateAsServerAsync(certificate);
            received += await tls.ReadAsync(new byte[1024], Cancel);
        });
        var answer = await SendAsync(Post(new Uri($"https://localhost:{server.Port}/in")));
        Assert.Equal(WireClass.NotProcessed, answer.Class);
        Assert.Contains("certificate", answer.Error, StringComparison.Ordinal);
        Assert.Equal(0, received);
    }

    [Fact]
    public async Task A_connection_that_is_reset_before_anything_was_read_is_at_best_provably_unused()
    {
        await using var server = new RawServer(connection =>
        {
            connection.Reset();
            return Task.CompletedTask;
        });
        // Whether the reset or the body is first is chance; what is handed to a connection is never called unprocessed.
        Assert.Contains((await SendAsync(Post(server.Address))).Class, new[] { WireClass.Unknown, WireClass.NotProcessed });
        Assert.Empty(server.Requests);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_connection_that_ends_after_the_request_gives_exactly_one_request(bool reset)
    {
        await using var server = new RawServer(async connection =>
        {
            await connection.ReadAsync();
            if (reset) connection.Reset();
        });
        Assert.Equal(WireClass.Unknown, (await SendAsync(Post(server.Address))).Class);
        Assert.Single(server.Requests);
        Assert.Equal(1, server.Connections);
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"claims\":", 200)]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{\"a\":", 200)]
    [InlineData("HTTP/1.1 400 Bad Request\r\nContent-Length: 100\r\n\r\n{\"error\":", 400)]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Le", null)]
    [InlineData("SSH-2.0-OpenSSH_9.6\r\n", null)]
    public async Task An_answer_that_breaks_off_or_is_none_is_unknown(string text, int? status)
    {
        await using var server = new RawServer(async connection =>
        {
            await connection.ReadAsync();
            await connection.WriteAsync(text);
        });
        var answer = await SendAsync(Post(server.Address));
        Assert.Equal((WireClass.Unknown, status, 0), (answer.Class, answer.Status, answer.Body.Length));
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task A_limit_that_was_told_is_believed_even_if_its_body_breaks_off()
    {
        await using var server = new RawServer(async connection =>
        {
            await connection.ReadAsync();
            await connection.WriteAsync("HTTP/1.1 429 Too Many Requests\r\nContent-Length: 100\r\n\r\n{");
        });
        Assert.Equal(WireClass.NotProcessed, (await SendAsync(Post(server.Address))).Class);
    }

    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(false, false)]
    public async Task On_a_connection_that_is_used_again_and_closed_under_the_request_there_is_exactly_one_request(bool body, bool reset)
    {
        await using var server = ClosingAtSecond(reset);
        Assert.Equal(WireClass.Answered, (await SendAsync(Post(server.Address, body))).Class);
        Assert.Equal(WireClass.Unknown, (await SendAsync(Post(server.Address, body))).Class);
        Assert.Equal(2, server.Requests.Count);
        Assert.Equal(1, server.Connections);
    }

    [Fact]
    public async Task The_handler_alone_would_send_it_again()
    {
        // What this pins is .NET's, not ours: should it change, the comment in AccountingClient has to.
        await using var server = ClosingAtSecond(reset: false);
        using var first = await http.SendAsync(new HttpRequestMessage(HttpMethod.Post, server.Address), Cancel);
        using var second = await http.SendAsync(new HttpRequestMessage(HttpMethod.Post, server.Address), Cancel);
        Assert.Equal(3, server.Requests.Count);
    }

    [Fact]
    public async Task A_connection_that_was_closed_while_idle_is_not_used_again()
    {
        await using var server = new RawServer(async connection =>
        {
            await connection.ReadAsync();
            await connection.WriteAsync(RawServer.Answer("200 OK"));
        });
        for (var i = 1; i <= 3; i++)
        {
            // Closed at once behind its answer, it is either found closed or met by the next request while it closes: never two requests.
            Assert.Contains((await SendAsync(Post(server.Address))).Class, new[] { WireClass.Answered, WireClass.Unknown });
            Assert.InRange(server.Requests.Count, 1, i);
        }
    }

    [Fact]
    public async Task A_body_is_handed_out_once()
    {
        using var content = new OnceContent(new StringContent("{}"));
        await content.CopyToAsync(Stream.Null, Cancel);
        await Assert.ThrowsAsync<HttpRequestException>(() => content.CopyToAsync(Stream.Null, Cancel));
        Assert.False(content.Withhold());
    }

    [Fact]
    public async Task A_body_that_was_withheld_is_never_handed_out()
    {
        using var content = new OnceContent(new StringContent("{}"));
        Assert.True(content.Withhold());
        await Assert.ThrowsAsync<HttpRequestException>(() => content.CopyToAsync(Stream.Null, Cancel));
        Assert.True(content.Withhold());
    }

    [Fact]
    public async Task Without_an_answer_in_time_by_the_injected_clock_it_is_unknown()
    {
        var arrived = new TaskCompletionSource();
        await using var server = new RawServer(async connection =>
        {
            await connection.ReadAsync();
            arrived.SetResult();
            await connection.StayAsync();
        });
        var sending = SendAsync(Post(server.Address));
        await arrived.Task;
        clock.Advance(Patience - TimeSpan.FromMilliseconds(1));
        Assert.False(sending.IsCompleted);
        clock.Advance(TimeSpan.FromMilliseconds(1));
        var answer = await sending;
        Assert.Equal((WireClass.Unknown, "No answer came within 30 seconds."), (answer.Class, answer.Error));
    }

    [Fact]
    public async Task An_answer_that_trickles_has_no_more_time_than_any_other()
    {
        var arrived = new TaskCompletionSource();
        await using var server = new RawServer(async connection =>
        {
            await connection.ReadAsync();
            await connection.WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{");
            arrived.SetResult();
            await connection.StayAsync();
        });
        var sending = SendAsync(Post(server.Address));
        await arrived.Task;
        clock.Advance(Patience);
        Assert.Equal(WireClass.Unknown, (await sending).Class);
    }

    [Fact]
    public async Task Time_that_runs_out_while_connecting_proves_that_nothing_was_processed()
    {
        var asked = new TaskCompletionSource();
        var rules = EndpointRules.Parse(null, loopback: false, async (_, cancel) =>
        {
            asked.SetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, cancel);
            return [];
        }).Rules!;
        using var slow = new HttpMessageInvoker(AccountingHandler.Create(rules));
        var sending = new AccountingClient(slow, clock).SendAsync(Post(new Uri("https://books.example/in")), Patience, Cancel);
        await asked.Task;
        clock.Advance(Patience);
        Assert.Equal(WireClass.NotProcessed, (await sending).Class);
    }

    [Fact]
    public async Task Stopped_while_it_is_under_way_it_is_unknown()
    {
        using var stop = new CancellationTokenSource();
        await using var server = new RawServer(async connection =>
        {
            await connection.ReadAsync();
            stop.Cancel();
            await connection.StayAsync();
        });
        Assert.Equal(WireClass.Unknown, (await client.SendAsync(Post(server.Address), Patience, stop.Token)).Class);
    }

    [Fact]
    public async Task Without_time_left_nothing_is_sent()
    {
        await using var server = RawServer.Answering(RawServer.Answer("200 OK"));
        Assert.Equal(WireClass.NotProcessed, (await client.SendAsync(Post(server.Address), TimeSpan.Zero, Cancel)).Class);
        Assert.Equal(0, server.Connections);
    }

    [Theory]
    [InlineData("http://books.example/in")]
    [InlineData("http://loopback/in")]
    [InlineData("https://kari:hunter2@books.example/in")]
    [InlineData("ftp://localhost/in")]
    public async Task An_address_that_would_carry_a_secret_in_the_open_is_not_sent_to(string address)
    {
        var answer = await SendAsync(Post(new Uri(address)));
        Assert.Equal(WireClass.NotProcessed, answer.Class);
        Assert.DoesNotContain("hunter2", answer.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_request_says_what_it_must_and_nothing_of_others()
    {
        await using var server = RawServer.Answering(RawServer.Answer("200 OK", headers: "Set-Cookie: a=b\r\n"));
        for (var i = 0; i < 2; i++)
        {
            var request = Post(server.Address);
            request.Headers.Host = "other.example";
            request.Headers.ExpectContinue = true;
            request.Version = HttpVersion.Version20;
            await SendAsync(request);
        }
        Assert.All(server.Requests, request => Assert.Equal($"POST /in HTTP/1.1\r\nHost: 127.0.0.1:{server.Port}\r\nContent-Type: application/json; charset=utf-8\r\nContent-Length: 2\r\n\r\n{{}}", request));
    }

    [Theory]
    [InlineData("Content-Encoding: gzip\r\nContent-Length: 1\r\n\r\n{")]
    [InlineData("Content-Length: 67108865\r\n\r\n{")]
    public async Task An_answer_that_is_packed_or_too_long_is_not_read(string rest)
    {
        await using var server = RawServer.Answering("HTTP/1.1 200 OK\r\n" + rest);
        var answer = await SendAsync(Post(server.Address));
        Assert.Equal((WireClass.Unknown, 200, 0), (answer.Class, answer.Status, answer.Body.Length));
    }

    [Fact]
    public async Task An_answer_without_an_end_is_cut_off()
    {
        var sent = 0L;
        await using var server = new RawServer(async connection =>
        {
            await connection.ReadAsync();
            await connection.WriteAsync("HTTP/1.1 200 OK\r\n\r\n");
            var megabyte = new byte[1024 * 1024];
            while (sent < 4L * AccountingClient.LongestBody)
            {
                await connection.WriteAsync(megabyte);
                sent += megabyte.Length;
            }
        });
        Assert.Equal((WireClass.Unknown, "The answer is longer than 64 MiB."), await SendAsync(Post(server.Address)) is var answer ? (answer.Class, answer.Error) : default);
        Assert.InRange(sent, 0, 2L * AccountingClient.LongestBody);
    }

    [Fact]
    public async Task Headers_without_an_end_are_cut_off()
    {
        await using var server = RawServer.Answering(RawServer.Answer("200 OK", headers: $"X: {new string('x', 100_000)}\r\n"));
        Assert.Equal(WireClass.Unknown, (await SendAsync(Post(server.Address))).Class);
    }

    [Fact]
    public async Task A_question_without_a_body_stays_without_one()
    {
        await using var server = RawServer.Answering(RawServer.Answer("200 OK"));
        await SendAsync(new HttpRequestMessage(HttpMethod.Get, server.Address));
        Assert.Equal($"GET /in HTTP/1.1\r\nHost: 127.0.0.1:{server.Port}\r\n\r\n", Assert.Single(server.Requests));
    }

    private static RawServer ClosingAtSecond(bool reset)
    {
        var closed = 0;
        return new RawServer(async connection =>
        {
            await connection.ReadAsync();
            await connection.WriteAsync(RawServer.Answer("200 OK"));
            // Once only: the handler gives up after some repetitions, and the test counts them.
            if (await connection.ReadAsync() is null) return;
            if (Interlocked.Increment(ref closed) > 1) await connection.WriteAsync(RawServer.Answer("200 OK"));
            else if (reset) connection.Reset();
        });
    }

    private Task<WireAnswer> SendAsync(HttpRequestMessage request) => client.SendAsync(request, Patience, Cancel);

    private static HttpRequestMessage Post(Uri address, bool body = true) =>
        new(HttpMethod.Post, address) { Content = body ? new StringContent("{}", Encoding.UTF8, "application/json") : null };
}
