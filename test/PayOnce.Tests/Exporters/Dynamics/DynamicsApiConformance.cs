using PayOnce.Exporters;
using PayOnce.Exporters.Api;
using PayOnce.Exporters.Settings;
using PayOnce.Guard;
using PayOnce.Sandbox;
using PayOnce.Sandbox.Dynamics;
using PayOnce.Tests.Exporters.Api;

namespace PayOnce.Tests.Exporters.Dynamics;

/// <summary>Business Central's API against its stand-in, booked in each of the two ways.</summary>
public abstract class DynamicsApiConformance(DynamicsBooking booking) : ExporterApiConformance
{
    protected override IReadOnlyDictionary<string, string> Secrets { get; } = new Dictionary<string, string> { ["client-secret"] = "planted-secret-0123456789" };

    // Sending looks before it books, and does not book again what it finds.
    protected override bool MergesRepeats => true;

    protected override ProofClass Proof => ProofClass.Readable;

    protected override IStandIn CreateStandIn(TimeProvider clock) => new BusinessCentral(new BcOptions { EveryVendor = true, ClientSecret = Secrets["client-secret"] });

    protected override IntegrationSettings Settings(Uri address) => DynamicsBench.Settings(address, new BcOptions(), booking);
}

/// <summary>The creation is what must not be repeated; posting is, and books once.</summary>
public sealed class PurchaseInvoiceConformance() : DynamicsApiConformance(DynamicsBooking.PurchaseInvoice)
{
    protected override string BookingPath { get; } = $"POST /v2.0/tenant/sandbox/api/v2.0/companies({new BcOptions().Company})/purchaseInvoices";

    protected override string PaidKind => "posted";
}

/// <summary>Lines are written in one batch.</summary>
public sealed class JournalConformance() : DynamicsApiConformance(DynamicsBooking.Journal)
{
    protected override string BookingPath => "/$batch";

    protected override string PaidKind => "journal";
}

/// <summary>The same faults in posting, which comes after the creation: what is left behind is finished by the read-back.</summary>
public sealed class DynamicsPostingTests
{
    [Theory]
    [InlineData(FaultKind.AnswerLost, null)]
    [InlineData(FaultKind.RequestLost, null)]
    [InlineData(FaultKind.LateProcessing, null)]
    [InlineData(FaultKind.TooManyRequests, null)]
    [InlineData(FaultKind.Unavailable, null)]
    [InlineData(FaultKind.ErrorBefore, 504)]
    [InlineData(FaultKind.ErrorAfter, 500)]
    [InlineData(FaultKind.Redirect, null)]
    public async Task A_fault_in_posting_is_unknown_and_the_read_back_posts_once(FaultKind kind, int? status)
    {
        foreach (var booking in Enum.GetValues<DynamicsBooking>())
        {
            await using var bench = await DynamicsBench.OpenAsync(booking: booking);
            bench.Faults.Script(new ScriptedFault(kind, Path: "Microsoft.NAV.post", Delay: TimeSpan.FromMinutes(5), Status: status));

            Assert.IsType<ClaimAnswer.Unknown>(await bench.SendAsync());
            await bench.LetTimePassAsync();
            var present = Assert.IsType<ReadBackFinding.Present>(await bench.ReadBackAsync());
            Assert.Equal<ReadBackFinding>(present, await bench.ReadBackAsync());

            Assert.Equal(Evidence.Booked, present.Evidence);
            Assert.NotEqual("draft", Assert.Single(bench.Bookings).Kind);
        }
    }

    [Fact]
    public async Task A_post_that_was_only_scheduled_is_received_and_later_booked()
    {
        foreach (var booking in Enum.GetValues<DynamicsBooking>())
        {
            await using var bench = await DynamicsBench.OpenAsync(booking: booking);
            bench.Faults.Script(new ScriptedFault(FaultKind.DelayedPosting, Delay: TimeSpan.FromMinutes(5)));

            Assert.Equal(Evidence.Received, Assert.IsType<ClaimAnswer.Accepted>(await bench.SendAsync()).Evidence);
            bench.Clock.Advance(TimeSpan.FromMinutes(5));
            Assert.Equal(Evidence.Booked, Assert.IsType<ReadBackFinding.Present>(await bench.ReadBackAsync()).Evidence);

            Assert.NotEqual("draft", Assert.Single(bench.Bookings).Kind);
        }
    }

    [Fact]
    public async Task A_post_that_a_proxy_repeats_books_once_and_is_seen_to_have_booked()
    {
        foreach (var booking in Enum.GetValues<DynamicsBooking>())
        {
            await using var bench = await DynamicsBench.OpenAsync(booking: booking);
            bench.Faults.Script(new ScriptedFault(FaultKind.DuplicateDelivery, Path: "Microsoft.NAV.post"));

            Assert.Equal(Evidence.Booked, Assert.IsType<ClaimAnswer.Accepted>(await bench.SendAsync()).Evidence);

            Assert.NotEqual("draft", Assert.Single(bench.Bookings).Kind);
        }
    }

    [Fact]
    public async Task Without_posting_a_draft_is_the_end()
    {
        foreach (var booking in Enum.GetValues<DynamicsBooking>())
        {
            await using var bench = await DynamicsBench.OpenAsync(booking: booking, post: false);

            Assert.Equal(Evidence.Received, Assert.IsType<ClaimAnswer.Accepted>(await bench.SendAsync()).Evidence);
            Assert.Equal(Evidence.Received, Assert.IsType<ReadBackFinding.Present>(await bench.ReadBackAsync()).Evidence);

            Assert.Equal("draft", Assert.Single(bench.Bookings).Kind);
            Assert.DoesNotContain(bench.Requests, request => request.Path.Contains("NAV.post", StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task A_refused_posting_is_taken_back_and_named_and_leaves_nothing()
    {
        foreach (var booking in Enum.GetValues<DynamicsBooking>())
        {
            await using var bench = await DynamicsBench.OpenAsync(new BcOptions { EveryVendor = true, PostingFrom = new DateOnly(2030, 1, 1) }, booking);

            Assert.Contains("allowed posting dates", Assert.IsType<ClaimAnswer.Refused>(await bench.SendAsync()).Reason, StringComparison.Ordinal);

            Assert.Empty(bench.Bookings);
            Assert.IsType<ReadBackFinding.Absent>(await bench.ReadBackAsync());
        }
    }

    [Fact]
    public async Task A_refused_posting_that_cannot_be_taken_back_for_certain_is_unknown()
    {
        foreach (var booking in Enum.GetValues<DynamicsBooking>())
        {
            await using var bench = await DynamicsBench.OpenAsync(new BcOptions { EveryVendor = true, PostingFrom = new DateOnly(2030, 1, 1) }, booking);
            bench.Faults.Script(new ScriptedFault(FaultKind.RequestLost, Path: "DELETE "));

            Assert.IsType<ClaimAnswer.Unknown>(await bench.SendAsync());
            Assert.Contains("allowed posting dates", Assert.IsType<ReadBackFinding.Conflict>(await bench.ReadBackAsync()).What, StringComparison.Ordinal);

            Assert.Equal("draft", Assert.Single(bench.Bookings).Kind);
        }
    }
}
