using PayOnce.Audit;
using PayOnce.Tests.Support;

namespace PayOnce.Tests.Stores;

/// <summary>What an auditor's verification finds in a trail that somebody changed who may change the file itself.</summary>
public sealed class SqliteAuditTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_event_that_was_changed_and_hashed_anew_does_not_fit_the_one_behind_it()
    {
        await using var database = new SqliteDatabase();
        await using var store = database.Open();
        await store.MigrateAsync(Cancel);
        await store.AddOrganisationAsync(A.Organisation(A.Org), "kari", Cancel);
        foreach (var exporter in new[] { "generic", "xledger" }) await store.SaveIntegrationAsync(A.Org, $$"""{"exporter":"{{exporter}}"}""", "kari", Cancel);
        var events = new List<AuditEvent>();
        await foreach (var each in store.ReadAuditAsync(A.Org, 0, Cancel)) events.Add(each);
        Assert.Empty((await AuditVerification.VerifyAsync(store, A.Org, Cancel)).Problems);

        var changed = events[1] with { Actor = "eve" };
        await database.ExecuteAsync($"drop trigger audit_events_are_not_changed; update audit_events set actor = 'eve', hash = '{changed.RecomputedHash()}' where organisation_id = '{A.Org}' and sequence = 2;");

        Assert.Equal(["Event 3 does not follow from event 2: one of them was changed, removed or inserted."], (await AuditVerification.VerifyAsync(store, A.Org, Cancel)).Problems);
    }
}
