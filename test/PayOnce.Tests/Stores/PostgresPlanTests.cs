using PayOnce.Guard;
using PayOnce.Runs;
using PayOnce.Stores;
using PayOnce.Tests.Support;

namespace PayOnce.Tests.Stores;

/// <summary>What the server does for the store's statements, where a wrong plan would cost minutes. Told by the server's own counters.</summary>
public sealed class PostgresPlanTests(PostgresCluster cluster) : PostgresStoreTests(cluster)
{
    [Fact]
    public async Task Confirming_a_run_updates_its_marks_in_place()
    {
        const int claims = 2_000;
        await Store.TakeInAsync(A.Org, A.Records(claims), "claims.json", "kari", Cancel);
        var run = await TestRun.TakeAsync(Store);
        await run.ReserveAllAsync(1_000);
        var before = await CountedAsync("n_tup_hot_upd", "marks");

        Assert.NotNull(await run.ConfirmAsync());

        Assert.Equal(claims, await Database.AskAsync<long>("select count(*) from payonce.marks where state = 'exported'"));
        Assert.InRange(await CountedAsync("n_tup_hot_upd", "marks") - before, claims * 95 / 100, claims);
    }

    /// <summary>The index over claims in doubt must not cost every other update its place on the page.</summary>
    [Fact]
    public async Task Settling_the_claims_of_an_API_updates_their_marks_in_place()
    {
        const int claims = 2_000;
        await Store.TakeInAsync(A.Org, A.Records(claims), "claims.json", "kari", Cancel);
        var run = await TestRun.TakeAsync(Store);
        await run.ReserveAsync(claims, claimsPerBatch: 100);
        var batches = run.Batches.Select(batch => batch.Batch).ToArray();
        await run.StartTriesAsync(batches);
        var before = await CountedAsync("n_tup_hot_upd", "marks");

        await run.EndTriesAsync([.. batches.Select(batch => run.Ended(batch, MarkState.Exported))]);

        Assert.Equal(claims, await Database.AskAsync<long>("select count(*) from payonce.marks where state = 'exported'"));
        // An acknowledgement makes the row longer, so that a few find no room on their page; with an index in the way it would be none.
        Assert.InRange(await CountedAsync("n_tup_hot_upd", "marks") - before, claims * 75 / 100, claims);
    }

    /// <summary>A hundred thousand exported claims, few of interest: whatever the server knows of the tables, no step reads them whole.</summary>
    [Theory, InlineData(false), InlineData(true)]
    public async Task Neither_sending_nor_reconciliation_reads_every_mark_or_claim(bool analysed)
    {
        await Store.TakeInAsync(A.Org, [.. A.Records(30), A.Record("BAD-1"), .. A.Records(20, "F-")], "claims.json", "kari", Cancel);
        await Database.ExecuteAsync(
            $"""
            insert into payonce.claims select 'hlf', 'M-' || n, 'MMMMMMMM' || n, 'k', 'Kari', 'travel', 'NOK', 100, now(), 'leder', '[]', '\x00', now() from generate_series(1, 100000) n;
            insert into payonce.marks (organisation_id, claim_id, generation, state, attempt, epoch, run_id, batch, export_key, evidence, changed_at)
            select 'hlf', 'M-' || n, 0, 'exported', 1, 1, 77, 1, 'MMMMMMMM' || n, 'booked', now() from generate_series(1, 100000) n;
            {(analysed ? "analyze payonce.marks, payonce.claims;" : "")}
            """);
        const string Reads = "select sum(seq_scan) from pg_stat_user_tables where schemaname = 'payonce' and relname in ('marks', 'claims')";
        var run = await TestRun.TakeAsync(Store);
        var reads = await Database.AskAsync<decimal>(Reads);

        await run.ReserveAsync(31, claimsPerBatch: 10);
        var batches = run.Batches.Select(batch => batch.Batch).ToArray();
        await run.StartTriesAsync(batches);
        await run.EndTriesAsync([.. batches.Select(batch => run.Ended(batch, batch == 1 ? MarkState.InDoubt : MarkState.Exported))]);
        for (var ask = 0; ask < 3; ask++)
        {
            var doubts = (await Store.ListDoubtfulClaimsAsync(A.Org, null, 100, Cancel)).Claims;
            await Store.SettleDoubtsAsync(run.Lease, [.. doubts.Take(2).Select(doubt => new DoubtSettlement.Present(doubt, Evidence.Received, "ACK")), .. doubts.Skip(2).Select(doubt => new DoubtSettlement.Absent(doubt))], Cancel);
            Assert.Equal(1_000, (await Store.ListExportedClaimsAsync(A.Org, belowBooked: false, null, 1_000, Cancel)).Count);
            Assert.NotEmpty(await Store.ListExportedClaimsAsync(A.Org, belowBooked: true, new ExportedCursor("A-0001", 0), 1_000, Cancel));
            Assert.Equal(2, (await Store.FindKeysAsync(A.Org, ["MMMMMMMM77", ExportKey.Derive(A.Org, "F-0001", 0)], Cancel)).Count);
            Assert.Equal(500, (await Store.ListRestoreCandidatesAsync(A.Org, "M-5", 500, Cancel)).Candidates.Count);
        }
        Assert.Equal(1, await Store.RaiseEvidenceAsync(run.Lease, [new EvidenceRise("A-0002", 0, Evidence.Booked, "V-1")], Cancel));
        Assert.Equal(1, await Store.AdoptFoundAsync(run.Lease, [A.Found("F-0020")], Cancel));

        // The store's connections tell what they counted when they close, at the latest.
        await Store.DisposeAsync();
        await UntilAsync(async () => await Database.AskAsync<long>("select idx_scan from pg_stat_user_indexes where indexrelname = 'marks_in_doubt'") >= 3);
        Assert.Equal(reads, await Database.AskAsync<decimal>(Reads));
    }

    /// <summary>
    /// Row-level security keeps jsonb's @> from every index, and a thousand attempts of three claims are quicker read whole
    /// than looked up: only the function's way leads to the index.
    /// </summary>
    [Fact]
    public async Task The_question_which_attempts_held_a_claim_uses_the_register_index_as_the_store_asks_it()
    {
        await ExportAsync(3);
        await Database.ExecuteAsync(
            """
            insert into payonce.attempts (organisation_id, run_id, batch, try, step, epoch, claim_ids, at)
            select 'hlf', 100 + n, 1, 1, 'reserved', 1, jsonb_build_array('X-' || n, 'Y-' || n, 'Z-' || n), now() from generate_series(1, 1000) n;
            analyze payonce.attempts;
            """);
        const string Scans = "select idx_scan from pg_stat_user_indexes where indexrelname = 'attempts_by_claim'";
        const string Reads = "select seq_scan from pg_stat_user_tables where relname = 'attempts'";
        var (scans, reads) = (await Database.AskAsync<long>(Scans), await Database.AskAsync<long>(Reads));

        for (var ask = 0; ask < 5; ask++)
        {
            var history = await Store.FindClaimAsync(A.Org, "A-0002", Cancel);
            Assert.Equal([AttemptStep.Reserved, AttemptStep.Finished], history!.Attempts.Select(attempt => attempt.Step));
        }

        // The store's connection tells what it counted when it closes, at the latest.
        await Store.DisposeAsync();
        await UntilAsync(async () => await Database.AskAsync<long>(Scans) >= scans + 5);
        Assert.Equal(reads, await Database.AskAsync<long>(Reads));
    }

    [Fact]
    public async Task The_first_run_leaves_the_server_knowing_what_the_tables_hold()
    {
        Assert.Equal(-1, await Database.AskAsync<float>("select max(reltuples) from pg_class where oid in ('payonce.marks'::regclass, 'payonce.claims'::regclass)"));

        await ExportAsync(500);

        Assert.Equal(500, await Database.AskAsync<float>("select reltuples from pg_class where oid = 'payonce.claims'::regclass"));
        Assert.True(await Database.AskAsync<float>("select reltuples from pg_class where oid = 'payonce.marks'::regclass") > 0);
        Assert.True(await Database.AskAsync<long>("select count(*) from pg_stats where schemaname = 'payonce' and tablename = 'marks' and attname = 'claim_id'") > 0);
    }

    /// <summary>The texts of the states and their CHECK constraints say the same.</summary>
    [Fact]
    public async Task Every_state_the_program_knows_is_a_state_the_database_takes_and_no_other()
    {
        await AssertWordsAsync("marks", "state", Enum.GetValues<MarkState>().Select(state => state.Text()));
        await AssertWordsAsync("marks", "evidence", Enum.GetValues<Evidence>().Select(evidence => evidence.Text()));
        await AssertWordsAsync("runs", "state", Enum.GetValues<RunState>().Select(state => state.Text()));
        await AssertWordsAsync("runs", "trigger", Enum.GetValues<RunTrigger>().Select(trigger => trigger.Text()));
        await AssertWordsAsync("attempts", "step", Enum.GetValues<AttemptStep>().Select(step => step.Text()));
        await AssertWordsAsync("attempts", "outcome", Enum.GetValues<AttemptOutcome>().Select(outcome => outcome.Text()));
        await AssertWordsAsync("files", "state", Enum.GetValues<RunFileState>().Select(state => state.Text()));
    }

    private async Task AssertWordsAsync(string table, string column, IEnumerable<string> words)
    {
        var allowed = await Database.AskAsync<string>(
            $"""
            select string_agg(w[1], ',' order by w[1] collate "C")
            from pg_constraint c join pg_attribute a on a.attrelid = c.conrelid and c.conkey = array[a.attnum], regexp_matches(pg_get_constraintdef(c.oid), '''([a-z_-]+)''', 'g') w
            where c.contype = 'c' and c.conrelid = 'payonce.{table}'::regclass and a.attname = '{column}'
            """);
        Assert.Equal(words.Order(StringComparer.Ordinal), allowed!.Split(','));
    }

    private async Task<long> CountedAsync(string counter, string table)
    {
        long last = -1;
        // Counters arrive some time after the commit: wait until they stand still.
        await UntilAsync(async () => last == (last = await Database.AskAsync<long>($"select {counter} from pg_stat_user_tables where relname = '{table}'")));
        return last;
    }

    private static async Task UntilAsync(Func<Task<bool>> condition)
    {
        var deadline = TimeProvider.System.GetTimestamp();
        while (!await condition())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(deadline) < TimeSpan.FromSeconds(30), "It did not come to be within 30 seconds.");
            await Task.Delay(1_100, Cancel);
        }
    }
}
