using PayOnce.Guard;

namespace PayOnce.App.Dashboard.Parts;

/// <summary>A reason that a person gives for what stays in the audit trail for ever: some text, and not without end.</summary>
internal static class ReasonText
{
    /// <summary>As it is kept: one line, without what no one can see.</summary>
    public static string Clean(string? typed) =>
        string.Join(' ', string.Concat((typed ?? "").Select(each => char.IsControl(each) ? ' ' : each)).Split(' ', StringSplitOptions.RemoveEmptyEntries));

    /// <summary>What is wrong with a cleaned reason; the guard asks the same.</summary>
    public static IReadOnlyList<FieldError> Errors(Words words, string field, string reason) => reason.Length switch
    {
        0 => [new FieldError(field, words.ReasonMissing)],
        > DoubleExportGuard.LongestReason => [new FieldError(field, words.TooLong(words.Reason, DoubleExportGuard.LongestReason))],
        _ => [],
    };
}
