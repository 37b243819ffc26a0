using PayOnce.Guard;
using PayOnce.Runs;
using PayOnce.Stores;

namespace PayOnce.Tests.Support;

/// <summary>A database as the first schema had it, with something in every table that later schemas touch.</summary>
public static class SchemaOne
{
    /// <summary>The script of an engine's first migration.</summary>
    /// <param name="engine"><c>Sqlite</c> or <c>Postgres</c>.</param>
    public static string Script(string engine)
    {
        using var text = new StreamReader(typeof(Run).Assembly.GetManifestResourceStream($"PayOnce.Stores.{engine}.Migrations.001_schema.sql")!);
        return text.ReadToEnd();
    }

    /// <summary>Two runs: one exported by file, one died and left a claim in doubt.</summary>
    /// <param name="time">A day of January 2026 as the engine writes times.</param>
    /// <param name="bytes">Some bytes as the engine writes them.</param>
    public static string Rows(Func<int, string> time, string bytes) =>
        $"""
        insert into organisations values ('hlf', 'HLF', 'Europe/Oslo', {time(1)});
        insert into run_leases (organisation_id, epoch, last_run_id, next_voucher) values ('hlf', 2, 2, 3);
        insert into audit_heads values ('hlf', 0, '0000000000000000000000000000000000000000000000000000000000000000');
        insert into claims values ('hlf', 'A-1', 'KEY1', 'k', 'Kari', 'travel', 'NOK', 100, {time(2)}, 'leder', '[]', {bytes}, {time(3)}), ('hlf', 'A-2', 'KEY2', 'k', 'Kari', 'travel', 'NOK', 200, {time(2)}, 'leder', '[]', {bytes}, {time(3)});
        insert into runs (organisation_id, run_id, "trigger", state, actor, holder, nonce, epoch, exporter, format, integration_version, candidates, reserved, exported, in_doubt, started_at, ended_at, failure, first_voucher)
        values ('hlf', 1, 'manual', 'finished', 'kari', 'node-1', 'n1', 1, 'generic', 'csv', 1, 1, 1, 1, 0, {time(4)}, {time(5)}, null, 1),
               ('hlf', 2, 'schedule', 'failed', 'schedule', 'node-2', 'n2', 2, 'generic', 'csv', 1, 1, 1, 0, 1, {time(6)}, {time(7)}, 'its process ended', 2);
        insert into marks (organisation_id, claim_id, generation, state, attempt, epoch, run_id, batch, export_key, evidence, reason, changed_at, in_doubt_since)
        values ('hlf', 'A-1', 0, 'exported', 1, 1, 1, 1, 'KEY1', 'in_file', null, {time(5)}, null), ('hlf', 'A-2', 0, 'in_doubt', 1, 2, 2, 1, 'KEY2', null, 'no answer', {time(7)}, {time(7)});
        insert into attempts (organisation_id, run_id, batch, try, step, epoch, outcome, at)
        values ('hlf', 1, 1, 1, 'reserved', 1, null, {time(4)}), ('hlf', 1, 1, 1, 'finished', 1, 'accepted', {time(5)}), ('hlf', 2, 1, 1, 'reserved', 2, null, {time(6)}),
               ('hlf', 2, 1, 1, 'started', 2, null, {time(6)}), ('hlf', 2, 1, 1, 'finished', 2, 'unknown', {time(7)});
        """;

    /// <summary>After the migration everything is as it was, and what is new can be done.</summary>
    public static async Task AssertKeptAsync(IStore store)
    {
        var cancel = TestContext.Current.CancellationToken;
        await store.MigrateAsync(cancel);

        Assert.Empty(await store.CheckAsync(cancel));
        var runs = await store.ListRunsAsync(A.Org, null, 10, cancel);
        Assert.Equal(
            [(2L, RunTrigger.Schedule, RunState.Failed, new RunCounters(1, 0, 1, 0, 0, 1, 0), A.Day(6), "its process ended"), (1L, RunTrigger.Manual, RunState.Finished, new RunCounters(1, 0, 1, 1, 0, 0, 0), A.Day(4), null)],
            runs.Select(run => (run.RunId, run.Trigger, run.State, run.Counters, run.StartedAt, run.Failure)));
        Assert.Equal(3, (await store.ListAttemptsAsync(A.Org, 2, cancel)).Count);
        Assert.Equal("A-1", Assert.Single(await store.ListRunMarksAsync(A.Org, 1, null, 10, cancel)).ClaimId);
        var doubt = Assert.Single((await store.ListDoubtfulClaimsAsync(A.Org, null, 10, cancel)).Claims);
        Assert.Equal(("A-2", A.Day(7), A.Day(6), null), (doubt.ClaimId, doubt.InDoubtSince, doubt.StartedAt, doubt.AbsentSince));

        var asking = await TestRun.TakeAsync(store, A.LeaseRequest(trigger: RunTrigger.Reconcile));
        Assert.Equal((3, 3, 3), (asking.RunId, asking.Lease.Epoch, asking.Lease.FirstVoucher));
        Assert.Equal(1, await store.SettleDoubtsAsync(asking.Lease, [new DoubtSettlement.Present(doubt, Evidence.Booked, "V-1")], cancel));
        Assert.Equal(RunState.Finished, (await store.FindRunAsync(A.Org, 2, cancel))!.State);
        await store.MigrateAsync(cancel);
    }
}
