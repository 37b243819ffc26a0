using PayOnce.Guard;
using PayOnce.Sources;
using PayOnce.Stores;
using PayOnce.Tests.Support;

namespace PayOnce.Tests.Sources;

/// <summary>Claims read from an organisation's own PostgreSQL, made with the statements of the documentation.</summary>
public sealed class SourceTests(PostgresCluster cluster)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task Claims_are_taken_in_once_however_often_they_are_read(string kind)
    {
        await using var scene = await SourceScene.MakeAsync(cluster, kind);
        await scene.ApproveAsync(250);
        await scene.SaveAsync();
        Assert.Empty(await scene.Source().TestAsync(A.Org, scene.Settings, Cancel));

        Assert.Equal((250, 250, 0), Counts(await scene.ReadAsync()));
        Assert.Equal((61, 0, 0), Counts(await scene.ReadAsync()));
        // Committed late, with a time before that of the last row.
        await scene.ApproveAsync(1, "LATE-", "2026-01-05 13:30Z");
        await scene.ApproveAsync(2, "NEW-", "2026-01-05 16:00Z");
        Assert.Equal((64, 3, 0), Counts(await scene.ReadAsync()));

        Assert.Equal(253, (await scene.WaitingAsync()).Count);
        var claim = (await scene.Store.FindClaimAsync(A.Org, "C-0001", Cancel))!.Claim!;
        Assert.Equal(("M1", "Kari Nordmann", 10_100, new DateTimeOffset(2026, 1, 5, 10, 1, 0, TimeSpan.Zero)), (claim.ClaimantId, claim.ClaimantName, claim.TotalMinor, claim.ApprovedAt));
        Assert.Empty(await scene.RefusedAsync());
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task Whoever_waits_for_another_reading_reads_what_came_while_that_went_on(string kind)
    {
        await using var scene = await SourceScene.MakeAsync(cluster, kind);
        await scene.ApproveAsync(2);
        await scene.SaveAsync();
        var other = (await scene.Store.TakeReadingAsync(A.Org, ClaimsSource.Hold, Cancel))!;

        Assert.IsType<SourceAnswer.Busy>(await scene.Source().ReadAsync(A.Org, Cancel));
        var waiting = scene.Source().ReadInTurnAsync(A.Org, Cancel);
        await scene.ApproveAsync(1, "NEW-");
        Assert.False(waiting.IsCompleted);
        Assert.True(await scene.Store.EndReadingAsync(other, failure: null, Cancel));

        Assert.Equal((3, 3, 0), Counts(Assert.IsType<SourceAnswer.Done>(await waiting).Report));
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task A_row_that_cannot_be_taken_in_is_listed_and_tried_again_until_it_can(string kind)
    {
        await using var scene = await SourceScene.MakeAsync(cluster, kind);
        await scene.ApproveAsync(150);
        await scene.TheirsAsync("update expense_claims set member_no = '' where id = 'C-0002'; update expense_claims set kind = 'No Such' where id = 'C-0149'");
        await scene.SaveAsync();

        Assert.Equal((150, 148, 0), Counts(await scene.ReadAsync()));
        Assert.Collection(
            await scene.RefusedAsync(),
            row => Assert.StartsWith("C-0002: claimant.id", row, StringComparison.Ordinal),
            row => Assert.StartsWith("C-0149: type \"No Such\": must be", row, StringComparison.Ordinal));

        // Long behind the overlap, and its time of approval does not change.
        await scene.TheirsAsync("update expense_claims set member_no = '4711' where id = 'C-0002'; delete from expense_lines where claim_id = 'C-0149'; delete from expense_claims where id = 'C-0149'");
        Assert.Equal(1, (await scene.ReadAsync()).Added);
        Assert.Empty(await scene.RefusedAsync());
        Assert.Contains("C-0002", await scene.WaitingAsync());
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task A_row_that_is_changed_after_its_export_is_refused_by_its_run_and_before_it_is_updated(string kind)
    {
        await using var scene = await SourceScene.MakeAsync(cluster, kind);
        await scene.ApproveAsync(1);
        await scene.SaveAsync();
        await scene.ReadAsync();
        var run = await TestRun.ExportEverythingAsync(scene.Store);
        await scene.ApproveAsync(1, "W-");
        await scene.ReadAsync();
        await scene.TheirsAsync("update expense_lines set amount = 999; update expense_claims set approved_at = '2026-02-01Z'");

        Assert.Equal((2, 0, 1), Counts(await scene.ReadAsync()));

        Assert.Equal([FormattableString.Invariant($"C-0001: has left in run {run.RunId} with other content; what has left cannot be changed")], await scene.RefusedAsync());
        Assert.Equal(99_900, (await scene.Store.FindClaimAsync(A.Org, "W-0001", Cancel))!.Claim!.TotalMinor);
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task What_is_withdrawn_there_is_withdrawn_here_and_what_a_person_withdrew_here_stays_so(string kind)
    {
        await using var scene = await SourceScene.MakeAsync(cluster, kind);
        await scene.ApproveAsync(4);
        await scene.SaveAsync();
        await scene.ReadAsync();
        await scene.Store.WithdrawAsync(A.Org, ["C-0001"], "by mistake", "kari", Cancel);
        await TestRun.ExportEverythingAsync(scene.Store, scope: new(ClaimId: "C-0004"));
        await scene.TheirsAsync("update expense_claims set withdrawn_at = now(), withdrawn_reason = 'no receipt' where id in ('C-0002', 'C-0004')");

        Assert.Equal(1, (await scene.ReadAsync()).Withdrawn);

        Assert.Equal(["C-0003"], await scene.WaitingAsync());
        Assert.Equal((ClaimsSource.Actor, "no receipt"), await WithdrawalAsync("C-0002"));
        Assert.Equal(("kari", "by mistake"), await WithdrawalAsync("C-0001"));
        Assert.Contains("C-0004: is withdrawn there, but run 1 has it (exported)", Assert.Single(await scene.RefusedAsync()), StringComparison.Ordinal);

        await scene.TheirsAsync("update expense_claims set withdrawn_at = null, approved_at = '2026-02-01Z' where id <> 'C-0004'");
        Assert.Equal(3, (await scene.ReadAsync()).Updated);
        Assert.Equal(["C-0001", "C-0002", "C-0003"], await scene.WaitingAsync());
        Assert.Empty(await scene.Store.CheckAsync(Cancel));

        async Task<(string?, string?)> WithdrawalAsync(string claimId) => (await scene.Store.FindClaimAsync(A.Org, claimId, Cancel))!.Withdrawal is { } withdrawal ? (withdrawal.By, withdrawal.Reason) : (null, null);
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task A_claim_that_the_view_returns_twice_waits_once_and_is_named_until_it_does_no_more(string kind)
    {
        await using var scene = await SourceScene.MakeAsync(cluster, kind);
        await scene.ApproveAsync(3);
        await scene.SaveAsync();
        // A join that finds two rows, the second of them with other content.
        await scene.TheirsAsync("alter view payonce_claims rename to plain; create view payonce_claims as select p.* from plain p union all select 'C-0002', p.claimant_id, p.claimant_name, 'outlay', p.currency, p.approved_at, p.approved_by, p.total_minor, p.lines, p.withdrawn_at, p.withdrawn_reason from plain p where p.claim_id = 'C-0002'; grant select on payonce_claims to public");

        for (var again = 0; again < 3; again++)
        {
            await scene.ReadAsync();
            Assert.Equal(["C-0001", "C-0002", "C-0003"], await scene.WaitingAsync());
            Assert.StartsWith("C-0002: ", Assert.Single(await scene.RefusedAsync()), StringComparison.Ordinal);
        }
        var run = await TestRun.ExportEverythingAsync(scene.Store);
        await scene.ReadAsync();
        Assert.Empty(await scene.WaitingAsync());
        Assert.All(["C-0001", "C-0002", "C-0003"], id => Assert.Equal(run.RunId, Assert.Single(scene.Store.FindClaimAsync(A.Org, id, Cancel).Result!.Marks).RunId));

        await scene.TheirsAsync("create or replace view payonce_claims as select p.* from plain p");
        await scene.ReadAsync();
        Assert.Empty(await scene.RefusedAsync());
    }

    [Fact]
    public async Task A_view_that_has_changed_is_not_read_and_the_column_is_named()
    {
        await using var scene = await SourceScene.MakeAsync(cluster, "sqlite");
        await scene.ApproveAsync(3);
        await scene.SaveAsync();
        await scene.TheirsAsync("alter table payonce_exports drop constraint payonce_exports_pkey");
        Assert.StartsWith("payonce_exports has no unique key on claim_id alone", Assert.Single(await scene.Source().TestAsync(A.Org, scene.Settings with { WriteBackTable = "payonce_exports" }, Cancel)), StringComparison.Ordinal);
        await scene.TheirsAsync("alter view payonce_claims rename column approved_by to approver");
        Assert.Equal("payonce_claims has no column approved_by; a column of type text is expected.", await scene.FailAsync());

        await scene.TheirsAsync("drop view payonce_claims; create view payonce_claims as select id as claim_id, approved_at::date as approved_at from expense_claims; grant select on payonce_claims to public");
        Assert.StartsWith("payonce_claims has no column claimant_id; a column of type text is expected.", await scene.FailAsync(), StringComparison.Ordinal);
        Assert.Contains("The column approved_at of payonce_claims is of type date; timestamptz is expected.", await scene.Source().TestAsync(A.Org, scene.Settings, Cancel));

        Assert.Equal(["There is no view or table nowhere, or it may not be read."], await scene.Source().TestAsync(A.Org, scene.Settings with { View = "nowhere" }, Cancel));
        Assert.Equal("There is no view or table expense_claims, or it may not be read.", (await scene.Source().TestAsync(A.Org, scene.Settings with { View = "expense_claims" }, Cancel))[0]);
        Assert.Empty(await scene.WaitingAsync());
    }

    [Fact]
    public async Task A_source_that_is_slow_down_closed_or_forbidden_says_so_and_what_was_read_stays_read()
    {
        await using var scene = await SourceScene.MakeAsync(cluster, "sqlite");
        await scene.ApproveAsync(3);
        await scene.SaveAsync(new SourceSettings { BatchSize = 100, StatementSeconds = 1 });
        await scene.ReadAsync();
        await scene.TheirsAsync("alter view payonce_claims rename to fast; create view payonce_claims as select f.* from fast f where pg_sleep(3) is not null; grant select on payonce_claims to public");
        Assert.StartsWith("A query took longer than 1 seconds.", await scene.FailAsync(), StringComparison.Ordinal);
        Assert.Equal(3, (await scene.WaitingAsync()).Count);
        Assert.NotNull((await scene.Store.FindSourceAsync(A.Org, Cancel))!.Last!.Failure);

        var connection = scene.Connection;
        scene.Connection = connection.Replace("replace-this", "wrong", StringComparison.Ordinal);
        Assert.Equal("The database does not let the user in.", await scene.FailAsync());
        scene.Connection = "postgres://a:b@127.0.0.1:9/claims";
        Assert.Equal("Nobody takes connections at the database's address.", await scene.FailAsync());
        scene.Connection = connection;
        Assert.Contains("which PayOnce does not connect to unless its operator allows it", Assert.IsType<SourceAnswer.Failed>(await scene.Source(loopback: false).ReadAsync(A.Org, Cancel)).Why, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Reading_cannot_write_whatever_the_view_does()
    {
        await using var scene = await SourceScene.MakeAsync(cluster, "sqlite");
        await scene.ApproveAsync(1);
        await scene.TheirsAsync(
            """
            create function spy() returns boolean language plpgsql security definer as $$ begin insert into payonce_exports values ('spy', 'x', 0, null, null); return true; end $$;
            alter view payonce_claims rename to plain; create view payonce_claims as select p.* from plain p where spy(); grant select on payonce_claims to public
            """);
        await scene.SaveAsync();
        Assert.Contains("read-only transaction", await scene.FailAsync(), StringComparison.Ordinal);
        Assert.Empty(await scene.ToldAsync());
    }

    [Theory]
    [InlineData("Host=a;Database=b;Username=c;Passfile=/etc/passwd")]
    [InlineData("Host=a;Database=b;Username=c;SSL Key=/etc/key")]
    [InlineData("Host=/var/run/postgresql;Database=b;Username=c")]
    [InlineData("Host=a,b;Database=b;Username=c")]
    [InlineData("postgres://c:d@a/b?options=-c%20x")]
    [InlineData("postgres://a/b")]
    [InlineData("nonsense")]
    public void A_connection_string_says_where_and_as_whom_and_nothing_else(string text)
    {
        var rule = ClaimsSource.WrongConnection(text);
        Assert.NotNull(rule);
        Assert.DoesNotContain("/etc/passwd", rule, StringComparison.Ordinal);
        Assert.Null(ClaimsSource.WrongConnection("postgres://reader:p%40ss@db.example.org:6543/postgres?sslmode=require"));
        Assert.Null(ClaimsSource.WrongConnection("Host=db.example.org;Database=claims;Username=reader;Password=x;SSL Mode=VerifyFull"));
    }

    [Theory]
    [InlineData("claims; drop table x")]
    [InlineData("a.b.c")]
    [InlineData("\"Claims\"")]
    [InlineData("")]
    public void A_name_that_would_have_to_be_quoted_is_refused(string name)
    {
        Assert.Equal("view", Assert.Single(new SourceSettings { View = name }.Check()).Field);
        Assert.Equal("writeBackTable", Assert.Single(new SourceSettings { WriteBackTable = name }.Check()).Field);
    }

    private static (long Read, long Added, long Updated) Counts(ReadingReport report) => (report.Read, report.Added, report.Updated);
}
