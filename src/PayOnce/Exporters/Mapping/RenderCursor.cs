using System.Globalization;
using System.Text;
using System.Text.Unicode;
using PayOnce.Exporters.Settings;
using PayOnce.Runs;

namespace PayOnce.Exporters.Mapping;

/// <summary>
/// Walks a batch's claims and their rows, and is asked for values. One for each call of a renderer: nothing in it is shared.
/// What it finds wrong with a claim is in <see cref="Problem"/>; the claim is then left out.
/// </summary>
internal sealed class RenderCursor(RunFacts facts)
{
    private byte[] scratch = new byte[512];
    private long quarterHour = long.MinValue;
    private TimeSpan offset;

    public RunFacts Facts => facts;

    public LineScanner Lines { get; } = new();

    /// <summary>Where templates put their parts together.</summary>
    public OutputBuffer Composed { get; } = new(512);

    /// <summary>Null only while a renderer is made and looks at what needs no claim.</summary>
    public ReservedClaim Claim { get; private set; } = null!;

    public long Voucher { get; private set; }

    public DateOnly PostingDate { get; private set; }

    /// <summary>Null where the settings give no days to pay.</summary>
    public DateOnly? DueDate => facts.Settings.Voucher.DueDays is { } days && PostingDate.DayNumber + days <= DateOnly.MaxValue.DayNumber ? PostingDate.AddDays(days) : null;

    /// <summary>In the organisation's time zone.</summary>
    public DateTime ApprovedLocal { get; private set; }

    /// <summary>The line's place, from 0; the number of lines in the balancing row.</summary>
    public int Row { get; private set; }

    public bool IsBalance => Row == Lines.Count;

    public ref readonly LineView Line => ref Lines[Row];

    /// <summary>The row's amount in minor units: the line's, or minus the total.</summary>
    public long Amount => IsBalance ? -Claim.Claim.TotalMinor : Line.AmountMinor;

    public Problem? Problem { get; private set; }

    /// <summary>Goes to a claim. False if it cannot be rendered.</summary>
    /// <exception cref="InvalidOperationException">Its lines do not sum to its total: intake and store are meant to make that impossible.</exception>
    public bool Begin(ReservedClaim claim, long voucher)
    {
        (Claim, Voucher, Problem, Row) = (claim, voucher, null, 0);
        Lines.Read(claim.Claim.Lines);
        Int128 sum = 0;
        for (var i = 0; i < Lines.Count; i++) sum += Lines[i].AmountMinor;
        if (sum != claim.Claim.TotalMinor) throw new InvalidOperationException($"Claim {claim.Claim.ClaimId} has lines that do not sum to its total: its voucher would not balance.");
        if (Lines.Count == 0) return Reject("lines", null, "must have at least one line");
        if (sum <= 0) return Reject("total", null, "must be more than zero: what is owed to the claimant is credited");
        if (sum > PayOnce.Claims.Claim.MaximumTotalMinor) return Reject("total", sum.ToString(CultureInfo.InvariantCulture), "is above 10 000 000 000.00, which no expense claim is");
        if (!facts.Currencies.Contains(claim.Claim.Currency))
            return Reject("currency", claim.Claim.Currency, $"cannot be booked: the integration books {string.Join(", ", facts.Settings.Currencies)}");
        ApprovedLocal = Local(claim.Claim.ApprovedAt);
        PostingDate = facts.Settings.Voucher.PostingDate switch
        {
            PostingDateRule.RunDate => facts.Context.RunDate,
            PostingDateRule.LastLine => LatestLine(),
            _ => DateOnly.FromDateTime(ApprovedLocal),
        };
        return true;
    }

    public void MoveTo(int row) => Row = row;

    /// <summary>Forgets a problem, for the next thing that is looked at without a claim.</summary>
    public void ClearProblem() => Problem = null;

    /// <summary>Notes why the claim cannot be rendered; the first reason stands. Always false.</summary>
    public bool Reject(string field, string? value, string rule)
    {
        Problem ??= new Problem(rule) { ClaimId = Claim?.Claim.ClaimId, Field = field, Value = value is null ? null : Problem.Printable(value) };
        return false;
    }

    public bool RejectLine(string field, ReadOnlySpan<byte> value, string rule) =>
        Reject($"lines[{Row.ToString(CultureInfo.InvariantCulture)}].{field}", Encoding.UTF8.GetString(value), rule);

    /// <summary>A claim's text as UTF-8; valid until the next one is asked for. Empty with a problem if it is not Unicode.</summary>
    public ReadOnlySpan<byte> Utf8(string text, string field)
    {
        var target = Scratch(3 * text.Length);
        if (System.Text.Unicode.Utf8.FromUtf16(text, target, out _, out var written, replaceInvalidSequences: false) == System.Buffers.OperationStatus.Done) return target[..written];
        Reject(field, text, "has half a surrogate pair, which is not Unicode text");
        return default;
    }

    /// <summary>Room to put a value together, valid until asked for again.</summary>
    public Span<byte> Scratch(int length)
    {
        if (scratch.Length < length) scratch = new byte[Math.Max(length, 2 * scratch.Length)];
        return scratch;
    }

    /// <summary>The debit account of the line, or the credited one in the balancing row.</summary>
    public ReadOnlySpan<byte> Account()
    {
        if (IsBalance) return facts.CreditAccount;
        if (!facts.HasAccounts) return default;
        var category = Lines.Text(Line.Category);
        if (facts.FindAccount(category, Claim.Claim.Type) is { } account) return account;
        RejectLine("category", category, $"has no account: neither the category nor the type \"{Problem.Printable(Claim.Claim.Type)}\" has one in the integration's accounts, and there is no default");
        return default;
    }

    /// <summary>The accounting system's value of a dimension in this row; empty if the line has none.</summary>
    public ReadOnlySpan<byte> Dimension(DimensionTable dimension)
    {
        if (IsBalance) return default;
        ref readonly var line = ref Line;
        for (var i = 0; i < line.Dimensions; i++)
        {
            var (name, value) = Lines.Dimension(line, i);
            if (!Lines.Text(name).SequenceEqual(dimension.Name)) continue;
            var text = Lines.Text(value);
            if (text.IsEmpty) return default;
            if (dimension.TryFind(text, out var target)) return target;
            RejectLine($"dimensions.{dimension.Settings.Name}", text, "has no value at the accounting system: it is not among the integration's values for this dimension");
            return default;
        }
        return default;
    }

    public DateOnly LineDate(int index) => Date(Lines.Text(Lines[index].Date));

    private DateOnly LatestLine()
    {
        var latest = LineDate(0);
        for (var i = 1; i < Lines.Count; i++)
        {
            var date = LineDate(i);
            if (date > latest) latest = date;
        }
        return latest;
    }

    // yyyy-MM-dd, as ClaimLines writes it.
    private static DateOnly Date(ReadOnlySpan<byte> text) =>
        text.Length == 10
            ? new DateOnly(Number(text[..4]), Number(text[5..7]), Number(text[8..]))
            : throw new InvalidDataException("The stored lines of a claim are not what PayOnce wrote.");

    private static int Number(ReadOnlySpan<byte> digits)
    {
        var number = 0;
        foreach (var digit in digits) number = 10 * number + digit - '0';
        return number;
    }

    // Zones change their offset on a quarter of an hour, and claims come in the order of their approval.
    private DateTime Local(DateTimeOffset moment)
    {
        var quarter = moment.UtcTicks / (15 * TimeSpan.TicksPerMinute);
        if (quarter != quarterHour) (quarterHour, offset) = (quarter, facts.Zone.GetUtcOffset(new DateTimeOffset(quarter * 15 * TimeSpan.TicksPerMinute, TimeSpan.Zero)));
        var ticks = moment.UtcTicks + offset.Ticks;
        return new DateTime(Math.Clamp(ticks, DateTime.MinValue.Ticks, DateTime.MaxValue.Ticks));
    }
}
