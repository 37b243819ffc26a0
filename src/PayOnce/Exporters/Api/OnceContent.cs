using System.Net;

namespace PayOnce.Exporters.Api;

/// <summary>
/// A request's body that goes to the network once, whatever the layers below think: a handler that repeats a request on a new
/// connection finds nothing to send. It also knows whether it was asked for at all, which is the proof that nothing was processed.
/// </summary>
internal sealed class OnceContent : HttpContent
{
    private const int Untouched = 0;
    private const int Taken = 1;
    private const int Withheld = 2;

    private readonly HttpContent body;
    private int state;

    public OnceContent(HttpContent body)
    {
        this.body = body;
        foreach (var (name, values) in body.Headers.NonValidated) Headers.TryAddWithoutValidation(name, values);
    }

    /// <summary>True: not a byte was handed out, and none will be from now on.</summary>
    public bool Withhold() => Interlocked.CompareExchange(ref state, Withheld, Untouched) != Taken;

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken) =>
        Interlocked.CompareExchange(ref state, Taken, Untouched) == Untouched
            ? body.CopyToAsync(stream, context, cancellationToken)
            : throw new IOException("The request was to be sent a second time.");

    protected override bool TryComputeLength(out long length)
    {
        length = body.Headers.ContentLength ?? 0;
        return body.Headers.ContentLength is not null;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) body.Dispose();
        base.Dispose(disposing);
    }
}
