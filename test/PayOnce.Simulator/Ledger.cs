using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using PayOnce.Sandbox;
using PayOnce.Sandbox.Dynamics;
using PayOnce.Sandbox.Generic;
using PayOnce.Sandbox.Xledger;

namespace PayOnce.Simulator;

/// <summary>
/// An accounting system behind the simulated network: the sandbox's own stand-in, called directly, with its clock in virtual time; or the
/// book that files are imported into. What stands in it is what the judge believes.
/// </summary>
internal sealed class Ledger
{
    private static readonly BcOptions Company = new() { EveryVendor = true };

    private readonly FaultPlan plan = new();
    private readonly Clock clock;
    private readonly IStandIn? standIn;
    private readonly List<Booking> imported = [];

    public Ledger(Target target, int port, Clock clock)
    {
        (Target, Port, this.clock) = (target, port, clock);
        (standIn, Secrets) = target switch
        {
            Target.Unique => Generic(GenericProof.Unique),
            Target.Windowed => Generic(GenericProof.Windowed),
            Target.Readable => Generic(GenericProof.Readable),
            Target.Blind => Generic(GenericProof.Blind),
            Target.Xledger => (new XledgerStandIn(new XledgerOptions { PostsAfter = null }), Token(new XledgerOptions().Token)),
            Target.Dynamics => (new BusinessCentral(Company), new Dictionary<string, string> { ["client-secret"] = Company.ClientSecret }),
            _ => (default(IStandIn), new Dictionary<string, string>()),
        };
    }

    public Target Target { get; }

    public int Port { get; }

    public IReadOnlyDictionary<string, string> Secrets { get; }

    /// <summary>Whether the network may deliver a request twice without breaking what the system promises.</summary>
    public bool MayRepeat => Target is Target.Unique or Target.Windowed;

    /// <summary>Everything that pays, oldest first.</summary>
    public IEnumerable<Booking> Bookings => standIn is null ? imported : standIn.Bookings.Where(booking => booking.Kind != "draft");

    /// <summary>Whether it has the claim in any form, a draft that is only to be posted too.</summary>
    public bool HasTaken(string key) => standIn is null ? Holds(key) : standIn.Bookings.Any(booking => booking.Key == key);

    public bool Holds(string key) => Bookings.Any(booking => booking.Key == key);

    /// <summary>A file is imported: everything in it is booked.</summary>
    public void Import(IEnumerable<string> keys) => imported.AddRange(keys.Select(key => new Booking(key, "import", "NOK", 0, clock.GetUtcNow(), "claim")));

    /// <summary>What a request is for: <c>send</c> books, <c>post</c> turns a draft into a booking, the others only read.</summary>
    public string Route(HttpMethod method, string path, ReadOnlySpan<byte> body) => Target switch
    {
        Target.Xledger => body.IndexOf("addGLImportItems"u8) >= 0 ? "send" : "read",
        Target.Dynamics => path.EndsWith("/token", StringComparison.Ordinal) ? "sign-in" : method != HttpMethod.Post ? "read" : path.EndsWith("/purchaseInvoices", StringComparison.Ordinal) ? "send" : "post",
        _ => path.EndsWith("/batches", StringComparison.Ordinal) ? "send" : "read",
    };

    /// <summary>Answers one request, whole and at once.</summary>
    public Reply Answer(Request request, IEnumerable<Fault> faults, Func<TimeSpan> delay)
    {
        foreach (var fault in faults) plan.Script(new ScriptedFault(Enum.Parse<FaultKind>(fault.ToString()), Delay: delay()));
        var context = new DefaultHttpContext();
        using var answer = new MemoryStream();
        var body = new StreamResponseBodyFeature(answer);
        context.Features.Set<IHttpResponseBodyFeature>(body);
        context.Request.Method = request.Method.Method;
        context.Request.Scheme = "http";
        context.Request.Host = new HostString("127.0.0.1", Port);
        context.Request.Path = request.Address.AbsolutePath;
        context.Request.QueryString = new QueryString(request.Address.Query);
        foreach (var (name, value) in request.Headers) context.Request.Headers[name] = value;
        context.Request.Body = new MemoryStream(request.Body, writable: false);
        context.Request.ContentLength = request.Body.Length;
        standIn!.HandleAsync(context, new FaultContext(plan, $"{request.Method} {request.Address.AbsolutePath}", clock)).GetAwaiter().GetResult();
        body.CompleteAsync().GetAwaiter().GetResult();
        plan.Clear();
        return new Reply(context.Response.StatusCode, context.Response.Headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase), answer.ToArray());
    }

    /// <summary>An integration's settings that lead here.</summary>
    /// <param name="version">What a person changes: nothing that matters for where a claim stands.</param>
    public string Settings(int version, bool automaticRelease)
    {
        var address = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{Port}/");
        var own = Target switch
        {
            Target.Xledger => $"\"exporter\":\"xledger\",\"api\":{{\"endpoint\":\"{address}graphql\",",
            Target.Dynamics => $"\"exporter\":\"dynamics\",\"flags\":[\"dynamics-api\"],\"api\":{{\"endpoint\":\"{address}\",\"dynamics\":{{\"tenant\":\"tenant\",\"environment\":\"sandbox\",\"company\":\"{Company.Company}\",\"clientId\":\"{Company.ClientId}\",\"authority\":\"{address}\"}},",
            Target.Fetched => "\"exporter\":\"generic\",\"transport\":\"file\",\"format\":\"csv\"",
            Target.Published => "\"exporter\":\"generic\",\"transport\":\"file\",\"format\":\"csv\",\"folder\":\"/outside\"",
            _ => $"\"exporter\":\"generic\",\"api\":{{\"endpoint\":\"{address}\",\"proofClass\":\"{Target.ToString().ToLowerInvariant()}\",{(Target == Target.Windowed ? $"\"windowSeconds\":{Climate.Window.TotalSeconds}," : "")}",
        };
        if (standIn is null) return $"{{{own},\"mapping\":{{\"decimalSign\":\"{(version % 2 == 0 ? "." : ",")}\"}}}}";
        return string.Create(CultureInfo.InvariantCulture, $$"""
            {{{own}}"quietSeconds":{{Climate.Quiet.TotalSeconds}},"claimsPerRequest":{{(Target == Target.Dynamics ? 1 : 1 + version % 4)}},"parallel":{{1 + version % 3}},"timeoutSeconds":20,
             "automaticRelease":{{(automaticRelease && Target != Target.Blind ? "true" : "false")}},"retry":{"tries":3,"baseDelaySeconds":1,"maximumDelaySeconds":8,"budgetSeconds":40} },
             "transport":"api","format":"json"}
            """);
    }

    public override string ToString() => Target.ToString();

    private static (IStandIn, IReadOnlyDictionary<string, string>) Generic(GenericProof proof)
    {
        var behaviour = new GenericBehaviour { Proof = proof, Window = Climate.Window };
        return (new GenericStandIn(behaviour), Token(behaviour.Token));
    }

    private static Dictionary<string, string> Token(string token) => new() { ["token"] = token };
}

/// <summary>A request as it left.</summary>
internal sealed record Request(HttpMethod Method, Uri Address, IReadOnlyList<(string Name, string Value)> Headers, byte[] Body)
{
    public string Text => Encoding.UTF8.GetString(Body);
}

/// <summary>An answer as the accounting system gave it.</summary>
internal sealed record Reply(int Status, IReadOnlyDictionary<string, string> Headers, byte[] Body);
