using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using PayOnce.Sandbox;

namespace PayOnce.Tests.Sandbox;

public sealed class WireFaultTests : IAsyncDisposable
{
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(300);

    private readonly CountingStandIn standIn = new();
    private readonly ConcurrentQueue<RequestRecord> arrived = new();
    private readonly HttpClient client = new(new SocketsHttpHandler { AllowAutoRedirect = false });
    private SandboxHost? sandbox;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Without_a_fault_the_stand_ins_own_answer_arrives()
    {
        var (status, body, headers) = await PostAsync();

        Assert.Equal(HttpStatusCode.Created, status);
        Assert.Equal(CountingStandIn.Answer, body);
        Assert.Contains("ETag", headers, StringComparison.Ordinal);
        Assert.Single(standIn.Bookings);
    }

    [Theory]
    [InlineData(FaultKind.AnswerLost, 1)]
    [InlineData(FaultKind.RequestLost, 0)]
    [InlineData(FaultKind.ResetMidBody, 1)]
    [InlineData(FaultKind.LateProcessing, 1)]
    public async Task A_cut_connection_is_no_answer_and_the_booking_says_whether_it_was_processed(FaultKind kind, int booked)
    {
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => PostAsync(new ScriptedFault(kind, Delay: Short)));

        await sandbox!.IdleAsync(Cancel);
        Assert.Equal(booked, standIn.Bookings.Count);
        Assert.Null(Assert.Single(arrived).Status);
    }

    [Fact]
    public async Task A_request_that_is_processed_late_is_not_booked_before()
    {
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => PostAsync(new ScriptedFault(FaultKind.LateProcessing, Delay: TimeSpan.FromHours(1))));

        Assert.Empty(standIn.Bookings);
        Assert.False(sandbox!.IdleAsync(Cancel).IsCompleted);
    }

    [Theory]
    [InlineData(FaultKind.TooManyRequests, 429, 0)]
    [InlineData(FaultKind.Unavailable, 503, 0)]
    [InlineData(FaultKind.ErrorBefore, 504, 0)]
    [InlineData(FaultKind.ErrorAfter, 504, 1)]
    [InlineData(FaultKind.Redirect, 307, 0)]
    [InlineData(FaultKind.DuplicateDelivery, 201, 2)]
    [InlineData(FaultKind.LateAnswer, 201, 1)]
    public async Task An_answer_in_place_of_the_real_one_says_nothing_of_what_was_booked(FaultKind kind, int status, int booked)
    {
        var (answered, _, headers) = await PostAsync(new ScriptedFault(kind, Status: 504, Delay: Short));

        Assert.Equal(status, (int)answered);
        Assert.Equal(booked, standIn.Bookings.Count);
        Assert.Equal(kind is FaultKind.TooManyRequests or FaultKind.Unavailable, headers.Contains("Retry-After: 1", StringComparison.Ordinal));
        Assert.Equal(kind, Assert.Single(arrived).Fault);
    }

    [Theory]
    [InlineData(FaultKind.Truncated)]
    [InlineData(FaultKind.Garbled)]
    public async Task A_damaged_answer_is_a_whole_message_that_is_no_json(FaultKind kind)
    {
        var (status, body, _) = await PostAsync(new ScriptedFault(kind));

        Assert.Equal(HttpStatusCode.Created, status);
        Assert.ThrowsAny<JsonException>(() => JsonDocument.Parse(body));
        Assert.Single(standIn.Bookings);
    }

    [Fact]
    public async Task A_client_that_is_killed_disturbs_nobody_and_what_it_had_sent_whole_is_processed()
    {
        await StartAsync();
        await SendRawAsync("POST /killed HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nwhole");
        await SendRawAsync("POST /killed HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhal");
        await SendRawAsync("POST /kil");

        var (status, _, _) = await PostAsync();
        while (standIn.Bookings.Count < 2) await Task.Delay(5, Cancel);
        await sandbox!.IdleAsync(Cancel);

        Assert.Equal(HttpStatusCode.Created, status);
        Assert.Equal(["a claim", "whole"], standIn.Bookings.Select(b => b.Key).Order());
    }

    [Fact]
    public async Task Another_process_decides_what_goes_wrong_and_sees_what_was_booked()
    {
        await StartAsync();
        var put = await client.PutAsync(
            new Uri(sandbox!.Address, "_sandbox/faults"),
            new StringContent("""{"seed":3,"rates":{"answer-lost":0.5},"script":[{"fault":"error-after","status":502,"path":"/claims","after":1}]}"""),
            Cancel);
        Assert.Equal(HttpStatusCode.OK, put.StatusCode);
        sandbox.Faults.Rate(FaultKind.AnswerLost, 0);

        Assert.Equal(HttpStatusCode.Created, (await PostAsync()).Status);
        Assert.Equal(HttpStatusCode.BadGateway, (await PostAsync()).Status);
        Assert.Equal(HttpStatusCode.Created, (await PostAsync()).Status);

        Assert.Equal("""{"count":3}""", await client.GetStringAsync(new Uri(sandbox.Address, "_sandbox/state"), Cancel));
        var bookings = await client.GetFromJsonAsync<JsonElement>(new Uri(sandbox.Address, "_sandbox/bookings"), Cancel);
        Assert.Equal("a claim", bookings[2].GetProperty("key").GetString());
        var faults = await client.GetFromJsonAsync<JsonElement>(new Uri(sandbox.Address, "_sandbox/faults"), Cancel);
        Assert.Equal(1, faults.GetProperty("happened").GetProperty("error-after").GetInt32());
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("{")]
    [InlineData("""{"rates":{"answer-lost":2}}""")]
    [InlineData("""{"rates":{"no-such":0.1}}""")]
    [InlineData("""{"rates":7}""")]
    [InlineData("""{"script":[{"fault":"error-after","status":201}]}""")]
    [InlineData("""{"script":[{"fault":"error-after","tims":1}]}""")]
    [InlineData("""{"sed":7}""")]
    [InlineData("""{"delayMs":-1}""")]
    public void A_fault_plan_that_cannot_be_meant_is_refused_and_changes_nothing(string json)
    {
        var plan = new FaultPlan().Rate(FaultKind.Garbled, 0.25);

        Assert.NotNull(FaultPlanJson.Apply(Encoding.UTF8.GetBytes(json), plan));
        Assert.Equal(0.25, plan.Rates[FaultKind.Garbled]);
    }

    [Fact]
    public void Equal_seeds_draw_equal_faults_at_the_share_that_was_asked_for()
    {
        List<FaultKind?> Draw(ulong seed)
        {
            var plan = new FaultPlan(seed);
            Assert.Null(FaultPlanJson.ApplyRates("answer-lost=0.1, error-after=0.05", plan));
            return [.. Enumerable.Range(0, 10_000).Select(_ => plan.TakeOnTheWire("/")?.Kind)];
        }

        var drawn = Draw(5);
        Assert.Equal(drawn, Draw(5));
        Assert.NotEqual(drawn, Draw(6));
        Assert.InRange(drawn.Count(kind => kind == FaultKind.AnswerLost), 900, 1100);
        Assert.InRange(drawn.Count(kind => kind == FaultKind.ErrorAfter), 380, 520);
    }

    public async ValueTask DisposeAsync()
    {
        if (sandbox is not null) await sandbox.DisposeAsync();
        client.Dispose();
    }

    private async Task StartAsync() => sandbox ??= await SandboxServer.StartAsync(standIn, log: arrived.Enqueue, cancel: Cancel);

    private async Task<(HttpStatusCode Status, string Body, string Headers)> PostAsync(params ScriptedFault[] faults)
    {
        await StartAsync();
        sandbox!.Faults.Script(faults);
        using var response = await client.PostAsync(new Uri(sandbox.Address, "claims"), new StringContent("a claim"), Cancel);
        return (response.StatusCode, await response.Content.ReadAsStringAsync(Cancel), response.Headers.ToString());
    }

    // What the system does to the sockets of a process that is killed: closed at once, with a reset.
    private async Task SendRawAsync(string text)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { LingerState = new LingerOption(true, 0) };
        await socket.ConnectAsync(IPAddress.Loopback, sandbox!.Address.Port, Cancel);
        await socket.SendAsync(Encoding.ASCII.GetBytes(text), Cancel);
        // The bytes must be out of the reset's way.
        await Task.Delay(100, Cancel);
    }
}
