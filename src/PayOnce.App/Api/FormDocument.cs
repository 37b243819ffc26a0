using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using PayOnce.App.Output;
using PayOnce.App.Server;
using PayOnce.Claims;
using PayOnce.Claims.Forms;
using PayOnce.Declarations;

namespace PayOnce.App.Api;

/// <summary>What a claimant fills in. What does not belong to the kind of form is left out.</summary>
/// <param name="Date">Of the assignment, or of the journey's beginning. It decides which rates hold.</param>
/// <param name="Departure">Travel: when the journey began, as HH:mm.</param>
/// <param name="ReturnDate">Travel: the day it ended.</param>
/// <param name="Return">Travel: when it ended, as HH:mm.</param>
/// <param name="Reference">Honorarium: route or assignment number, without names of people met. Travel: its purpose.</param>
/// <param name="Route">Travel: from where to where.</param>
/// <param name="PassengerNames">Travel: who came along, where passengers are claimed.</param>
/// <param name="Pay">Honorarium: <c>none</c>, <c>hours</c> or <c>fixed</c>.</param>
internal sealed record FormContentBody(
    DateOnly? Date = null, TimeOnly? Departure = null, DateOnly? ReturnDate = null, TimeOnly? Return = null, string Reference = "", string Route = "", string PassengerNames = "",
    HonorariumPay Pay = HonorariumPay.None, decimal Hours = 0, decimal Kilometres = 0, int Passengers = 0, int ShortDays = 0, int LongDays = 0, int Nights = 0,
    long TollsMinor = 0, long TicketsMinor = 0, long LodgingMinor = 0, long OtherMinor = 0)
{
    public FormContent Content() => new()
    {
        Date = Date, Departure = Departure, ReturnDate = ReturnDate, Return = Return, Reference = Reference.Trim(), Route = Route.Trim(), PassengerNames = PassengerNames.Trim(), Pay = Pay, Hours = Hours, Kilometres = Kilometres,
        Passengers = Passengers, ShortDays = ShortDays, LongDays = LongDays, Nights = Nights, TollsMinor = TollsMinor, TicketsMinor = TicketsMinor, LodgingMinor = LodgingMinor, OtherMinor = OtherMinor,
    };

    public static FormContentBody Of(FormContent of) => new(
        of.Date, of.Departure, of.ReturnDate, of.Return, of.Reference, of.Route, of.PassengerNames, of.Pay, of.Hours, of.Kilometres, of.Passengers, of.ShortDays, of.LongDays, of.Nights,
        of.TollsMinor, of.TicketsMinor, of.LodgingMinor, of.OtherMinor);
}

/// <summary>A receipt that is with a form.</summary>
/// <param name="Bytes">Its size.</param>
internal sealed record ReceiptDocument(int Number, string Name, string ContentType, long Bytes, string Sha256);

/// <summary>A line of the claim that comes of a form.</summary>
internal sealed record FormLineDocument(string Category, string Description, long AmountMinor, decimal? Quantity, string? Unit);

/// <summary>A claim while it is a form.</summary>
/// <param name="FormId">Also the id of the claim that comes of it.</param>
/// <param name="Kind"><c>driver-honorarium</c> or <c>travel</c>.</param>
/// <param name="State"><c>draft</c>, <c>submitted</c>, <c>sent_back</c>, <c>approved</c> or <c>discarded</c>.</param>
/// <param name="Revision">Goes with every change: a form that was changed since is not changed.</param>
/// <param name="Acknowledgement">An approved honorarium's: the number of what it rests on.</param>
/// <param name="Lines">What it comes to by the rates; null in lists.</param>
/// <param name="RatesVersion">By which rates the lines were computed; goes with the approval.</param>
/// <param name="Missing">Why an honorarium cannot be submitted or approved.</param>
/// <param name="Warnings">Limits of the year that the claimant comes to with it.</param>
internal sealed record FormDocument(
    string FormId, string Kind, string ClaimantId, string ClaimantName, string State, int Revision, FormContentBody Content, DateTimeOffset ChangedAt, DateTimeOffset? SubmittedAt, string? DecidedBy, DateTimeOffset? DecidedAt,
    string? Reason, long? Acknowledgement, IReadOnlyList<ReceiptDocument> Receipts, IReadOnlyList<FormLineDocument>? Lines = null, int? RatesVersion = null, AcknowledgementGap? Missing = null, IReadOnlyList<YearWarningDocument>? Warnings = null)
{
    public static FormDocument Of(ClaimForm form) => new(
        form.FormId, form.Kind.Text(), form.ClaimantId, form.ClaimantName, form.State.Text(), form.Revision, FormContentBody.Of(form.Content), form.ChangedAt, form.SubmittedAt, form.DecidedByName, form.DecidedAt, form.Reason,
        form.AcknowledgementNumber, [.. form.Receipts.Select(each => new ReceiptDocument(each.Number, each.Name, each.Type.ContentType(), each.Bytes, each.Sha256))]);

    public static IReadOnlyList<FormLineDocument> LinesOf(IReadOnlyList<ClaimLine> lines) => [.. lines.Select(line => new FormLineDocument(line.Category, line.Description, line.AmountMinor, line.Quantity, line.Unit))];
}

/// <summary>A claimant is beyond a limit of the calendar year. It blocks nothing.</summary>
/// <param name="What"><c>honorarium</c> or <c>expenses</c>.</param>
internal sealed record YearWarningDocument(string ClaimantId, int Year, string What, long TotalMinor, long LimitMinor)
{
    public static YearWarningDocument Of(YearWarning of) => new(of.ClaimantId, of.Year, of.IsHonorarium ? "honorarium" : "expenses", of.TotalMinor, of.LimitMinor);
}

/// <summary>What became of a form, as an answer.</summary>
internal static class FormAnswers
{
    public static Results<Ok<FormDocument>, ProblemHttpResult> Of(FormAnswer answer) => answer switch
    {
        FormAnswer.Done done => TypedResults.Ok(FormDocument.Of(done.Now)),
        FormAnswer.NotFound => Problems.NotFound.Because(),
        FormAnswer.Changed changed => Problems.ChangedMeanwhile.Because(string.Create(CultureInfo.InvariantCulture, $"The claim is {changed.Now.State.Text()} and of revision {changed.Now.Revision}.")),
        FormAnswer.OwnClaim => Problems.NotPossible.Because("Nobody decides about their own claim, or one that they filled in."),
        FormAnswer.NotAcknowledged missing => Problems.NotPossible.Because($"It {missing.Gap.Rule()}."),
        FormAnswer.RatesChanged rates => Problems.ChangedMeanwhile.Because(string.Create(CultureInfo.InvariantCulture, $"The rates are of version {rates.Version} now. Look at the sum again.")),
        FormAnswer.ClaimExists => Problems.Taken.Because("A claim of this id was taken in from elsewhere."),
        FormAnswer.TooManyReceipts => Problems.NotPossible.Because(string.Create(CultureInfo.InvariantCulture, $"It has {NewReceipt.MostReceipts} receipts already.")),
        _ => throw new InvalidOperationException("Unknown answer about a form."),
    };

    public static ProblemHttpResult Of(IReadOnlyList<FormFault> faults) => Problems.BadInput.Because("The form is not whole.", [.. faults.Select(fault => new Fault(fault.Field, null, Rule(fault), Fault.Body))]);

    public static ProblemHttpResult Off(FormKind kind) => Problems.NotPossible.Because($"The flag {kind.Flag()} is not switched on for the organisation.");

    private static string Rule(FormFault fault) => fault.Kind switch
    {
        FormFaultKind.Missing => "must be filled in",
        FormFaultKind.TooLong => string.Create(CultureInfo.InvariantCulture, $"must have at most {FormRules.LongestText} characters"),
        FormFaultKind.NotPrintable => "must hold no control characters",
        FormFaultKind.OutOfRange => "must not be negative, too large or have too many decimals",
        FormFaultKind.InFuture => "must not be after today",
        FormFaultKind.TooOld => "must not be more than a year ago",
        FormFaultKind.BackBeforeStart => "must not be before the departure",
        FormFaultKind.LongerThanJourney => "must not be more than the journey has",
        FormFaultKind.NoKilometres => "must go with kilometres",
        FormFaultKind.PassengerNames => "must go with the number of passengers",
        FormFaultKind.NothingClaimed => "must claim something",
        FormFaultKind.NoRate => $"must have a rate: there is none for {fault.Rate!.Value.Text()} on that day",
        FormFaultKind.NoReceipt => "must be added for tickets, lodging and other outlays",
        FormFaultKind.NotOfThisKind => "must hold only what belongs to this kind of form",
        _ => throw new InvalidOperationException("A fault of a form that has no words."),
    };
}
