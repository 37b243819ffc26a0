namespace PayOnce.Claims.Forms;

/// <summary>What can be wrong with a form.</summary>
public enum FormFaultKind
{
    /// <summary>It must be filled in.</summary>
    Missing,

    /// <summary>More text than its field holds.</summary>
    TooLong,

    /// <summary>Control characters.</summary>
    NotPrintable,

    /// <summary>Negative, too large, or more decimals than it has.</summary>
    OutOfRange,

    /// <summary>A day that has not come yet.</summary>
    InFuture,

    /// <summary>A day more than a year ago: too late for an ordinary claim.</summary>
    TooOld,

    /// <summary>The journey ends before it begins.</summary>
    BackBeforeStart,

    /// <summary>Days or nights that the journey does not have.</summary>
    LongerThanJourney,

    /// <summary>Passengers without a kilometre.</summary>
    NoKilometres,

    /// <summary>Names of passengers without a number, or a number without names.</summary>
    PassengerNames,

    /// <summary>It comes to nothing.</summary>
    NothingClaimed,

    /// <summary>The organisation has no rate for it on that day.</summary>
    NoRate,

    /// <summary>An outlay that needs a receipt has none.</summary>
    NoReceipt,

    /// <summary>Something that this kind of form does not have.</summary>
    NotOfThisKind,
}

/// <summary>One thing that is wrong with a form.</summary>
/// <param name="Field">The property of <see cref="FormContent"/> in JSON's spelling, or <c>receipts</c>.</param>
/// <param name="Rate">Which rate is missing.</param>
public sealed record FormFault(string Field, FormFaultKind Kind, RateKind? Rate = null);

/// <summary>What a form has to be, as a draft and to be submitted.</summary>
public static class FormRules
{
    public const int LongestText = 200;
    public const decimal MostKilometres = 5_000;
    public const decimal MostHours = 100;
    public const int MostPassengers = 20;
    public const int MostDays = 100;

    /// <summary>NOK 100 000.</summary>
    public const long LargestMinor = 10_000_000;

    /// <summary>What even a draft must keep to.</summary>
    public static IReadOnlyList<FormFault> CheckDraft(FormKind kind, FormContent content)
    {
        var faults = new List<FormFault>();
        Text("reference", content.Reference);
        Text("route", content.Route);
        Text("passengerNames", content.PassengerNames);
        Range("hours", content.Hours, MostHours, 2);
        Range("kilometres", content.Kilometres, MostKilometres, 1);
        Range("passengers", content.Passengers, MostPassengers, 0);
        Range("shortDays", content.ShortDays, MostDays, 0);
        Range("longDays", content.LongDays, MostDays, 0);
        Range("nights", content.Nights, MostDays, 0);
        Range("tollsMinor", content.TollsMinor, LargestMinor, 0);
        Range("ticketsMinor", content.TicketsMinor, LargestMinor, 0);
        Range("lodgingMinor", content.LodgingMinor, LargestMinor, 0);
        Range("otherMinor", content.OtherMinor, LargestMinor, 0);
        var bare = kind is FormKind.DriverHonorarium
            ? content with { Departure = null, ReturnDate = null, Return = null, Route = "", PassengerNames = "", ShortDays = 0, LongDays = 0, Nights = 0, TicketsMinor = 0, LodgingMinor = 0, OtherMinor = 0 }
            : content with { Pay = HonorariumPay.None, Hours = 0 };
        if (bare != content) faults.Add(new("kind", FormFaultKind.NotOfThisKind));
        return faults;

        void Text(string field, string text)
        {
            if (text.Length > LongestText) faults.Add(new(field, FormFaultKind.TooLong));
            else if (text.Any(char.IsControl)) faults.Add(new(field, FormFaultKind.NotPrintable));
        }

        void Range(string field, decimal number, decimal most, int decimals)
        {
            if (number < 0 || number > most || decimal.Round(number, decimals) != number) faults.Add(new(field, FormFaultKind.OutOfRange));
        }
    }

    /// <summary>What it takes to be submitted.</summary>
    /// <param name="receipts">How many receipts are with it.</param>
    /// <param name="today">In the organisation's time zone.</param>
    public static IReadOnlyList<FormFault> Check(FormKind kind, FormContent content, RateTable rates, int receipts, DateOnly today)
    {
        var faults = new List<FormFault>(CheckDraft(kind, content));
        if (faults.Count > 0) return faults;
        if (content.Date is not { } date) return [new("date", FormFaultKind.Missing)];
        if (date > today) faults.Add(new("date", FormFaultKind.InFuture));
        if (date < today.AddYears(-1)) faults.Add(new("date", FormFaultKind.TooOld));
        if (string.IsNullOrWhiteSpace(content.Reference)) faults.Add(new("reference", FormFaultKind.Missing));
        if (content is { Passengers: > 0, Kilometres: 0 }) faults.Add(new("passengers", FormFaultKind.NoKilometres));
        if (kind is FormKind.Travel) CheckJourney(content, date, receipts, today, faults);
        else if (content is { Pay: HonorariumPay.Hours, Hours: 0 }) faults.Add(new("hours", FormFaultKind.Missing));
        else if (content is { Pay: not HonorariumPay.Hours, Hours: > 0 }) faults.Add(new("hours", FormFaultKind.NotOfThisKind));
        var (lines, missing) = FormLines.Of(kind, content, rates);
        faults.AddRange(missing.Select(each => new FormFault(each.Field, FormFaultKind.NoRate, each.Rate)));
        if (lines.Count == 0 && missing.Count == 0) faults.Add(new("kilometres", FormFaultKind.NothingClaimed));
        return faults;
    }

    // What a travel claim has to say (Skatteetaten, Altinn's requirements of a "reiseregning"): when, why, where, and who came along.
    private static void CheckJourney(FormContent content, DateOnly date, int receipts, DateOnly today, List<FormFault> faults)
    {
        if (content.Departure is null) faults.Add(new("departure", FormFaultKind.Missing));
        if (content.Return is null) faults.Add(new("return", FormFaultKind.Missing));
        if (content.ReturnDate is not { } back) faults.Add(new("returnDate", FormFaultKind.Missing));
        else
        {
            if (back > today) faults.Add(new("returnDate", FormFaultKind.InFuture));
            if (back < date || (back == date && content.Return < content.Departure)) faults.Add(new("returnDate", FormFaultKind.BackBeforeStart));
            else if (content.Nights > back.DayNumber - date.DayNumber) faults.Add(new("nights", FormFaultKind.LongerThanJourney));
            else if (content.ShortDays + content.LongDays > back.DayNumber - date.DayNumber + 1) faults.Add(new("shortDays", FormFaultKind.LongerThanJourney));
        }
        if (content.Kilometres > 0 && string.IsNullOrWhiteSpace(content.Route)) faults.Add(new("route", FormFaultKind.Missing));
        if (content.Passengers > 0 != !string.IsNullOrWhiteSpace(content.PassengerNames)) faults.Add(new("passengerNames", FormFaultKind.PassengerNames));
        if (receipts == 0 && content.TicketsMinor + content.LodgingMinor + content.OtherMinor > 0) faults.Add(new("receipts", FormFaultKind.NoReceipt));
    }
}
