using System.Runtime.InteropServices;
using System.Text.Json;

namespace PayOnce.Claims.Intake;

/// <summary>The fields of a claim and of its lines in JSON. Used again for each claim.</summary>
internal sealed class JsonClaimFields(InputBuffer input, RecordProblems problems, ClaimRules rules)
{
    private readonly JsonFields fields = new(input, problems);
    private readonly List<ClaimLine> lines = new(8);
    private readonly List<Dimension> dimensions = new(ClaimRules.MostDimensions);
    private Dimension[] sameAsBefore = [];

    /// <summary>As far as it is known: also of a claim that is refused.</summary>
    public string? ClaimId { get; private set; }

    /// <summary>Reads one value. The claim counts only if no problem was noted.</summary>
    public Claim? Read(ref Utf8JsonReader json)
    {
        ClaimId = null;
        fields.LineIndex = -1;
        fields.Parent = null;
        lines.Clear();
        json.Read();
        if (!fields.ExpectHere(ref json, "", JsonTokenType.StartObject)) return null;
        var line = fields.LineOf(ref json);
        Claimant? claimant = null;
        string? type = null, currency = null, approvedBy = null;
        DateTimeOffset? approvedAt = null;
        long? total = null;
        var totalLine = line;
        var seen = 0;
        while (fields.NextName(ref json))
        {
            if (json.ValueTextEquals("claimId"u8)) { if (!fields.IsDoubled(ref json, "claimId", ref seen, 1)) ClaimId = fields.Text(ref json, "claimId", rules.ClaimId); }
            else if (json.ValueTextEquals("claimant"u8)) { if (!fields.IsDoubled(ref json, "claimant", ref seen, 2)) claimant = ReadClaimant(ref json); }
            else if (json.ValueTextEquals("type"u8)) { if (!fields.IsDoubled(ref json, "type", ref seen, 4)) type = fields.Text(ref json, "type", rules.Type); }
            else if (json.ValueTextEquals("currency"u8)) { if (!fields.IsDoubled(ref json, "currency", ref seen, 8)) currency = fields.Text(ref json, "currency", rules.Currency); }
            else if (json.ValueTextEquals("approvedAt"u8)) { if (!fields.IsDoubled(ref json, "approvedAt", ref seen, 16)) approvedAt = fields.Time(ref json, "approvedAt", rules); }
            else if (json.ValueTextEquals("approvedBy"u8)) { if (!fields.IsDoubled(ref json, "approvedBy", ref seen, 32)) approvedBy = fields.Text(ref json, "approvedBy", rules.ApprovedBy); }
            else if (json.ValueTextEquals("lines"u8)) { if (!fields.IsDoubled(ref json, "lines", ref seen, 64)) ReadLines(ref json); }
            else if (json.ValueTextEquals("totalMinor"u8))
            {
                if (fields.IsDoubled(ref json, "totalMinor", ref seen, 128)) continue;
                totalLine = fields.LineOf(ref json);
                total = fields.Minor(ref json, "totalMinor");
            }
            else fields.Unknown(ref json, "a claim");
        }
        ReadOnlySpan<string> required = ["claimId", "claimant", "type", "currency", "approvedAt", "approvedBy", "lines"];
        for (var i = 0; i < required.Length; i++)
        {
            if ((seen & (1 << i)) == 0) fields.Missing(line, required[i]);
        }
        if (problems.Any) return null;
        if (ClaimRules.Sum(lines, out var sum) is { } broken) problems.Add(line, "lines", FormattableString.Invariant($"{sum}"), broken);
        else if (total is { } given && given != sum) problems.Add(totalLine, "totalMinor", FormattableString.Invariant($"{given}"), ClaimRules.NotTheSum(sum));
        return problems.Any ? null : new Claim(ClaimId!, claimant!, type!, currency!, approvedAt!.Value, approvedBy!, (long)sum, lines.ToArray());
    }

    private Claimant? ReadClaimant(ref Utf8JsonReader json)
    {
        if (!fields.Expect(ref json, "claimant", JsonTokenType.StartObject)) return null;
        var line = fields.LineOf(ref json);
        fields.Parent = "claimant";
        string? id = null, name = null;
        var seen = 0;
        while (fields.NextName(ref json))
        {
            if (json.ValueTextEquals("id"u8)) { if (!fields.IsDoubled(ref json, "id", ref seen, 1)) id = fields.Text(ref json, "id", rules.ClaimantId); }
            else if (json.ValueTextEquals("name"u8)) { if (!fields.IsDoubled(ref json, "name", ref seen, 2)) name = fields.Text(ref json, "name", rules.ClaimantName); }
            else fields.Unknown(ref json, "a claimant");
        }
        if ((seen & 1) == 0) fields.Missing(line, "id");
        if ((seen & 2) == 0) fields.Missing(line, "name");
        fields.Parent = null;
        return id is null || name is null ? null : new Claimant(id, name);
    }

    private void ReadLines(ref Utf8JsonReader json)
    {
        if (!fields.Expect(ref json, "lines", JsonTokenType.StartArray)) return;
        var line = fields.LineOf(ref json);
        var count = 0;
        while (json.Read() && json.TokenType != JsonTokenType.EndArray)
        {
            fields.LineIndex = count++;
            if (count > ClaimRules.MostLines) json.Skip();
            else if (fields.ExpectHere(ref json, "", JsonTokenType.StartObject)) ReadLine(ref json);
        }
        fields.LineIndex = -1;
        if (count is 0 or > ClaimRules.MostLines) problems.Add(line, "lines", FormattableString.Invariant($"{count}"), ClaimRules.LineCount);
    }

    private void ReadLine(ref Utf8JsonReader json)
    {
        var line = fields.LineOf(ref json);
        DateOnly? date = null;
        string? category = null, description = null, unit = null;
        long? amount = null;
        decimal? quantity = null;
        IReadOnlyList<Dimension> given = [];
        var seen = 0;
        while (fields.NextName(ref json))
        {
            if (json.ValueTextEquals("date"u8)) { if (!fields.IsDoubled(ref json, "date", ref seen, 1)) date = fields.Date(ref json, "date", rules); }
            else if (json.ValueTextEquals("category"u8)) { if (!fields.IsDoubled(ref json, "category", ref seen, 2)) category = fields.Text(ref json, "category", rules.Category); }
            else if (json.ValueTextEquals("description"u8)) { if (!fields.IsDoubled(ref json, "description", ref seen, 4)) description = fields.Text(ref json, "description", rules.Description); }
            else if (json.ValueTextEquals("amountMinor"u8)) { if (!fields.IsDoubled(ref json, "amountMinor", ref seen, 8)) amount = ReadAmount(ref json); }
            else if (json.ValueTextEquals("quantity"u8)) { if (!fields.IsDoubled(ref json, "quantity", ref seen, 16)) quantity = fields.Quantity(ref json, "quantity"); }
            else if (json.ValueTextEquals("unit"u8)) { if (!fields.IsDoubled(ref json, "unit", ref seen, 32)) unit = fields.Text(ref json, "unit", rules.Unit); }
            else if (json.ValueTextEquals("dimensions"u8)) { if (!fields.IsDoubled(ref json, "dimensions", ref seen, 64)) given = ReadDimensions(ref json); }
            else fields.Unknown(ref json, "a claim's line");
        }
        ReadOnlySpan<string> required = ["date", "category", "description", "amountMinor"];
        for (var i = 0; i < required.Length; i++)
        {
            if ((seen & (1 << i)) == 0) fields.Missing(line, required[i]);
        }
        if (!problems.Any) lines.Add(new ClaimLine(date!.Value, category!, description!, amount!.Value, quantity, unit, given));
    }

    private long? ReadAmount(ref Utf8JsonReader json)
    {
        var amount = fields.Minor(ref json, "amountMinor");
        if (amount == 0) fields.Refuse(ref json, "amountMinor", "0", ClaimRules.NotZero);
        return amount;
    }

    private Dimension[] ReadDimensions(ref Utf8JsonReader json)
    {
        if (!fields.Expect(ref json, "dimensions", JsonTokenType.StartObject)) return [];
        dimensions.Clear();
        var count = 0;
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            if (++count == ClaimRules.MostDimensions + 1) fields.Refuse(ref json, "dimensions", null, ClaimRules.DimensionCount);
            if (count > ClaimRules.MostDimensions) JsonFields.Skip(ref json);
            else ReadDimension(ref json);
        }
        dimensions.Sort(static (a, b) => string.CompareOrdinal(a.Name, b.Name));
        // Most lines carry the dimensions of the line before: one list serves them all.
        if (!CollectionsMarshal.AsSpan(dimensions).SequenceEqual(sameAsBefore)) sameAsBefore = dimensions.ToArray();
        return sameAsBefore;
    }

    private void ReadDimension(ref Utf8JsonReader json)
    {
        var name = "";
        if ((fields.TryUnescape(ref json, out var utf8) ? rules.DimensionName.Read(utf8, out name, out _) : JsonFields.HalfPair) is { } broken)
        {
            fields.Refuse(ref json, "dimensions", JsonFields.Loose(ref json), broken);
            JsonFields.Skip(ref json);
            return;
        }
        foreach (var earlier in dimensions)
        {
            if (!string.Equals(earlier.Name, name, StringComparison.Ordinal)) continue;
            fields.Parent = "dimensions";
            fields.Refuse(ref json, name, null, ClaimRules.Doubled);
            fields.Parent = null;
            JsonFields.Skip(ref json);
            return;
        }
        fields.Parent = "dimensions";
        var value = fields.Text(ref json, name, rules.DimensionValue);
        fields.Parent = null;
        dimensions.Add(new Dimension(name, value ?? ""));
    }
}
