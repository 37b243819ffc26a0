using System.Text.Json;

namespace PayOnce.App.Output;

// What --json prints: one of these records, camelCase, amounts in minor units, times in UTC. docs/cli.md shows each of them, and
// a test reads its examples back into these types.

/// <summary>Wrong usage, unusable input, or a fault.</summary>
internal sealed record ErrorDocument(ErrorDetails Error);

/// <param name="Message">The sentence that also stands on standard error.</param>
internal sealed record ErrorDetails(string Message, int ExitCode, IReadOnlyList<ProblemDocument> Problems);

/// <summary>One thing that is wrong with something that came from outside.</summary>
/// <param name="Message">Everything below in one sentence.</param>
internal sealed record ProblemDocument(string Message, string Rule, string? File, long? Line, string? ClaimId, string? Field, string? Value)
{
    public static ProblemDocument Of(Problem problem) =>
        new(problem.ToString(), problem.Rule, problem.File, problem.Line, problem.ClaimId, problem.Field, problem.Value);
}

internal sealed record OrganisationDocument(string OrganisationId, string Name, string TimeZone)
{
    public static OrganisationDocument Of(Organisation organisation) => new(organisation.OrganisationId, organisation.Name, organisation.TimeZone);
}

/// <summary><c>organisations add</c></summary>
/// <param name="Added">False if the same organisation was there already.</param>
internal sealed record OrganisationAddedDocument(OrganisationDocument Organisation, bool Added);

/// <summary><c>organisations list</c></summary>
internal sealed record OrganisationsDocument(IReadOnlyList<OrganisationDocument> Organisations);

/// <summary><c>integrations set</c> and <c>integrations show</c></summary>
/// <param name="Changed">True if this command made the version.</param>
internal sealed record IntegrationDocument(string OrganisationId, int Version, bool Changed, JsonElement Settings);

/// <summary><c>integrations secret set</c></summary>
/// <param name="Replaced">True if there was one of this name before.</param>
internal sealed record SecretSetDocument(string OrganisationId, string Name, bool Replaced);

/// <summary><c>integrations secret list</c></summary>
internal sealed record SecretsDocument(string OrganisationId, IReadOnlyList<SecretDocument> Secrets);

/// <summary>A secret that is kept, without its value.</summary>
internal sealed record SecretDocument(string Name, DateTimeOffset SetAt, string SetBy);

/// <summary><c>integrations test</c></summary>
/// <param name="Connected">True if every check is well.</param>
internal sealed record ConnectionDocument(string OrganisationId, int Version, string Exporter, bool Connected, IReadOnlyList<CheckDocument> Checks);

/// <summary>A sum of one currency, in minor units.</summary>
internal sealed record AmountDocument(string Currency, long AmountMinor)
{
    public static AmountDocument[] Of(IReadOnlyList<Runs.ControlTotal> totals) => [.. totals.Select(t => new AmountDocument(t.Currency, t.AmountMinor))];
}

/// <summary><c>status</c>: the export status, and what waits.</summary>
/// <param name="IntegrationStatus"><c>not_set_up</c>, <c>ready</c>, <c>running</c> or <c>needs_attention</c>.</param>
/// <param name="RunId">The last run; null before the first.</param>
/// <param name="ExportedAt">When the last run ended.</param>
/// <param name="TotalClaims">Claims in the last run's scope.</param>
/// <param name="SuccessCount">Claims the last run exported.</param>
/// <param name="FailureCount">Claims the last run rejected or left in doubt.</param>
internal sealed record StatusDocument(
    string OrganisationId,
    string Name,
    string IntegrationStatus,
    long? RunId,
    DateTimeOffset? ExportedAt,
    long TotalClaims,
    long SuccessCount,
    long FailureCount,
    ClaimCountsDocument Claims,
    RunDocument? LastRun,
    RunningDocument? Running,
    IReadOnlyList<UnfetchedDocument> Unfetched,
    string Message);

/// <summary>Every claim of the organisation by where it is.</summary>
internal sealed record ClaimCountsDocument(long TakenIn, long Waiting, IReadOnlyList<AmountDocument> WaitingTotals, long Reserved, long Exported, long Rejected, long InDoubt, long Withdrawn);

/// <summary>A run that is going.</summary>
/// <param name="SecondsLeft">As told to people, rounded up; null while it cannot be told.</param>
internal sealed record RunningDocument(long RunId, string Actor, DateTimeOffset StartedAt, long Processed, long Total, long? SecondsLeft);

/// <summary>A file that nobody has fetched yet.</summary>
internal sealed record UnfetchedDocument(long RunId, string FileName, long Claims);

/// <summary><c>audit verify</c></summary>
internal sealed record AuditVerificationDocument(string OrganisationId, bool Whole, long Events, AuditHeadDocument Head, IReadOnlyList<string> Problems);

internal sealed record AuditHeadDocument(long Sequence, string Hash);

/// <summary><c>audit list</c></summary>
internal sealed record AuditDocument(string OrganisationId, IAsyncEnumerable<AuditEventDocument> Events);

internal sealed record AuditEventDocument(long Sequence, DateTimeOffset At, string Actor, string Action, string Subject, JsonElement Details, string PreviousHash, string Hash);

/// <summary><c>doctor</c></summary>
internal sealed record DoctorDocument(bool Healthy, IReadOnlyList<CheckDocument> Checks);

/// <param name="Result"><c>ok</c>, <c>warning</c> or <c>fault</c>.</param>
internal sealed record CheckDocument(string Check, string Result, string Message);

/// <summary><c>demo</c></summary>
internal sealed record DemoDocument(string Folder, IReadOnlyList<DemoStepDocument> Steps);

internal sealed record DemoStepDocument(string Title, IReadOnlyList<string> Lines);

/// <summary><c>sandbox</c></summary>
/// <param name="Address">Where the stand-in listens.</param>
internal sealed record SandboxDocument(string StandIn, string Address);

/// <summary>The server that listens until it is told to end.</summary>
/// <param name="FirstAdministrator">Where the first user is made; null once there is one.</param>
internal sealed record ServeDocument(IReadOnlyList<string> Addresses, string? FirstAdministrator);
