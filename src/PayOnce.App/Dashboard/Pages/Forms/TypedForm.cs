using System.Globalization;
using PayOnce.App.Dashboard.Parts;
using PayOnce.App.Forms;
using PayOnce.Claims.Forms;

namespace PayOnce.App.Dashboard.Pages.Forms;

/// <summary>A form's fields as they are typed, so that a form that was sent back shows them again.</summary>
internal sealed class TypedForm
{
    private static readonly string[] Honorarium = ["date", "reference", "pay", "hours", "kilometres", "passengers", "tollsMinor"];

    private static readonly string[] Travel =
    [
        "date", "departure", "returnDate", "return", "reference", "route", "kilometres", "passengers", "passengerNames", "shortDays", "longDays", "nights", "ticketsMinor", "lodgingMinor", "tollsMinor", "otherMinor",
    ];

    private readonly Dictionary<string, string> typed;

    private TypedForm(FormKind kind, Dictionary<string, string> typed)
    {
        Kind = kind;
        this.typed = typed;
    }

    public FormKind Kind { get; }

    public string this[string field] => typed.GetValueOrDefault(field, "");

    /// <summary>The fields of a kind, in their order on the page.</summary>
    public static IReadOnlyList<string> FieldsOf(FormKind kind) => kind is FormKind.DriverHonorarium ? Honorarium : Travel;

    public static TypedForm Of(FormKind kind, FormContent content, Words words)
    {
        string Decimal(decimal number) => number == 0 ? "" : words.Decimal(number);
        string Money(long minor) => minor == 0 ? "" : words.Amount(minor);
        static string Day(DateOnly? day) => day?.ToString("d.M.yyyy", CultureInfo.InvariantCulture) ?? "";
        static string Time(TimeOnly? time) => time?.ToString("HH:mm", CultureInfo.InvariantCulture) ?? "";
        return new(kind, new(StringComparer.Ordinal)
        {
            ["date"] = Day(content.Date), ["departure"] = Time(content.Departure), ["returnDate"] = Day(content.ReturnDate), ["return"] = Time(content.Return),
            ["reference"] = content.Reference, ["route"] = content.Route, ["passengerNames"] = content.PassengerNames, ["pay"] = content.Pay.ToString(),
            ["hours"] = Decimal(content.Hours), ["kilometres"] = Decimal(content.Kilometres), ["passengers"] = Decimal(content.Passengers),
            ["shortDays"] = Decimal(content.ShortDays), ["longDays"] = Decimal(content.LongDays), ["nights"] = Decimal(content.Nights),
            ["tollsMinor"] = Money(content.TollsMinor), ["ticketsMinor"] = Money(content.TicketsMinor), ["lodgingMinor"] = Money(content.LodgingMinor), ["otherMinor"] = Money(content.OtherMinor),
        });
    }

    public static TypedForm Read(FormKind kind, IFormCollection form) =>
        new(kind, FieldsOf(kind).ToDictionary(field => field, field => form[field].ToString().Trim() is var text && text.Length > 1000 ? text[..1000] : form[field].ToString().Trim(), StringComparer.Ordinal));

    /// <summary>What is meant, and what has to be corrected before it can be kept as a draft.</summary>
    public (FormContent Content, IReadOnlyList<FieldError> Errors) Read(Words words)
    {
        var errors = new List<FieldError>();
        var content = new FormContent
        {
            Date = Day("date"), Departure = Time("departure"), ReturnDate = Day("returnDate"), Return = Time("return"),
            Reference = this["reference"], Route = this["route"], PassengerNames = this["passengerNames"],
            Pay = Enum.TryParse<HonorariumPay>(this["pay"], out var pay) && Enum.IsDefined(pay) ? pay : HonorariumPay.None,
            Hours = Decimal("hours"), Kilometres = Decimal("kilometres"), Passengers = Whole("passengers"), ShortDays = Whole("shortDays"), LongDays = Whole("longDays"), Nights = Whole("nights"),
            TollsMinor = Minor("tollsMinor"), TicketsMinor = Minor("ticketsMinor"), LodgingMinor = Minor("lodgingMinor"), OtherMinor = Minor("otherMinor"),
        };
        foreach (var fault in FormRules.CheckDraft(Kind, content).Where(fault => !errors.Exists(error => error.Field == fault.Field))) errors.Add(new(fault.Field, words.FormFaultText(Kind, fault)));
        return (content, [.. errors.OrderBy(error => FieldsOf(Kind).ToList().IndexOf(error.Field))]);

        DateOnly? Day(string field)
        {
            var day = TypedDay.Read(this[field]);
            if (day.IsWrong) errors.Add(new(field, words.NoDate));
            return day.Day;
        }

        TimeOnly? Time(string field)
        {
            var text = this[field].Replace('.', ':');
            if (text.Length == 0) return null;
            if (TimeOnly.TryParseExact(text, ["H:mm", "HH:mm"], CultureInfo.InvariantCulture, DateTimeStyles.None, out var time)) return time;
            errors.Add(new(field, words.NotATime(words.FormLabel(Kind, field))));
            return null;
        }

        decimal Decimal(string field) => Number(field, FormDesk.ReadNumber(this[field]));

        int Whole(string field)
        {
            var number = Number(field, FormDesk.ReadNumber(this[field]));
            if (decimal.Truncate(number) == number) return (int)number;
            errors.Add(new(field, words.NotANumber(words.FormLabel(Kind, field))));
            return 0;
        }

        long Minor(string field) => (long)Number(field, FormDesk.ReadMinor(this[field]));

        decimal Number(string field, decimal? number)
        {
            if (this[field].Length == 0) return 0;
            if (number is { } known) return known;
            errors.Add(new(field, words.NotANumber(words.FormLabel(Kind, field))));
            return 0;
        }
    }
}
