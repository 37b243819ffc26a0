using System.Buffers.Text;
using System.Text;
using PayOnce.Runs;

namespace PayOnce.Exporters.Mapping;

/// <summary>Where a cell's value comes from, compiled. Reads UTF-8 from the cursor; a problem is left with the cursor.</summary>
internal abstract class Source(FieldKind kind, FieldScope scope)
{
    /// <summary>How a claim's stored lines have their dates: what asks for this is copied.</summary>
    private const string StoredDate = "yyyy-MM-dd";

    public FieldKind Kind { get; } = kind;

    public FieldScope Scope { get; } = scope;

    /// <summary>Valid until the cursor is asked for another value.</summary>
    public abstract ReadOnlySpan<byte> Read(RenderCursor cursor);

    /// <summary>The source of a column whose settings are in order.</summary>
    /// <param name="balance">For the balancing row, where what belongs to a line is empty; else for a line's.</param>
    public static Source Compile(ColumnSource source, ColumnMapping mapping, RunFacts facts, bool balance) => source switch
    {
        { Constant: { } constant } => new Constant(Encoding.UTF8.GetBytes(constant)),
        { Template: { } template } => Template.Compile(template, mapping, facts, balance),
        { Field: { } field } => Of(FieldCatalogue.Find(field)!, source.Format, mapping, facts, balance),
        _ => throw new ArgumentException("A column without a source was not refused.", nameof(source)),
    };

    /// <summary>The source of one field.</summary>
    public static Source Of(FieldInfo field, string? format, ColumnMapping mapping, RunFacts facts, bool balance)
    {
        var fieldFormat = FieldFormat.Parse(field.Kind, format, mapping.DateFormat, out var rule) ?? throw new ArgumentException(rule, nameof(format));
        var decimalSign = mapping.DecimalSign == DecimalSign.Comma ? (byte)',' : (byte)'.';
        return field.Name switch
        {
            "amount" when balance => new Amount(FieldScope.Claim, fieldFormat, decimalSign, Side.Both, cursor => cursor.Amount),
            "credit" when balance => new Amount(FieldScope.Claim, fieldFormat, decimalSign, Side.Credit, cursor => cursor.Amount),
            "lineNumber" when balance => new Number(FieldScope.Claim, fieldFormat, cursor => cursor.Row + 1),
            "account" when balance => new Constant(facts.CreditAccount),
            "subledger" when balance && facts.CreditsSupplier => new ClaimText(field with { Scope = FieldScope.Claim }, claim => claim.Claim.ClaimantId),
            _ when balance && field.Scope == FieldScope.Line => new Constant([]),
            "organisation" => new Constant(Encoding.UTF8.GetBytes(facts.Context.Organisation.OrganisationId)),
            "run" => new Number(FieldScope.Run, fieldFormat, cursor => cursor.Facts.Context.RunId),
            "runDate" => new Date(FieldScope.Run, fieldFormat, cursor => cursor.Facts.Context.RunDate.ToDateTime(default)),
            "claimId" => new ClaimText(field, claim => claim.Claim.ClaimId),
            "exportKey" => new ClaimText(field, claim => claim.ExportKey),
            "generation" => new Number(FieldScope.Claim, fieldFormat, cursor => cursor.Claim.Generation),
            "claimantId" => new ClaimText(field, claim => claim.Claim.ClaimantId),
            "claimantName" => new ClaimText(field, claim => claim.Claim.ClaimantName),
            "type" => new ClaimText(field, claim => claim.Claim.Type),
            "currency" => new ClaimText(field, claim => claim.Claim.Currency),
            "foreignCurrency" => new ClaimText(field, claim => claim.Claim.Currency == facts.Settings.LocalCurrency ? "" : claim.Claim.Currency),
            "approvedAt" => new Date(FieldScope.Claim, fieldFormat, fieldFormat.Date!.Utc ? cursor => cursor.Claim.Claim.ApprovedAt.UtcDateTime : cursor => cursor.ApprovedLocal),
            "approvedBy" => new ClaimText(field, claim => claim.Claim.ApprovedBy),
            "total" => new Amount(FieldScope.Claim, fieldFormat, decimalSign, Side.Both, cursor => cursor.Claim.Claim.TotalMinor),
            "voucherNumber" => new Number(FieldScope.Claim, fieldFormat, cursor => cursor.Voucher),
            "postingDate" => new Date(FieldScope.Claim, fieldFormat, cursor => cursor.PostingDate.ToDateTime(default)),
            "dueDate" => new Date(FieldScope.Claim, fieldFormat, cursor => cursor.DueDate?.ToDateTime(default)),
            "fiscalYear" => new Number(FieldScope.Claim, fieldFormat, cursor => cursor.PostingDate.Year),
            "period" => new Number(FieldScope.Claim, fieldFormat, cursor => cursor.PostingDate.Month),
            "lineNumber" => new Number(FieldScope.Line, fieldFormat, cursor => cursor.Row + 1),
            "lineDate" => (format ?? mapping.DateFormat) == StoredDate
                ? new LineText(field, cursor => cursor.Line.Date)
                : new Date(FieldScope.Line, fieldFormat, cursor => cursor.LineDate(cursor.Row).ToDateTime(default)),
            "category" => new LineText(field, cursor => cursor.Line.Category),
            "description" => new LineText(field, cursor => cursor.Line.Description),
            "unit" => new LineText(field, cursor => cursor.Line.Unit),
            "quantity" => new Quantity(decimalSign),
            "amount" => new Amount(FieldScope.Line, fieldFormat, decimalSign, Side.Both, cursor => cursor.Line.AmountMinor),
            "debit" => new Amount(FieldScope.Line, fieldFormat, decimalSign, Side.Debit, cursor => cursor.Line.AmountMinor),
            "credit" => new Amount(FieldScope.Line, fieldFormat, decimalSign, Side.Credit, cursor => cursor.Line.AmountMinor),
            "account" => new Account(),
            "subledger" => new Constant([]),
            _ => new DimensionValue(facts.Dimensions[field.Name[FieldCatalogue.DimensionPrefix.Length..]]),
        };
    }

    public sealed class Constant(byte[] value) : Source(FieldKind.Text, FieldScope.Run)
    {
        public override ReadOnlySpan<byte> Read(RenderCursor cursor) => value;
    }

    private sealed class ClaimText(FieldInfo field, Func<ReservedClaim, string> read) : Source(field.Kind, FieldScope.Claim)
    {
        public override ReadOnlySpan<byte> Read(RenderCursor cursor) => cursor.Utf8(read(cursor.Claim), field.Name);
    }

    private sealed class LineText(FieldInfo field, Func<RenderCursor, Slice> read) : Source(field.Kind, FieldScope.Line)
    {
        public override ReadOnlySpan<byte> Read(RenderCursor cursor) => cursor.Lines.Text(read(cursor));
    }

    private sealed class Number(FieldScope scope, FieldFormat format, Func<RenderCursor, long> read) : Source(FieldKind.Integer, scope)
    {
        public override ReadOnlySpan<byte> Read(RenderCursor cursor)
        {
            var target = cursor.Scratch(24);
            Utf8Formatter.TryFormat(read(cursor), target, out var written, new System.Buffers.StandardFormat('D', (byte)format.Digits));
            return target[..written];
        }
    }

    private sealed class Date(FieldScope scope, FieldFormat format, Func<RenderCursor, DateTime?> read) : Source(FieldKind.Date, scope)
    {
        private readonly DatePattern pattern = format.Date!;
        private readonly int longest = format.Date!.Longest;

        public override ReadOnlySpan<byte> Read(RenderCursor cursor)
        {
            if (read(cursor) is not { } moment) return default;
            var target = cursor.Scratch(longest);
            return target[..pattern.Write(moment, target)];
        }
    }

    private enum Side
    {
        Both,

        /// <summary>Only what is above zero.</summary>
        Debit,

        /// <summary>Only what is below zero, without its sign.</summary>
        Credit,
    }

    private sealed class Amount(FieldScope scope, FieldFormat format, byte decimalSign, Side side, Func<RenderCursor, long> read) : Source(FieldKind.Amount, scope)
    {
        public override ReadOnlySpan<byte> Read(RenderCursor cursor)
        {
            var minor = read(cursor);
            if ((side == Side.Debit && minor < 0) || (side == Side.Credit && minor > 0)) return default;
            var target = cursor.Scratch(AmountFormats.Longest);
            return target[..AmountFormats.Write(AmountFormats.Magnitude(minor), minor < 0 && side == Side.Both, format.Amount, decimalSign, target)];
        }
    }

    private sealed class Quantity(byte decimalSign) : Source(FieldKind.Decimal, FieldScope.Line)
    {
        public override ReadOnlySpan<byte> Read(RenderCursor cursor)
        {
            var value = cursor.Lines.Text(cursor.Line.Quantity);
            if (decimalSign == (byte)'.') return value;
            var target = cursor.Scratch(value.Length)[..value.Length];
            value.Replace(target, (byte)'.', decimalSign);
            return target;
        }
    }

    private sealed class Account() : Source(FieldKind.Reference, FieldScope.Line)
    {
        public override ReadOnlySpan<byte> Read(RenderCursor cursor) => cursor.Account();
    }

    private sealed class DimensionValue(DimensionTable dimension) : Source(FieldKind.Reference, FieldScope.Line)
    {
        public override ReadOnlySpan<byte> Read(RenderCursor cursor) => cursor.Dimension(dimension);
    }
}
