using System.Net;
using System.Net.Http.Headers;

namespace PayOnce.Simulator;

/// <summary>
/// The network between a process and the accounting systems. A request that left lives on by itself, whatever becomes of its sender;
/// it may be lost, late, repeated or cut off, and so may its answer.
/// </summary>
/// <remarks>No async method: each answer is completed from an event of the pump, with no context current.</remarks>
internal sealed class Wire(World world, Process process) : HttpMessageHandler
{
    private static readonly int[] Errors = [500, 502, 504];

    private Pump Pump => world.Pump;

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var answered = new TaskCompletionSource<HttpResponseMessage>();
        cancellationToken.Register(() => Pump.At(TimeSpan.Zero, () => answered.TrySetCanceled(cancellationToken), process));
        var ledger = world.LedgerAt(request.RequestUri!.Port);
        // The library that signs in comes back on another thread once it has waited: its requests are answered at once and never fail.
        if (request.RequestUri.AbsolutePath.EndsWith("/token", StringComparison.Ordinal)) return Task.FromResult(Response(ledger.Answer(Leave(request), [], () => TimeSpan.Zero)));
        if (world.Trouble.ConnectionIsRefused(ledger))
        {
            world.Tell(process.Holder, $"gets no connection to {ledger}");
            Fail(answered, Way(), HttpRequestError.ConnectionError, "No connection.");
            return answered.Task;
        }
        var left = Leave(request);
        var route = ledger.Route(left.Method, left.Address.AbsolutePath, left.Body);
        world.Judge.Leaves(process, ledger, route, left);
        if (route == "send") world.Tell(process.Holder, $"sends {world.ClaimsIn(left.Text)} to {ledger}");
        var fault = world.Trouble.OnTheWire(route, ledger.MayRepeat && route == "send");
        if (fault is { } struck) world.Tell("network", $"{struck.Text()}: {(route == "send" ? world.ClaimsIn(left.Text) : route)} of {process.Holder}", detail: route != "send");
        if (world.Trial.Planted?.SendsAgainAfterReset == true && fault is Fault.RequestReset or Fault.AnswerReset && route == "send") Deliver(ledger, route, left, Way(), _ => { });
        Travel(ledger, route, left, fault, answered);
        return answered.Task;
    }

    private void Travel(Ledger ledger, string route, Request left, Fault? fault, TaskCompletionSource<HttpResponseMessage> answered)
    {
        switch (fault)
        {
            case Fault.RequestDropped:
                return;
            case Fault.RequestReset:
                Fail(answered, Way(), HttpRequestError.ResponseEnded, "The connection was reset.");
                return;
            case Fault.TooManyRequests or Fault.Unavailable:
                Answer(answered, Way(), new Reply(fault == Fault.Unavailable ? 503 : 429, new Dictionary<string, string> { ["Retry-After"] = "2" }, []));
                return;
            case Fault.ErrorBefore:
                Answer(answered, Way(), Error());
                return;
            case Fault.Redirect:
                Answer(answered, Way(), new Reply(307, new Dictionary<string, string> { ["Location"] = left.Address.AbsoluteUri }, []));
                return;
            case Fault.Duplicate:
                Deliver(ledger, route, left, LongWay(), _ => { }, twice: true);
                break;
        }
        Deliver(ledger, route, left, fault == Fault.LateArrival ? LongWay() : Way(), reply =>
        {
            switch (fault)
            {
                case Fault.AnswerDropped:
                    break;
                case Fault.AnswerReset:
                    Fail(answered, Way(), HttpRequestError.ResponseEnded, "The connection was reset.");
                    break;
                case Fault.ErrorAfter:
                    Answer(answered, Way(), Error());
                    break;
                case Fault.Truncated:
                    Answer(answered, Way(), reply with { Body = reply.Body[..(reply.Body.Length / 2)] });
                    break;
                case Fault.Garbled:
                    var garbled = reply.Body.ToArray();
                    // A control character stands nowhere in JSON.
                    for (var i = garbled.Length / 3; i < garbled.Length; i += 7) garbled[i] = 0x01;
                    Answer(answered, Way(), reply with { Body = garbled });
                    break;
                default:
                    Answer(answered, fault == Fault.LateAnswer ? LongWay() : Way(), reply);
                    break;
            }
        }, twice: fault == Fault.Duplicate);
    }

    // What is delivered twice meets no other trouble: refused for a token the first time and taken the second, it would have been provably
    // refused and booked after all, and no system that forgets its keys could be sent anything again.
    private void Deliver(Ledger ledger, string route, Request left, TimeSpan way, Action<Reply> answer, bool twice = false) => Pump.At(way, () =>
    {
        var faults = twice ? [] : world.Trouble.Within(route).ToList();
        foreach (var fault in faults) world.Tell(ledger.ToString(), $"{fault.Text()} while it answers", detail: route != "send");
        var reply = ledger.Answer(left, faults, () => world.Choices.Between("stand-in's delay", TimeSpan.Zero, Climate.LongestWay / 2));
        if (route is "send" or "post") world.Tell(ledger.ToString(), FormattableString.Invariant($"has {(route == "send" ? world.ClaimsIn(left.Text) : route)} and answers {reply.Status}"));
        if (route != "read") world.Judge.Booked(ledger);
        answer(reply);
    });

    private void Answer(TaskCompletionSource<HttpResponseMessage> answered, TimeSpan way, Reply reply) => Pump.At(way, () => answered.TrySetResult(Response(reply)), process);

    private static HttpResponseMessage Response(Reply reply)
    {
        var response = new HttpResponseMessage((HttpStatusCode)reply.Status) { Content = new ByteArrayContent(reply.Body) };
        foreach (var (name, value) in reply.Headers)
        {
            if (name.Equals("Content-Type", StringComparison.OrdinalIgnoreCase)) response.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(value);
            else if (!name.StartsWith("Content-", StringComparison.OrdinalIgnoreCase)) response.Headers.TryAddWithoutValidation(name, value);
        }
        return response;
    }

    private void Fail(TaskCompletionSource<HttpResponseMessage> answered, TimeSpan way, HttpRequestError error, string words) =>
        Pump.At(way, () => answered.TrySetException(new HttpRequestException(error, words)), process);

    // The moment the bytes are out: whatever reads them from here on is the network.
    private static Request Leave(HttpRequestMessage request)
    {
        var body = new MemoryStream();
        if (request.Content is { } content)
        {
            var copied = content.CopyToAsync(body);
            if (!copied.IsCompletedSuccessfully) throw new InvalidOperationException("A request's body must be ready when it is sent.", copied.Exception);
        }
        var headers = request.Headers.NonValidated.Concat(request.Content?.Headers.NonValidated ?? default).Select(header => (header.Key, header.Value.ToString()));
        return new Request(request.Method, request.RequestUri!, [.. headers], body.ToArray());
    }

    private Reply Error() => new(world.Choices.Of("error", Errors), new Dictionary<string, string> { ["Content-Type"] = "text/html" }, "<html>The server could not answer.</html>"u8.ToArray());

    private TimeSpan Way() => world.Choices.Between("way", TimeSpan.FromMilliseconds(5), TimeSpan.FromMilliseconds(200));

    private TimeSpan LongWay() => world.Choices.Between("long way", TimeSpan.FromSeconds(2), Climate.LongestWay);
}
