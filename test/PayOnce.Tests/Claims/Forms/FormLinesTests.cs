using PayOnce.Claims.Forms;
using PayOnce.Tests.Support;

namespace PayOnce.Tests.Claims.Forms;

/// <summary>What a form comes to: whole øre, by the rates of its own day.</summary>
public sealed class FormLinesTests
{
    private static readonly DateOnly Today = new(2026, 3, 1);

    [Fact]
    public void A_drive_is_paid_by_the_hour_and_by_the_kilometre_with_the_taxable_part_apart()
    {
        var (lines, missing) = FormLines.Of(FormKind.DriverHonorarium, FormScene.Drive, FormScene.Rates);

        Assert.Empty(missing);
        Assert.Equal(
            [("honorarium", 50_000L, 2.5m), ("mileage", 42_000L, 120m), ("mileage-taxable", 21_600L, 120m), ("passenger", 12_000L, 120m), ("toll", 4_500L, 0m)],
            lines.Select(line => (line.Category, line.AmountMinor, line.Quantity ?? 0)));
        Assert.All(lines, line => Assert.Equal(new DateOnly(2026, 1, 5), line.Date));
        Assert.All(lines, line => Assert.DoesNotContain("Rute", line.Description, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(530, "0.1", 53), InlineData(533, "0.5", 267), InlineData(1, "0.5", 1), InlineData(3, "0.5", 2), InlineData(530, "120.3", 63_759), InlineData(0, "5000", 0)]
    public void Half_an_øre_is_rounded_up(long rate, string quantity, long minor) =>
        Assert.Equal(minor, RateTable.Amount(rate, decimal.Parse(quantity, System.Globalization.CultureInfo.InvariantCulture)));

    [Fact]
    public void The_two_parts_of_the_mileage_come_to_what_the_rate_comes_to_for_every_distance()
    {
        for (var tenths = 1; tenths < 3_000; tenths++)
        {
            var content = new FormContent { Date = Today, Reference = "x", Kilometres = tenths / 10m };
            var lines = FormLines.Of(FormKind.DriverHonorarium, content, RateTable.Of([new(RateKind.MileageState, Today, 533), new(RateKind.MileageTaxFree, Today, 351)], true)).Lines;
            Assert.Equal(RateTable.Amount(533, tenths / 10m), FormLines.TotalMinor(lines));
        }
    }

    [Fact]
    public void The_rate_of_the_forms_own_day_holds_until_the_next()
    {
        var rates = RateTable.Of([new(RateKind.MileageState, new(2025, 1, 1), 500), new(RateKind.MileageState, new(2026, 1, 1), 530)], true);
        Assert.Null(rates.On(RateKind.MileageState, new(2024, 12, 31)));
        Assert.Equal(500, rates.On(RateKind.MileageState, new(2025, 12, 31)));
        Assert.Equal(530, rates.On(RateKind.MileageState, new(2026, 1, 1)));
        Assert.Null(rates.On(RateKind.Passenger, Today));
    }

    [Fact]
    public void Without_a_tax_free_part_mileage_is_not_paid_by_guess()
    {
        var rates = RateTable.Of([new(RateKind.MileageState, new(2025, 1, 1), 500)], true);
        var content = new FormContent { Date = Today, Reference = "x", Kilometres = 10 };
        Assert.Equal([new FormFault("kilometres", FormFaultKind.NoRate, RateKind.MileageTaxFree)], FormRules.Check(FormKind.DriverHonorarium, content, rates, 0, Today));
    }

    [Theory, InlineData(true, 3 * 12_000L), InlineData(false, 12_000L)]
    public void Passengers_are_paid_each_or_once_as_the_organisation_says(bool each, long minor)
    {
        var lines = FormLines.Of(FormKind.DriverHonorarium, FormScene.Drive with { Passengers = 3 }, FormScene.Rates with { PassengersEach = each }).Lines;
        Assert.Equal(minor, lines.Single(line => line.Category == "passenger").AmountMinor);
    }

    [Fact]
    public void Rates_survive_being_kept_and_say_what_is_wrong_with_them()
    {
        Assert.Equal(FormScene.Rates.ToJson(), RateTable.FromStored(FormScene.Rates.ToJson()).ToJson());
        Assert.Empty(FormScene.Rates.Check());
        Assert.Empty(RateTable.StartingPoint.Check());
        Assert.NotEmpty(RateTable.Of([new(RateKind.Passenger, Today, 1), new(RateKind.Passenger, Today, 2)], true).Check());
        Assert.NotEmpty(RateTable.Of([new(RateKind.Passenger, Today, -1)], true).Check());
        Assert.NotEmpty(RateTable.Of([new(RateKind.MileageState, Today, 300), new(RateKind.MileageTaxFree, Today, 350)], true).Check());
        Assert.NotEmpty(RateTable.Of([new(RateKind.Passenger, new(1999, 1, 1), 1)], true).Check());
    }

    [Fact]
    public void A_journey_says_when_why_and_with_whom_and_brings_its_receipts()
    {
        var whole = new FormContent
        {
            Date = new(2026, 2, 27), Departure = new(8, 0), ReturnDate = new(2026, 2, 28), Return = new(18, 30), Reference = "Årsmøte", Route = "Oslo–Hamar", Kilometres = 10, Passengers = 1, PassengerNames = "Ola",
            Nights = 1, LongDays = 1, TicketsMinor = 100, LodgingMinor = 100, OtherMinor = 100, TollsMinor = 100,
        };
        IEnumerable<(string, FormFaultKind)> Faults(FormContent content, int receipts = 1) => FormRules.Check(FormKind.Travel, content, FormScene.Rates, receipts, Today).Select(each => (each.Field, each.Kind));
        Assert.Empty(Faults(whole));
        Assert.Equal([("receipts", FormFaultKind.NoReceipt)], Faults(whole, receipts: 0));
        Assert.Equal([("departure", FormFaultKind.Missing), ("return", FormFaultKind.Missing), ("returnDate", FormFaultKind.Missing)], Faults(whole with { Departure = null, Return = null, ReturnDate = null }));
        Assert.Equal([("returnDate", FormFaultKind.BackBeforeStart)], Faults(whole with { ReturnDate = new(2026, 2, 26) }));
        Assert.Equal([("nights", FormFaultKind.LongerThanJourney)], Faults(whole with { Nights = 2 }));
        Assert.Equal([("shortDays", FormFaultKind.LongerThanJourney)], Faults(whole with { ShortDays = 2 }));
        Assert.Equal([("route", FormFaultKind.Missing)], Faults(whole with { Route = " " }));
        Assert.Equal([("passengerNames", FormFaultKind.PassengerNames)], Faults(whole with { PassengerNames = "" }));
        Assert.Equal([("passengers", FormFaultKind.NoKilometres)], Faults(whole with { Kilometres = 0 }));
        Assert.Equal([("kind", FormFaultKind.NotOfThisKind)], Faults(whole with { Hours = 1 }));
        Assert.Equal([("date", FormFaultKind.Missing)], Faults(new FormContent()));
    }

    [Fact]
    public void A_form_that_is_of_no_day_of_nothing_or_of_too_much_is_not_submitted()
    {
        IEnumerable<(string, FormFaultKind)> Faults(FormContent content) => FormRules.Check(FormKind.DriverHonorarium, content, FormScene.Rates, 0, Today).Select(each => (each.Field, each.Kind));
        Assert.Empty(Faults(FormScene.Drive));
        Assert.Equal([("date", FormFaultKind.InFuture)], Faults(FormScene.Drive with { Date = Today.AddDays(1) }));
        Assert.Equal([("date", FormFaultKind.TooOld)], Faults(FormScene.Drive with { Date = Today.AddYears(-1).AddDays(-1) }));
        Assert.Equal([("reference", FormFaultKind.Missing)], Faults(FormScene.Drive with { Reference = " " }));
        Assert.Equal([("hours", FormFaultKind.Missing)], Faults(FormScene.Drive with { Hours = 0 }));
        Assert.Equal([("hours", FormFaultKind.NotOfThisKind)], Faults(FormScene.Drive with { Pay = HonorariumPay.Fixed }));
        Assert.Equal([("kilometres", FormFaultKind.NothingClaimed)], Faults(new FormContent { Date = Today, Reference = "x" }));
        Assert.Equal([("reference", FormFaultKind.TooLong)], Faults(FormScene.Drive with { Reference = new string('x', 201) }));
        Assert.Equal([("reference", FormFaultKind.NotPrintable)], Faults(FormScene.Drive with { Reference = "a\nb" }));
        Assert.Equal([("hours", FormFaultKind.OutOfRange)], Faults(FormScene.Drive with { Hours = 0.001m }));
        Assert.Equal([("kilometres", FormFaultKind.OutOfRange)], Faults(FormScene.Drive with { Kilometres = -1 }));
        Assert.Equal([("tollsMinor", FormFaultKind.OutOfRange)], Faults(FormScene.Drive with { TollsMinor = long.MaxValue }));
    }

    [Fact]
    public void What_is_filled_in_survives_being_kept()
    {
        Assert.Equal(FormScene.Drive, FormContent.FromStored(FormScene.Drive.ToJson()));
        Assert.Equal(new FormContent(), FormContent.FromStored(new FormContent().ToJson()));
    }

    [Fact]
    public void Pay_and_expenses_of_the_year_are_counted_apart_and_warn_beyond_their_limits()
    {
        var lines = FormLines.Of(FormKind.DriverHonorarium, FormScene.Drive, FormScene.Rates).Lines;
        var sums = default(YearSums).With(lines);
        Assert.Equal(new YearSums(50_000 + 21_600, 42_000 + 12_000 + 4_500), sums);
        Assert.Empty(new YearLimits(71_600, 58_500).Warnings("D-1", 2026, sums));
        Assert.Equal([new YearWarning("D-1", 2026, true, 71_600, 71_599)], new YearLimits(71_599, 58_500).Warnings("D-1", 2026, sums));
        Assert.Equal([new YearWarning("D-1", 2026, false, 58_500, 58_499)], new YearLimits(71_600, 58_499).Warnings("D-1", 2026, sums));
        Assert.Equal(new YearLimits(1, 2), YearLimits.FromStored(new YearLimits(1, 2).ToJson()));
        Assert.Equal(1_000_000, YearLimits.FromStored(null).HonorariumMinor);
    }

    [Fact]
    public async Task A_claim_of_a_form_keeps_every_rule_of_the_intake()
    {
        var form = new ClaimForm("PO-1", FormKind.DriverHonorarium, "01010750160", "Per", "per", FormState.Submitted, 2, FormScene.Drive, A.Day(5), A.Day(5), A.Day(5), null, null, null, null, null, null, []);
        var clock = new ManualTime(A.Day(20));
        Assert.NotEmpty((await FormClaims.MakeAsync(A.Organisation(A.Org), PayOnce.Claims.IntakeRules.None, form with { ClaimantId = new string('9', 21) }, FormScene.Rates, "Kari", clock, TestContext.Current.CancellationToken)).Problems);
        Assert.NotEmpty((await FormClaims.MakeAsync(A.Organisation(A.Org), new PayOnce.Claims.IntakeRules(["SEK"]), form with { ClaimantId = "D-1" }, FormScene.Rates, "Kari", clock, TestContext.Current.CancellationToken)).Problems);
        var (claim, problems) = await FormClaims.MakeAsync(A.Organisation(A.Org), PayOnce.Claims.IntakeRules.None, form with { ClaimantId = "D-1" }, FormScene.Rates, "Kari", clock, TestContext.Current.CancellationToken);
        Assert.Empty(problems);
        Assert.Equal(("PO-1", "driver-honorarium", "Kari"), (claim!.ClaimId, claim.Type, claim.ApprovedBy));
    }
}
