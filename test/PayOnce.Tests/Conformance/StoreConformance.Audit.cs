using PayOnce.Audit;
using PayOnce.Stores;
using PayOnce.Tests.Support;

namespace PayOnce.Tests.Conformance;

public abstract partial class StoreConformance
{
    [Theory, MemberData(nameof(WritingStepNames))]
    public async Task Every_step_that_changes_something_is_told_in_exactly_one_event(string name)
    {
        var step = WritingSteps[name];
        var act = await step.Prepare(this);
        var before = await AssertChainIsWholeAsync(Store, A.Org);
        var others = await DumpAsync(A.OtherOrg);

        await act(Cancel);

        var told = (await AssertChainIsWholeAsync(Store, A.Org)).Skip(before.Count).Select(audit => audit.Action).ToArray();
        Assert.Equal(step.Event is null ? [] : [step.Event], told);
        await AssertUnchangedAsync(others, A.OtherOrg);
    }

    [Fact]
    public async Task Asking_adds_no_event_and_changes_nothing()
    {
        var run = await LeaveInDoubtAsync(A.Records(3));
        await TakeInAsync(A.Records(2, "B-"));
        await TestRun.TakeAsync(Store);
        var before = await DumpAsync();

        foreach (var ask in Questions.Values) await ask(this, A.Org, run.RunId, "A-0001");

        await AssertUnchangedAsync(before);
    }

    [Fact]
    public void Every_method_of_the_contract_is_a_step_or_a_question_of_this_suite()
    {
        var methods = typeof(IStore).GetMethods().Concat(typeof(IAccessStore).GetMethods()).Concat(typeof(IClaimFormStore).GetMethods()).Where(method => !method.IsSpecialName).Select(method => method.Name);
        var known = WritingSteps.Keys.Select(name => name.Split(' ')[0]).Concat(Questions.Keys).Concat(InstallationQuestions).Append(nameof(IStore.MigrateAsync));
        Assert.Empty(methods.Except(known));
    }

    [Fact]
    public async Task The_trail_tells_who_did_what_to_what_and_when()
    {
        await TakeInAsync(A.Record("A-1"));
        await Database.LetTimePassAsync();
        var run = await TestRun.ExportEverythingAsync(Store);

        var events = await AssertChainIsWholeAsync(Store, A.Org);

        Assert.Equal(
            [AuditActions.OrganisationAdded, AuditActions.ClaimsTakenIn, AuditActions.RunStarted, AuditActions.BatchReserved, AuditActions.FileExported, AuditActions.RunFinished],
            events.Select(audit => audit.Action));
        Assert.Equal(["organisation", "claims", "run 1", "run 1", "run 1", "run 1"], events.Select(audit => audit.Subject));
        Assert.Equal(["set-up", "kari", "kari", "kari", "kari", "kari"], events.Select(audit => audit.Actor));
        Assert.Equal(events.Select(audit => audit.At).Order(), events.Select(audit => audit.At));
        Assert.All(events, audit => Assert.Equal((TimeSpan.Zero, 0L), (audit.At.Offset, audit.At.Ticks % 10)));
        Assert.InRange(events[2].At - events[1].At, TimeSpan.FromTicks(1), TimeSpan.FromMinutes(1));
        Assert.Equal((await RunAsync(run.RunId)).StartedAt, events[2].At);
    }

    [Fact]
    public async Task The_trail_can_be_read_from_any_event_on()
    {
        await ExportAsync(A.Records(3));
        var all = await AssertChainIsWholeAsync(Store, A.Org);
        for (var after = 0; after <= all.Count; after++)
        {
            var read = new List<AuditEvent>();
            await foreach (var audit in Store.ReadAuditAsync(A.Org, after, Cancel)) read.Add(audit);
            Assert.Equal(all.Skip(after), read);
        }
    }

    [Theory]
    [InlineData("UPDATE audit_events SET actor = 'somebody else'"), InlineData("DELETE FROM audit_events")]
    [InlineData("UPDATE attempts SET error = 'nothing happened'"), InlineData("DELETE FROM attempts")]
    public async Task What_was_told_can_neither_be_changed_nor_removed(string sql)
    {
        await ExportAsync(A.Records(3));
        var before = await DumpAsync();
        await Assert.ThrowsAnyAsync<Exception>(() => Database.ExecuteAsync(sql));
        await AssertUnchangedAsync(before);
    }

    [Theory]
    [InlineData("INSERT INTO marks (organisation_id, claim_id, generation, state, attempt, epoch, run_id, batch, export_key, changed_at) SELECT organisation_id, claim_id, generation, 'released', 0, 0, 0, 0, 'BBBBBBBBBBBBBBBB', changed_at FROM marks")]
    [InlineData("INSERT INTO marks (organisation_id, claim_id, generation, state, attempt, epoch, run_id, batch, export_key, changed_at) SELECT organisation_id, 'other', generation, 'released', 0, 0, 0, 0, export_key, changed_at FROM marks")]
    [InlineData("INSERT INTO marks (organisation_id, claim_id, generation, state, attempt, epoch, run_id, batch, export_key, changed_at) SELECT organisation_id, claim_id, 1, 'perhaps', 0, 0, 0, 0, 'BBBBBBBBBBBBBBBB', changed_at FROM marks")]
    public async Task The_guard_stands_in_the_database_itself(string sql)
    {
        await ExportAsync(A.Record("A-1"));
        var before = await DumpAsync();
        await Assert.ThrowsAnyAsync<Exception>(() => Database.ExecuteAsync(sql));
        await AssertUnchangedAsync(before);
    }

    [Theory]
    [InlineData("DELETE FROM pending WHERE claim_id = 'A-0002'")]
    [InlineData("UPDATE pending SET generation = 7 WHERE claim_id = 'A-0002'")]
    [InlineData("INSERT INTO pending (organisation_id, approved_at, claim_id, generation) SELECT organisation_id, approved_at, 'GHOST', 0 FROM claims WHERE claim_id = 'A-0002'")]
    public async Task A_work_list_that_differs_from_claims_and_marks_is_found(string sql)
    {
        await TakeInAsync(A.Records(3));
        Assert.Empty(await Store.CheckAsync(Cancel));
        await DamageAsync(sql);
        Assert.NotEmpty(await Store.CheckAsync(Cancel));
    }

    [Fact]
    public async Task Whatever_is_wrong_is_told_not_only_the_first_of_it()
    {
        await LeaveInDoubtAsync(A.Record("DOUBT"));
        var run = await SendingAsync(2, claimsPerBatch: 1, started: [1]);
        await DamageAsync("DELETE FROM pending; UPDATE runs SET in_doubt = 7 WHERE run_id = 1; UPDATE audit_heads SET sequence = 99 WHERE organisation_id = 'hlf'");
        await DamageAsync(FormattableString.Invariant($"UPDATE runs SET state = 'finished' WHERE run_id = {run.RunId}"));
        await Store.TakeInAsync(A.OtherOrg, [A.Record("X-1", organisationId: A.OtherOrg), A.Record("X-2", organisationId: A.OtherOrg)], "claims.json", "kari", Cancel);
        await DamageAsync("DELETE FROM pending");

        var wrong = await Store.CheckAsync(Cancel);

        foreach (var told in new[] { "X-1", "X-2", "still holds 2 reserved claims", "how try 1 ended is not told", "audit trail of hlf", "Run 1 of hlf counts" }) Assert.Single(wrong, sentence => sentence.Contains(told, StringComparison.Ordinal));
    }
}
