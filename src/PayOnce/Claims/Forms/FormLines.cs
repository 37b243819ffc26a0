namespace PayOnce.Claims.Forms;

/// <summary>What a form comes to: the lines of the claim, made of it and the rates that held on its day, and of nothing else.</summary>
public static class FormLines
{
    /// <summary>The lines that have an amount, in a fixed order, and which rates would have been needed beside.</summary>
    public static (IReadOnlyList<ClaimLine> Lines, IReadOnlyList<(string Field, RateKind Rate)> Missing) Of(FormKind kind, FormContent content, RateTable rates)
    {
        if (content.Date is not { } date) return ([], []);
        var lines = new List<ClaimLine>();
        var missing = new List<(string, RateKind)>();
        if (kind is FormKind.DriverHonorarium)
        {
            if (content.Pay is HonorariumPay.Hours) ByRate("hours", RateKind.HonorariumHour, content.Hours, "h", LineCategories.Honorarium, "Honorar");
            if (content.Pay is HonorariumPay.Fixed) ByRate("pay", RateKind.HonorariumFixed, 1, null, LineCategories.Honorarium, "Honorar, fast sats");
        }
        if (content.Kilometres > 0) Mileage();
        var passengers = rates.PassengersEach ? content.Passengers : Math.Min(content.Passengers, 1);
        ByRate("passengers", RateKind.Passenger, passengers * content.Kilometres, "km", LineCategories.Passenger, "Passasjertillegg");
        ByRate("shortDays", RateKind.PerDiemShort, content.ShortDays, "d", LineCategories.PerDiem, "Diett, 6–12 timer");
        ByRate("longDays", RateKind.PerDiemLong, content.LongDays, "d", LineCategories.PerDiem, "Diett, over 12 timer");
        ByRate("nights", RateKind.PerDiemNight, content.Nights, "d", LineCategories.PerDiem, "Diett, med overnatting");
        Outlay(content.TollsMinor, LineCategories.Toll, "Bom, ferge og parkering");
        Outlay(content.TicketsMinor, LineCategories.Ticket, "Billetter");
        Outlay(content.LodgingMinor, LineCategories.Lodging, "Overnatting");
        Outlay(content.OtherMinor, LineCategories.Other, "Andre utlegg");
        return (lines, missing);

        // The two parts come to what the mileage rate comes to, whatever was rounded: the rest is a difference and no product.
        void Mileage()
        {
            if (rates.On(RateKind.MileageState, date) is not { } paid)
            {
                missing.Add(("kilometres", RateKind.MileageState));
                return;
            }
            if (rates.On(RateKind.MileageTaxFree, date) is not { } free)
            {
                missing.Add(("kilometres", RateKind.MileageTaxFree));
                return;
            }
            var all = RateTable.Amount(paid, content.Kilometres);
            var untaxed = Math.Min(all, RateTable.Amount(free, content.Kilometres));
            Add(untaxed, LineCategories.Mileage, "Bilgodtgjørelse, skattefri del", content.Kilometres, "km");
            Add(all - untaxed, LineCategories.MileageTaxable, "Bilgodtgjørelse, skattepliktig del", content.Kilometres, "km");
        }

        void ByRate(string field, RateKind rate, decimal quantity, string? unit, string category, string text)
        {
            if (quantity == 0) return;
            if (rates.On(rate, date) is { } minor) Add(RateTable.Amount(minor, quantity), category, text, quantity, unit);
            else missing.Add((field, rate));
        }

        void Outlay(long minor, string category, string text) => Add(minor, category, text, null, null);

        void Add(long minor, string category, string text, decimal? quantity, string? unit)
        {
            if (minor > 0) lines.Add(new ClaimLine(date, category, text, minor, unit is null ? null : quantity, unit, []));
        }
    }

    public static long TotalMinor(IReadOnlyList<ClaimLine> lines) => lines.Sum(line => line.AmountMinor);
}
