using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Numerics;
using PayOnce.Guard;

namespace PayOnce.App;

/// <summary>Arguments and options that several commands have, and how what was typed is read.</summary>
internal static class Typed
{
    public static Argument<string> Organisation() => new("ORG") { Description = "The organisation's id" };

    public static Argument<string> Claim() => new("CLAIM") { Description = "The claim's id" };

    public static Argument<string> File(string description) => new("FILE") { Description = description + "; - for standard input" };

    public static Argument<long> Run() => new("RUN") { Description = "The run's number", CustomParser = result => Whole(result, 1, long.MaxValue) };

    public static Option<string> Reason(string description) => Text("--reason", "TEXT", description);

    /// <summary>A text that must be given. Whether it says anything is judged where it is kept.</summary>
    public static Option<string> Text(string name, string help, string description) =>
        new(name) { Description = description, HelpName = help, Required = true };

    /// <summary>Refuses a text that says nothing, or more than is kept.</summary>
    public static void NeedsWords(Option<string> option) => option.Validators.Add(result =>
    {
        var text = result.GetValueOrDefault<string>() ?? "";
        if (string.IsNullOrWhiteSpace(text) || text.Length > DoubleExportGuard.LongestReason || text.Any(char.IsControl))
            result.AddError($"{option.Name} must be 1 to {DoubleExportGuard.LongestReason} characters, none of them a control character.");
    });

    public static Option<DateOnly?> Date(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "yyyy-MM-dd",
        CustomParser = result =>
        {
            if (DateOnly.TryParseExact(result.Tokens[0].Value, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date)) return date;
            result.AddError($"{name} \"{Problem.Printable(result.Tokens[0].Value)}\" must be a date as yyyy-MM-dd.");
            return null;
        },
    };

    public static Option<int?> Limit(string description) => new("--limit")
    {
        Description = description,
        HelpName = "N",
        CustomParser = result => Whole(result, 1, int.MaxValue),
    };

    public static Option<int?> Generation() => new("--generation")
    {
        Description = "Only if this is still the newest exported generation, from 0: a script that repeats after a lost answer does not pay once more",
        HelpName = "N",
        CustomParser = result => Whole(result, 0, int.MaxValue),
    };

    /// <summary>A whole number within bounds, digits only.</summary>
    public static T Whole<T>(ArgumentResult result, T least, T most) where T : struct, INumber<T>
    {
        var text = result.Tokens[0].Value;
        if (T.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most) return number;
        var name = result.Parent is OptionResult option ? option.Option.Name : result.Argument.Name;
        result.AddError($"{name} \"{Problem.Printable(text)}\" must be a whole number from {least} to {most}.");
        return default;
    }
}
