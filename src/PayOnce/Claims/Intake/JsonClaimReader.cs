using System.Text.Json;

namespace PayOnce.Claims.Intake;

/// <summary>
/// Reads claims from a JSON array or from JSON Lines. In JSON Lines a broken line costs that line; in an array nobody can say
/// where the next claim begins once the syntax is broken, so reading ends there.
/// </summary>
internal sealed class JsonClaimReader(string file, InputBuffer input, ClaimRules rules) : ClaimReader
{
    private readonly RecordProblems problems = new(file);
    private readonly JsonRecords records = new(input, new RecordProblems(file), "a claim");
    private JsonClaimFields? fields;

    public override long BytesRead => input.BytesRead;

    public override async ValueTask<ClaimReading> NextAsync(CancellationToken cancel)
    {
        return await records.NextAsync(cancel) switch
        {
            JsonRecord.End => ClaimReading.End,
            JsonRecord.Value => Read(),
            JsonRecord.Refused => ClaimReading.Refused(null, records.Line, records.Problem!),
            _ => ClaimReading.Unreadable(records.Problem!),
        };
    }

    private ClaimReading Read()
    {
        fields ??= new JsonClaimFields(input, problems, rules);
        problems.Clear();
        var line = records.Line;
        try
        {
            var json = new Utf8JsonReader(records.Current);
            var claim = fields.Read(ref json);
            json.Read();
            return claim is null
                ? ClaimReading.Refused(fields.ClaimId, line, problems.TakeProblems(fields.ClaimId))
                : ClaimReading.Whole(claim, line, problems.TakeWarnings(fields.ClaimId));
        }
        catch (JsonException e)
        {
            var (problem, ends) = records.Syntax(e, fields.ClaimId);
            return ends ? ClaimReading.Unreadable(problem) : ClaimReading.Refused(fields.ClaimId, line, problem);
        }
    }
}
