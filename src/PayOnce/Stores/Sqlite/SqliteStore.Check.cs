using System.Security.Cryptography;
using PayOnce.Runs;

namespace PayOnce.Stores.Sqlite;

public sealed partial class SqliteStore
{
    /// <summary>What may not be missing, with how the schema says it: the guard's keys and what keeps the registers append-only.</summary>
    private static readonly (string Name, string Text)[] Required =
    [
        ("marks", "primary key (organisation_id, claim_id, generation)"),
        ("marks", "unique (organisation_id, export_key)"),
        ("claims", "unique (organisation_id, export_key)"),
        ("attempts_are_not_changed", "raise(abort"),
        ("attempts_are_not_deleted", "raise(abort"),
        ("attempts_are_not_replaced", "raise(abort"),
        ("audit_events_are_not_changed", "raise(abort"),
        ("audit_events_are_not_deleted", "raise(abort"),
        ("audit_events_are_not_replaced", "raise(abort"),
        ("marks_are_not_deleted", "raise(abort"),
        ("erased_claims_stay", "raise(abort"),
    ];

    /// <inheritdoc/>
    public Task<IReadOnlyList<string>> CheckAsync(CancellationToken cancel) => ReadAsync<IReadOnlyList<string>>(db =>
    {
        var wrong = new List<string>();
        CheckStructure(db, wrong);
        foreach (var organisationId in db.All("select organisation_id from organisations order by organisation_id", row => row.Text(0)))
        {
            CheckWorkList(db, organisationId, wrong);
            CheckHead(db, organisationId, wrong);
            CheckCounters(db, organisationId, wrong);
            CheckEnds(db, organisationId, wrong);
            CheckErased(db, organisationId, wrong);
            CheckTotals(db, organisationId, wrong);
            foreach (var file in db.All($"select {SqliteColumns.File} from files where organisation_id = ?1 order by run_id", SqliteColumns.ReadFile, organisationId)) CheckFile(db, organisationId, file, wrong);
        }
        return wrong;
    }, cancel);

    private static void CheckStructure(SqliteSession db, List<string> wrong)
    {
        wrong.AddRange(db.All("pragma integrity_check(20)", row => row.Text(0)).Where(line => line != "ok").Select(line => $"The database file is damaged: {line}."));
        wrong.AddRange(db.All("pragma foreign_key_check", row => $"A row of {row.Text(0)} belongs to no row of {row.Text(2)}."));
        foreach (var (name, text) in Required)
        {
            if (!db.Any("select 1 from sqlite_master where name = ?1 and instr(sql, ?2) > 0", name, text)) wrong.Add($"The schema lacks \"{text}\" of {name}: claims are not safe.");
        }
    }

    private static void CheckWorkList(SqliteSession db, string organisationId, List<string> wrong)
    {
        wrong.AddRange(db.All($"""
            select c.claim_id from claims c {NewestMarkOfClaim}
            where c.organisation_id = ?1 and c.withdrawn_at is null and (m.state is null or m.state in ('released', 'rejected')) and not {IsWaiting} order by c.claim_id limit 20
            """, row => $"Claim {row.Text(0)} of {organisationId} may be exported, but does not wait: no run will take it.", organisationId));
        wrong.AddRange(db.All($"""
            select p.claim_id from pending p
            left join claims c on c.organisation_id = p.organisation_id and c.claim_id = p.claim_id and c.approved_at = p.approved_at
            {NewestMarkOfClaim}
            where p.organisation_id = ?1 and (c.claim_id is null or c.withdrawn_at is not null or m.state in ('reserved', 'exported', 'in_doubt') or p.generation <> coalesce(m.generation, 0)) order by p.claim_id limit 20
            """, row => $"Claim {row.Text(0)} of {organisationId} waits, but may not be exported; the guard will refuse it.", organisationId));
        wrong.AddRange(db.All($"""
            select c.claim_id from claims c {NewestMarkOfClaim}
            where c.organisation_id = ?1 and c.withdrawn_at is not null and m.state in ('reserved', 'exported', 'in_doubt') order by c.claim_id limit 20
            """, row => $"Claim {row.Text(0)} of {organisationId} is withdrawn, but a run has it.", organisationId));
    }

    private static void CheckHead(SqliteSession db, string organisationId, List<string> wrong)
    {
        var last = db.First("select sequence, hash from audit_events where organisation_id = ?1 order by sequence desc limit 1", row => new Audit.AuditHead(row.Long(0), row.Text(1)), organisationId);
        if (ReadHead(db, organisationId) != (last ?? Audit.AuditHead.Start)) wrong.Add($"The audit trail of {organisationId} does not end where its head says.");
    }

    private static void CheckCounters(SqliteSession db, string organisationId, List<string> wrong) => wrong.AddRange(db.All("""
        select r.run_id from runs r
        where r.organisation_id = ?1 and r.in_doubt <> (select count(*) from marks m where m.organisation_id = r.organisation_id and m.run_id = r.run_id and m.state = 'in_doubt') order by r.run_id
        """, row => FormattableString.Invariant($"Run {row.Long(0)} of {organisationId} counts other claims in doubt than it has."), organisationId));

    /// <summary>What a run left behind when it ended: nobody would ever look for it.</summary>
    private static void CheckEnds(SqliteSession db, string organisationId, List<string> wrong)
    {
        wrong.AddRange(db.All("""
            select r.run_id, count(*) from runs r cross join marks m on m.organisation_id = r.organisation_id and m.run_id = r.run_id and m.state = 'reserved'
            where r.organisation_id = ?1 and r.state <> 'running' group by r.run_id order by r.run_id
            """, row => FormattableString.Invariant($"Run {row.Long(0)} of {organisationId} has ended and still holds {row.Long(1)} reserved claims: no recovery will look for them."), organisationId));
        wrong.AddRange(db.All("""
            select a.batch, a.run_id, a.try from attempts a cross join runs r on r.organisation_id = a.organisation_id and r.run_id = a.run_id and r.state <> 'running'
            where a.organisation_id = ?1 and a.step = 'started' and not exists (
                select 1 from attempts e where e.organisation_id = a.organisation_id and e.run_id = a.run_id and e.batch = a.batch and e.try = a.try and e.step = 'finished')
            order by a.run_id, a.batch, a.try limit 20
            """, row => FormattableString.Invariant($"Batch {row.Long(0)} of run {row.Long(1)} of {organisationId} was sent, the run has ended, and how try {row.Long(2)} ended is not told."), organisationId));
    }

    /// <summary>Erasing a claim is for good: it has left or is withdrawn, and nothing of its content is back.</summary>
    private static void CheckErased(SqliteSession db, string organisationId, List<string> wrong) => wrong.AddRange(db.All($"""
        select c.claim_id from claims c {NewestMarkOfClaim}
        where c.organisation_id = ?1 and c.erased_at is not null and ((c.withdrawn_at is null and m.state is not 'exported') or c.claimant_name <> 'erased' or c.approved_by <> 'erased') order by c.claim_id limit 20
        """, row => $"Claim {row.Text(0)} of {organisationId} was erased, but is neither exported nor withdrawn, or names somebody.", organisationId));

    private static void CheckFile(SqliteSession db, string organisationId, RunFile file, List<string> wrong)
    {
        if (file.ErasedAt is not null)
        {
            if (db.Any("select 1 from batches where organisation_id = ?1 and run_id = ?2 and length(content) > 0", organisationId, file.RunId)) wrong.Add($"File {file.Name} of {organisationId} was erased, and some of its bytes are there.");
            return;
        }
        using var whole = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        whole.AppendData(file.Prologue.Span);
        long bytes = file.Prologue.Length + file.Epilogue.Length;
        var first = true;
        using var content = new MemoryStream();
        using (var rows = db.Query("select batch, sha256, claims, content from batches where organisation_id = ?1 and run_id = ?2 order by batch", organisationId, file.RunId))
        {
            while (rows.Next())
            {
                if (!TryUnpack(rows.Row.Span(3), content) || !string.Equals(Hash(content.GetBuffer().AsMemory(0, (int)content.Length)), rows.Row.Text(1), StringComparison.Ordinal))
                {
                    wrong.Add(FormattableString.Invariant($"Batch {rows.Row.Long(0)} of file {file.Name} of {organisationId} is damaged: its bytes do not have their checksum."));
                    return;
                }
                if (rows.Row.Long(2) == 0) continue;
                if (!first) whole.AppendData(file.Separator.Span);
                bytes += content.Length + (first ? 0 : file.Separator.Length);
                first = false;
                whole.AppendData(content.GetBuffer(), 0, (int)content.Length);
            }
        }
        whole.AppendData(file.Epilogue.Span);
        if (bytes != file.Bytes || !string.Equals(Convert.ToHexStringLower(whole.GetHashAndReset()), file.Sha256, StringComparison.Ordinal))
            wrong.Add($"File {file.Name} of {organisationId} is damaged: its pieces do not make up its checksum.");
    }

    private static bool TryUnpack(ReadOnlySpan<byte> stored, MemoryStream content)
    {
        try
        {
            Unpack(stored, content);
            return true;
        }
        catch (InvalidDataException)
        {
            return false;
        }
    }
}
