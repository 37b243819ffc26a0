using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace PayOnce.Sandbox;

/// <summary>
/// What stands between a stand-in and its clients, and does to them what networks and proxies do. The request is read to its end first
/// and the answer held back until it is whole, so that "processed" and "answered" can be told apart.
/// </summary>
/// <param name="stopping">Ends what waits.</param>
internal sealed class Wire(IStandIn standIn, FaultPlan faults, TimeProvider clock, Action<RequestRecord>? log, CancellationToken stopping)
{
    private readonly Lock gate = new();
    private TaskCompletionSource? idle;
    private int underWay;

    public IStandIn StandIn => standIn;

    public FaultPlan Faults => faults;

    public async Task IdleAsync(CancellationToken cancel)
    {
        Task waited;
        lock (gate)
        {
            if (underWay == 0) return;
            idle ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            waited = idle.Task;
        }
        await waited.WaitAsync(cancel);
    }

    public async Task AnswerAsync(HttpContext context)
    {
        if (context.Request.Path.StartsWithSegments(ControlEndpoints.Root))
        {
            await ControlEndpoints.AnswerAsync(context, standIn, faults);
            return;
        }
        lock (gate) underWay++;
        try
        {
            if (await ReadAsync(context) is { } body) await ProcessAsync(context, body);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            context.Abort();
        }
        finally
        {
            lock (gate)
            {
                if (--underWay == 0)
                {
                    idle?.TrySetResult();
                    idle = null;
                }
            }
        }
    }

    /// <summary>The whole body; null if the client went before it had sent it, which no system processes.</summary>
    private static async Task<byte[]?> ReadAsync(HttpContext context)
    {
        try
        {
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body, context.RequestAborted);
            return body.ToArray();
        }
        catch (BadHttpRequestException fault)
        {
            context.Response.StatusCode = fault.StatusCode;
            return null;
        }
        catch (Exception fault) when (fault is IOException or OperationCanceledException)
        {
            return null;
        }
    }

    private async Task ProcessAsync(HttpContext context, byte[] body)
    {
        var record = new RequestRecord(
            clock.GetUtcNow(),
            context.Request.Method,
            context.Request.Path + context.Request.QueryString,
            context.Request.Headers.ToDictionary(h => h.Key.ToLowerInvariant(), h => h.Key.Equals("Authorization", StringComparison.OrdinalIgnoreCase) ? "" : h.Value.ToString(), StringComparer.Ordinal),
            body,
            Fault: null,
            Status: null);
        // With the method: a look-up and a creation may have the same path.
        var path = $"{context.Request.Method} {context.Request.Path.Value}";
        var fault = faults.TakeOnTheWire(path);
        // From here on it is processed whether or not somebody still listens.
        context.RequestAborted = CancellationToken.None;
        try
        {
            var status = await ApplyAsync(context, body, fault, new FaultContext(faults, path, clock));
            record = record with { Status = status };
        }
        finally
        {
            if (log is not null) lock (log) log(record with { Fault = fault?.Kind });
        }
    }

    /// <summary>Carries the fault out and returns the status that was answered; null if nothing was.</summary>
    private async Task<int?> ApplyAsync(HttpContext context, byte[] body, Fault? fault, FaultContext within)
    {
        switch (fault?.Kind)
        {
            case FaultKind.RequestLost:
                context.Abort();
                return null;
            case FaultKind.LateProcessing:
                context.Abort();
                await Task.Delay(fault.Delay, clock, stopping);
                await HandleAsync(context, body, within);
                return null;
            case FaultKind.TooManyRequests:
                return RetryLater(context, StatusCodes.Status429TooManyRequests, fault.Delay);
            case FaultKind.Unavailable:
                return RetryLater(context, StatusCodes.Status503ServiceUnavailable, fault.Delay);
            case FaultKind.ErrorBefore:
                return await ErrorAsync(context, fault.Status);
            case FaultKind.Redirect:
                context.Response.StatusCode = StatusCodes.Status307TemporaryRedirect;
                context.Response.Headers.Location = $"{context.Request.Scheme}://{context.Request.Host}/redirected{context.Request.Path}";
                return context.Response.StatusCode;
        }
        if (fault?.Kind == FaultKind.DuplicateDelivery) await HandleAsync(context, body, within);
        var answer = await HandleAsync(context, body, within);
        switch (fault?.Kind)
        {
            case FaultKind.AnswerLost:
                context.Abort();
                return null;
            case FaultKind.ErrorAfter:
                Forget(context);
                return await ErrorAsync(context, fault.Status);
            case FaultKind.LateAnswer:
                await Task.Delay(fault.Delay, clock, stopping);
                break;
            case FaultKind.Truncated:
                answer = answer[..(answer.Length / 2)];
                break;
            case FaultKind.Garbled:
                // A control character stands nowhere in JSON.
                for (var i = answer.Length / 3; i < answer.Length; i += 7) answer[i] = 0x01;
                break;
            case FaultKind.ResetMidBody:
                context.Response.ContentLength = answer.Length + 1;
                await context.Response.Body.WriteAsync(answer.AsMemory(0, answer.Length / 2), CancellationToken.None);
                await context.Response.Body.FlushAsync(CancellationToken.None);
                context.Abort();
                return null;
        }
        var status = context.Response.StatusCode;
        if (status is StatusCodes.Status204NoContent or StatusCodes.Status304NotModified) return status;
        context.Response.ContentLength = answer.Length;
        await context.Response.Body.WriteAsync(answer, CancellationToken.None);
        return status;
    }

    /// <summary>Lets the stand-in answer and returns the body of its answer; status and headers stand in the response.</summary>
    private async Task<byte[]> HandleAsync(HttpContext context, byte[] body, FaultContext within)
    {
        Forget(context);
        using var request = new MemoryStream(body, writable: false);
        using var answer = new MemoryStream();
        var wire = context.Features.GetRequiredFeature<IHttpResponseBodyFeature>();
        var held = new StreamResponseBodyFeature(answer);
        context.Request.Body = request;
        context.Features.Set<IHttpResponseBodyFeature>(held);
        try
        {
            await standIn.HandleAsync(context, within);
            await held.CompleteAsync();
        }
        finally
        {
            context.Features.Set(wire);
        }
        return answer.ToArray();
    }

    private static void Forget(HttpContext context)
    {
        if (context.Response.HasStarted) return;
        context.Response.StatusCode = StatusCodes.Status200OK;
        context.Response.Headers.Clear();
    }

    private static int RetryLater(HttpContext context, int status, TimeSpan after)
    {
        context.Response.StatusCode = status;
        context.Response.Headers.RetryAfter = ((long)Math.Ceiling(after.TotalSeconds)).ToString(System.Globalization.CultureInfo.InvariantCulture);
        return status;
    }

    private static async Task<int> ErrorAsync(HttpContext context, int status)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/html";
        await context.Response.WriteAsync("<html><body><h1>The server could not answer.</h1></body></html>", CancellationToken.None);
        return status;
    }
}
