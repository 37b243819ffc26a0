using System.Net;
using System.Net.Http.Headers;
using Microsoft.Extensions.Time.Testing;
using PayOnce.Claims;
using PayOnce.Exporters;
using PayOnce.Exporters.Api;
using PayOnce.Exporters.Settings;
using PayOnce.Guard;
using PayOnce.Runs;
using PayOnce.Sandbox;
using PayOnce.Sandbox.Dynamics;
using PayOnce.Sandbox.Generic;
using PayOnce.Sandbox.Xledger;

namespace PayOnce.Fuzz.Subjects;

/// <summary>
/// What accounting systems answer. The answers of a true conversation with the stand-in are kept; then one of them is replaced by the
/// input, whose first three bytes say in which conversation, which answer and with which status.
/// </summary>
internal sealed class ApiAnswers(string system, Func<Uri, IntegrationSettings> settings, Func<IStandIn> standIn, IReadOnlyDictionary<string, string> secrets)
    : Subject($"answers-{system}", $"answers of {system}")
{
    private const int Head = 3;

    private static readonly int[] Statuses = [200, 200, 200, 200, 201, 202, 204, 207, 400, 401, 404, 409, 412, 422, 429, 500, 503];
    private static readonly TimeSpan Longest = TimeSpan.FromHours(6);
    private static readonly TimeSpan MostOfAMoment = TimeSpan.FromSeconds(10);
    private static readonly RenderContext Context = new(new Organisation("hlf", "HLF", "Europe/Oslo"), RunId: 17, RunDate: new DateOnly(2026, 11, 2));
    private static readonly Dictionary<string, string> Token = new() { ["token"] = "planted-secret-0123456789" };
    private static readonly BcOptions Company = new() { EveryVendor = true, ClientSecret = "planted-secret-0123456789" };

    private readonly Lazy<Tape[]> tapes = new(() => [.. Enum.GetValues<Conversation>().Select(conversation => Record(conversation, settings, standIn(), secrets))]);

    private enum Conversation
    {
        Send,
        ReadBack,
        ListKeys,
        Test,
    }

    public static new IReadOnlyList<Subject> All { get; } =
    [
        new ApiAnswers("generic", address => new() { Exporter = "generic", Transport = "api", Format = "json", Api = new ApiSettings { Endpoint = address, ProofClass = ProofClass.Unique } },
            () => new GenericStandIn(new GenericBehaviour { Proof = GenericProof.Unique, Token = Token["token"] }), Token),
        new ApiAnswers("xledger", address => new() { Exporter = "xledger", Transport = "api", Format = "json", Api = new ApiSettings { Endpoint = new Uri(address, "graphql") } },
            () => new XledgerStandIn(new XledgerOptions { PostsAfter = TimeSpan.Zero, Burst = 1_000_000, Token = Token["token"] }), Token),
        new ApiAnswers("invoices", address => Dynamics(address, DynamicsBooking.PurchaseInvoice), () => new BusinessCentral(Company), new Dictionary<string, string> { ["client-secret"] = Company.ClientSecret }),
        new ApiAnswers("journal", address => Dynamics(address, DynamicsBooking.Journal), () => new BusinessCentral(Company), new Dictionary<string, string> { ["client-secret"] = Company.ClientSecret }),
    ];

    // One for each answer of each conversation.
    public override IReadOnlyList<byte[]> Samples => [.. tapes.Value.SelectMany((tape, conversation) => tape.Answers.Select((answer, place) => (byte[])[(byte)conversation, (byte)place, 0, .. answer.Body]))];

    public override void Feed(byte[] input)
    {
        if (input.Length < Head) return;
        var tape = tapes.Value[input[0] % tapes.Value.Length];
        var player = new Player(tape, tape.Answers.Count == 0 ? 0 : input[1] % tape.Answers.Count, Statuses[input[2] % Statuses.Length], input[Head..]);
        var clock = new FakeTimeProvider(new DateTimeOffset(2026, 11, 2, 8, 0, 0, TimeSpan.Zero));
        using var http = new HttpMessageInvoker(player);
        var scrubber = new Scrubber(secrets.Values);
        var api = new ScrubbedApi(ExporterCatalogue.Get(tape.Settings.Exporter).Api!.Open(tape.Settings, Context, secrets, new AccountingClient(http, clock, scrubber)), scrubber, http);
        Judge((Conversation)(input[0] % tapes.Value.Length), tape, api, clock);
        Ended(api.DisposeAsync().AsTask(), clock);
    }

    private static void Judge(Conversation conversation, Tape tape, ScrubbedApi api, FakeTimeProvider clock)
    {
        var none = CancellationToken.None;
        switch (conversation)
        {
            case Conversation.Send:
                var sent = Ended(api.SendAsync(tape.Batch, none), clock);
                Told(sent.Error);
                if (sent is SendAnswer.Answered answered) Judge(answered, tape.Batch);
                break;
            case Conversation.ReadBack:
                var read = Ended(api.ReadBackAsync(tape.Batch.Claims, none), clock);
                Told((read as ReadBackAnswer.Failed)?.Why);
                if (read is ReadBackAnswer.Answered found) Judge(found, tape.Batch);
                break;
            case Conversation.ListKeys:
                var listed = Ended(api.ListKeysAsync(null, none), clock);
                Told((listed as KeyPageAnswer.Failed)?.Why);
                foreach (var key in (listed as KeyPageAnswer.Page)?.Keys ?? []) Must(key.ExportKey.Length == 16 && key.ExportKey.All(char.IsAsciiLetterUpper), "something that is no export key is listed as one");
                break;
            default:
                foreach (var check in Ended(api.TestConnectionAsync(none), clock)) Told(check.Trouble);
                break;
        }
    }

    private static void Judge(SendAnswer.Answered answered, ApiBatch batch)
    {
        Must(answered.Claims.Select(claim => claim.ClaimId).Distinct(StringComparer.Ordinal).Count() == answered.Claims.Count, "a claim is spoken of twice");
        foreach (var claim in answered.Claims)
        {
            Must(batch.Claims.Any(sent => sent.ClaimId == claim.ClaimId), "a claim is spoken of that was not sent");
            switch (claim)
            {
                case ClaimAnswer.Accepted accepted: Acknowledged(accepted.Acknowledgement); break;
                case ClaimAnswer.Refused refused: Told(refused.Reason); break;
                case ClaimAnswer.Unknown unknown: Told(unknown.Reason); break;
            }
        }
    }

    private static void Judge(ReadBackAnswer.Answered found, ApiBatch batch)
    {
        Must(found.Findings.Select(finding => finding.ClaimId).SequenceEqual(batch.Claims.Select(claim => claim.ClaimId), StringComparer.Ordinal), "the findings are not one for each claim, in their order");
        foreach (var finding in found.Findings)
        {
            if (finding is ReadBackFinding.Present present) Acknowledged(present.Acknowledgement);
            if (finding is ReadBackFinding.Conflict conflict) Told(conflict.What);
        }
    }

    private static void Acknowledged(string acknowledgement) =>
        Must(!string.IsNullOrWhiteSpace(acknowledgement) && acknowledgement.Length <= 300 && !acknowledgement.Any(char.IsControl), "an acknowledgement is empty, endless or steers a terminal");

    private static void Told(string? text)
    {
        MustBeASentence(text, "what is told");
        Must(text is null || !text.Contains("planted-secret", StringComparison.Ordinal), "a secret is told");
    }

    // Virtual time goes on while the exporter waits; a library that answers on another thread is waited for.
    private static T Ended<T>(Task<T> task, FakeTimeProvider clock)
    {
        Ended((Task)task, clock);
        return task.GetAwaiter().GetResult();
    }

    private static void Ended(Task task, FakeTimeProvider clock)
    {
        var begin = clock.GetUtcNow();
        while (!task.IsCompleted && !task.Wait(TimeSpan.FromMilliseconds(1)))
        {
            clock.Advance(MostOfAMoment);
            Must(clock.GetUtcNow() - begin < Longest, "an exchange does not end");
        }
        task.GetAwaiter().GetResult();
    }

    private static IntegrationSettings Dynamics(Uri address, DynamicsBooking booking) => new()
    {
        Exporter = "dynamics",
        Transport = "api",
        Format = "json",
        Flags = ["dynamics-api"],
        Api = new ApiSettings { Endpoint = address, Dynamics = new DynamicsApiSettings("tenant", "sandbox", Company.Company, Company.ClientId, booking, true, false, address) },
    };

    // Over a real socket, once.
    private static Tape Record(Conversation conversation, Func<Uri, IntegrationSettings> settingsOf, IStandIn standIn, IReadOnlyDictionary<string, string> secrets)
    {
        var host = SandboxServer.StartAsync(standIn).GetAwaiter().GetResult();
        try
        {
            var settings = settingsOf(host.Address);
            using var recorder = new Recorder(AccountingHandler.Create(EndpointRules.Parse(null, loopback: true).Rules!));
            using var http = new HttpMessageInvoker(recorder);
            var api = ExporterCatalogue.Get(settings.Exporter).Api!.Open(settings, Context, secrets, new AccountingClient(http, TimeProvider.System, new Scrubber(secrets.Values)));
            var reserved = ClaimsGenerator.Generate(Math.Min(3, api.ClaimsPerBatch), 5).Select(claim => new ReservedClaim(ClaimRecord.From("hlf", claim), 0, 1, ExportKey.Derive("hlf", claim.ClaimId, 0))).ToList();
            using var rendered = api.Renderer.Render(reserved, firstVoucher: 1);
            var batch = new ApiBatch("hlf", 17, 1, 1, rendered.Bytes.ToArray(),
                [.. reserved.Select(claim => new ExpectedClaim(claim.Claim.ClaimId, claim.ExportKey, claim.Claim.ClaimantId, claim.Claim.Currency, claim.Claim.TotalMinor, claim.Claim.ApprovedAt, null))]);
            // What is asked for must have been sent before.
            if (conversation is Conversation.ReadBack or Conversation.ListKeys) api.SendAsync(batch, CancellationToken.None).GetAwaiter().GetResult();
            recorder.Answers.Clear();
            Task talk = conversation switch
            {
                Conversation.Send => api.SendAsync(batch, CancellationToken.None),
                Conversation.ReadBack => api.ReadBackAsync(batch.Claims, CancellationToken.None),
                Conversation.ListKeys => api.ListKeysAsync(null, CancellationToken.None),
                _ => api.TestConnectionAsync(CancellationToken.None),
            };
            talk.GetAwaiter().GetResult();
            return new Tape(settings, batch, recorder.SignIn, [.. recorder.Answers]);
        }
        finally
        {
            host.DisposeAsync().AsTask().GetAwaiter().GetResult();
        }
    }

    private static bool IsSignIn(HttpRequestMessage request) => request.RequestUri!.AbsolutePath.EndsWith("/token", StringComparison.Ordinal);

    /// <summary>One conversation as it was.</summary>
    private sealed record Tape(IntegrationSettings Settings, ApiBatch Batch, Answer? SignIn, IReadOnlyList<Answer> Answers);

    private sealed record Answer(int Status, string? ContentType, IReadOnlyList<KeyValuePair<string, string>> Headers, byte[] Body)
    {
        public HttpResponseMessage Message()
        {
            var message = new HttpResponseMessage((HttpStatusCode)Status) { Content = new ByteArrayContent(Body) };
            if (ContentType is not null) message.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(ContentType);
            foreach (var (name, value) in Headers) message.Headers.TryAddWithoutValidation(name, value);
            return message;
        }
    }

    private sealed class Recorder(HttpMessageHandler inner) : DelegatingHandler(inner)
    {
        public List<Answer> Answers { get; } = [];

        public Answer? SignIn { get; private set; }

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            using var response = await base.SendAsync(request, cancellationToken);
            var answer = new Answer((int)response.StatusCode, response.Content.Headers.ContentType?.ToString(), [.. response.Headers.Select(header => KeyValuePair.Create(header.Key, string.Join(", ", header.Value)))], await response.Content.ReadAsByteArrayAsync(cancellationToken));
            if (IsSignIn(request)) SignIn = answer;
            else Answers.Add(answer);
            return answer.Message();
        }
    }

    /// <summary>Gives the answers again, one of them changed; whoever asks further is told that there is nothing.</summary>
    private sealed class Player(Tape tape, int changed, int status, byte[] body) : HttpMessageHandler
    {
        private int place;

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            if (IsSignIn(request)) return Task.FromResult(tape.SignIn!.Message());
            var at = place++;
            var answer = at < tape.Answers.Count ? tape.Answers[at] : new Answer(404, "application/json", [], "{}"u8.ToArray());
            return Task.FromResult((at == changed ? answer with { Status = status == 200 ? answer.Status : status, Body = body } : answer).Message());
        }
    }
}
